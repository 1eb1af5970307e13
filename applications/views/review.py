"""The check before sending, and the one sending."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from applications.actions import correct_application, file_application
from applications.errors import AnswersChanged, AnswersIncomplete, OfferingClosed
from applications.forms import ReviewForm
from applications.formspec import FormSpec, Row
from applications.models import Draft
from applications.queries import review_digest, spec_of_draft
from applications.views.answers import answer_groups
from applications.views.progress import FROM_CHECK, address_of, steps_of
from applications.views.reach import (
    account,
    application_of,
    draft_of,
    for_applicants,
    identity_for,
    renew_key,
)
from applications.workflow import State
from foundation.views import see_other

STATUSES = {type(None): 200, AnswersChanged: 422, OfferingClosed: 409}


@for_applicants
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show all answers to be checked; on POST, send them, however often it comes."""
    draft = draft_of(request, pk)
    refusal: AnswersChanged | OfferingClosed | None = None
    if draft is not None and request.method == "POST":
        try:
            return _send(request, draft)
        except (AnswersChanged, OfferingClosed) as error:
            refusal = error
        except AnswersIncomplete:
            pass  # the page of the first gap says what is missing
        # As it is now: another tab may have changed or sent it in the meantime.
        draft = draft_of(request, pk)
    if draft is None:
        # Sent already, or a correction that was discarded in another tab.
        waits = application_of(request, pk).state == State.RETURNED
        page = "case" if waits or request.method != "POST" else "complete"
        return see_other(f"applications:{page}", pk)
    spec = spec_of_draft(draft)
    evaluation = spec.evaluate(draft.raw)
    if evaluation.errors:
        return _to_first_gap(draft, spec)
    form = ReviewForm(
        declaration=spec.declaration,
        digest=review_digest(draft, evaluation.answers),
        refusal=refusal,
    )
    context = {
        "draft": draft,
        "offering": draft.offering,
        "form": form,
        "can_send": draft.offering.is_open or draft.correction is not None,
        "answers": answer_groups(
            spec, evaluation.answers, change_url=_change_urls(draft, spec)
        ),
        "back_url": address_of(draft, spec.relevant_pages(draft.raw)[-1]),
        **steps_of(draft, spec, None),
    }
    status = STATUSES[type(refusal)]
    return render(request, "applications/check.html", context, status=status)


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    send = file_application if draft.correction is None else correct_application
    send(
        draft,
        by=account(request),
        identity=identity_for(request, draft),
        reviewed=request.POST.get("reviewed", ""),
    )
    onward = see_other("applications:complete", draft.pk)
    renew_key(request, onward, draft)
    return onward


def _to_first_gap(draft: Draft, spec: FormSpec) -> HttpResponse:
    gap = spec.first_incomplete_page(draft.raw)
    return see_other(address_of(draft, gap, query=FROM_CHECK))


def _change_urls(draft: Draft, spec: FormSpec) -> Callable[[Row], str]:
    """Return what leads from an answer to its page, if this draft asks for it."""
    urls = {
        field.key: address_of(draft, page, query=FROM_CHECK)
        for page in spec.pages
        for field in page.fields
    }
    return lambda row: urls.get(row.key, "")
