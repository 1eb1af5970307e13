"""One page of questions after the other; every answer is kept, right or wrong."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from applications.actions import discard_draft, save_page
from applications.errors import DraftGone
from applications.forms import PageForm, page_form
from applications.formspec import FormSpec
from applications.models import Draft
from applications.queries import spec_of_draft
from applications.views.progress import after, before, beginning_of, steps_of
from applications.views.reach import draft_of, for_applicants, renew_key, take_key
from foundation.views import see_other


@for_applicants
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    """Ask the questions of one page; on POST keep the answers and go on."""
    draft = draft_of(request, pk)
    if draft is None:
        return see_other("applications:case", pk)
    spec = spec_of_draft(draft)
    page = spec.page(slug)
    if page is None or page not in spec.relevant_pages(draft.raw):
        return see_other("applications:case", pk)
    from_check = request.GET.get("from") == "check"
    if request.method == "POST":
        form = page_form(spec, page, raw=draft.raw, data=request.POST)
        save_page(draft, form.typed())
        if form.is_valid():
            onward = see_other(after(draft, spec, page, from_check=from_check))
            renew_key(request, onward, draft)
            return onward
    else:
        form = page_form(spec, page, raw=draft.raw)
        if from_check:
            _point_out(form, spec, draft)
    context = {
        "draft": draft,
        "form": form,
        "page": page,
        "back_url": before(draft, spec, page, from_check=from_check),
        **steps_of(draft, spec, page),
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "applications/question.html", context, status=status)


def _point_out(form: PageForm, spec: FormSpec, draft: Draft) -> None:
    """Show beside the questions what keeps the draft from being sent."""
    for key, sentence in spec.evaluate(draft.raw).errors.items():
        if key in form.fields:
            form.errors[key] = form.error_class([sentence], renderer=form.renderer)


@for_applicants
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask whether the draft may go; on POST, remove it."""
    draft = draft_of(request, pk)
    if draft is None:
        return see_other("applications:case", pk)
    if request.method != "POST":
        return render(request, "applications/discard.html", {"draft": draft})
    try:
        discard_draft(draft)
    except DraftGone:  # to what was filed, if it was
        return see_other("applications:case", pk)
    onward = see_other(beginning_of(draft))
    if draft.correction is None:
        take_key(onward, pk)
    return onward
