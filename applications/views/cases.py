"""What was filed: confirmation, status, correction, withdrawal."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from applications import workflow
from applications.actions import start_correction, withdraw_application
from applications.forms import WithdrawForm
from applications.models import Application, Document
from applications.queries import (
    days_left,
    documents_of,
    goes_by_post,
    inquiry_code_of,
    latest_answers,
    open_corrections,
    spec_of,
    spec_of_draft,
    timeline,
    was_called_off,
)
from applications.views.answers import answer_groups
from applications.views.progress import address_of
from applications.views.reach import (
    account,
    application_of,
    begun,
    for_applicants,
    identity_for,
    take_key,
)
from applications.workflow import APPLICANT, State
from foundation.numbering import in_groups
from foundation.views import see_other

# How each state looks, and what the applicant may expect in it.
TONES = {
    State.FILED: "info",
    State.ACCEPTED: "progress",
    State.RETURNED: "attention",
    State.COMPLETED: "success",
    State.APPROVED: "success",
    State.REJECTED: "danger",
    State.WITHDRAWN: "neutral",
}
EXPECTATIONS = {
    State.FILED: "届きました。職員が受け付けるまで、しばらくお待ちください。",
    State.ACCEPTED: "職員が内容を確認しています。終わるまでお待ちください。",
    State.RETURNED: "直していただきたいところがあります。下をご覧ください。",
    State.COMPLETED: "手続が終わりました。このあと、していただくことはありません。",
    State.APPROVED: "許可・承認されました。くわしくは結果のお知らせをご覧ください。",
    State.REJECTED: (
        "許可・承認されませんでした。結果のお知らせに、理由と、不服があるときの手続があります。"
    ),
    State.WITHDRAWN: "取り下げました。必要なときは、はじめから入力してください。",
}


@for_applicants
@require_safe
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how the filing stands; of a draft, the page where it goes on."""
    draft = begun(request, pk)
    if draft is not None and draft.correction is None:
        incomplete = spec_of_draft(draft).first_incomplete_page(draft.raw)
        return redirect(address_of(draft, incomplete))
    application = application_of(request, pk)
    shared = _shared(application)
    context = {
        **shared,
        "answers": answer_groups(
            spec_of(application.revision_id), latest_answers(application)
        ),
        "timeline": timeline(application),
        "days_left": days_left(application),
        "correction": _correction(application),
        "begun": draft is not None,
        "by_post": goes_by_post(application),
        "notice": _notice(shared["documents"]),
        "may_withdraw": _may(application, "withdraw"),
    }
    return render(request, "applications/case.html", context)


@for_applicants
@require_safe
def complete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm the filing: its number first, then what comes next."""
    application = application_of(request, pk)
    if application.state != State.FILED and was_called_off(application):
        # The correction was sent too late: nothing has arrived.
        return see_other("applications:case", pk)
    context = _shared(application)
    return render(request, "applications/complete.html", context)


def _shared(application: Application) -> dict[str, Any]:
    state = State(application.state)
    return {
        "section": "mine" if application.person_id else "inquiry",
        "application": application,
        "procedure": application.offering.procedure,
        "office": application.department,
        "state": state.label,
        "tone": TONES[state],
        "expectation": EXPECTATIONS[state],
        "inquiry_code": in_groups(inquiry_code_of(application)),
        "documents": documents_of(application),
    }


def _notice(documents: list[Document]) -> Document | None:
    """Return 結果のお知らせ; a refusal's tells the reason and what one can do."""
    notices = (paper for paper in documents if paper.kind == Document.Kind.NOTICE)
    return next(notices, None)


def _correction(application: Application) -> dict[str, Any] | None:
    """Return what is to be corrected, while it is waited for."""
    correction = open_corrections(application).first()
    if correction is None:
        return None
    fields = spec_of(application.revision_id).fields
    return {
        "message": correction.message,
        "due_on": correction.due_on,
        "labels": [fields[key].noun for key in correction.field_keys],
    }


def _may(application: Application, event: str) -> bool:
    steps = workflow.possible(application.kind, State(application.state), [APPLICANT])
    return any(step.event == event for step in steps)


@for_applicants
@require_POST
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the copy in which the applicant corrects what was asked for."""
    draft = start_correction(application_of(request, pk))
    first, *_ = spec_of_draft(draft).pages
    return see_other(address_of(draft, first))


@for_applicants
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason; on POST, take the filing back."""
    application = application_of(request, pk)
    if not _may(application, "withdraw"):
        return see_other("applications:case", pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        who, identity = account(request), identity_for(request, application)
        withdraw_application(application, reason=reason, by=who, identity=identity)
        return see_other("applications:case", pk)
    context = {**_shared(application), "form": form}
    status = 422 if form.errors else 200
    return render(request, "applications/withdraw.html", context, status=status)


@for_applicants
@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let this browser see the filing no more: for devices that others use too."""
    application_of(request, pk)
    onward = see_other("applications:inquiry")
    take_key(onward, pk)
    return onward
