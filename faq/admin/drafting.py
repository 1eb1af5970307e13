"""Write an entry: one page, its duplicates shown before anything is saved."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from faq.actions.authoring import (
    add_alternatives,
    publish_revision,
    submit_revision,
    write_draft,
)
from faq.admin.forms import DraftForm
from faq.admin.permits import publishes, signed_in, writes
from faq.errors import AskedAlready
from faq.models import Desk, Entry, Language, Revision
from faq.queries.duplicates import Near, near_questions, same_questions
from faq.queries.entries import unfinished_of
from faq.safety import ADVICE, OfficialContact
from foundation.desk.steps import Step

SEE_OTHER, UNPROCESSABLE = 303, 422
TEMPLATE = "admin/faq/entry/draft.html"
DONE = {
    "save": "下書きを保存しました。",
    "submit": "保存し、確認を依頼しました。",
    "publish": "保存し、公開しました。数十秒で検索に出ます。",
}


def _new_form(request: HttpRequest, row: Any) -> DraftForm:
    del row
    return DraftForm(request)


def _next_form(request: HttpRequest, entry: Entry) -> DraftForm:
    last = unfinished_of(entry) or entry.live or entry.revisions.first()
    return DraftForm(request, entry=entry, last=last)


def _write(
    request: HttpRequest, entry: Entry | None, form: DraftForm
) -> HttpResponse | str:
    """Save, unless another entry asks the same; show the words instead, if asked."""
    desk: Desk = entry.desk if entry else form.cleaned_data["desk"]
    if "preview" in request.POST:
        context = {"preview": shown_to_residents(desk, form.words())}
        return _again(request, entry, form, context)
    near = _near(request, desk, entry, form)
    if near and not form.cleaned_data["confirmed"]:
        return _again(request, entry, form, {"near": near}, status=UNPROCESSABLE)
    by = signed_in(request)
    revision = write_draft(
        form.words(),
        desk=desk,
        entry=entry,
        code=form.cleaned_data.get("code", ""),
        over=form.replaced(),
        by=by,
    )
    if wordings := form.other_wordings():
        add_alternatives(revision.entry, wordings, by=by)
    done = "save"
    if "submit" in request.POST:
        done = "submit"
        submit_revision(revision, by=by)
    elif "publish" in request.POST:
        done = "publish"
        publish_revision(revision, by=by)
    messages.success(request, DONE[done])
    page = admin.site.get_model_admin(Entry)
    url = page.row_url(request, revision.entry)  # type: ignore[attr-defined]
    return HttpResponseRedirect(url, status=SEE_OTHER)


def _near(
    request: HttpRequest, desk: Desk, entry: Entry | None, form: DraftForm
) -> list[Near]:
    """Return what asks nearly the same, of a question that is new.

    Raises:
        AskedAlready: an entry asks just the same.
    """
    question = form.cleaned_data["question"]
    last = (unfinished_of(entry) or entry.live) if entry else None
    if last is not None and last.question == question:
        return []
    if same := same_questions(desk.organization_id, [question], but=entry):
        message = (
            f"同じ質問の項目「{same[0].code}」（{same[0].desk}）が、すでにあります。"
            "その項目を直すか、質問を言い分けてください。"
        )
        raise AskedAlready(message)
    return near_questions(desk, question, by=request.user, but=entry)


def _again(
    request: HttpRequest,
    entry: Entry | None,
    form: DraftForm,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Show the page once more with what was typed, and something beside it."""
    page: Any = admin.site.get_model_admin(Entry)
    back = page.row_url(request, entry) if entry else page.url_of(request, "changelist")
    answer: HttpResponse = page.page(
        request,
        TEMPLATE,
        {
            "title": (DRAFT if entry else OPENING).label,
            "subtitle": str(entry) if entry else None,
            "row": entry,
            "back_url": back,
            "step": DRAFT if entry else OPENING,
            "form": form,
            **context,
        },
        status=status,
    )
    return answer


def shown_to_residents(desk: Desk, words: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as it will stand on the page, in each language written."""
    revision = Revision(**words)
    written = [(Language.JAPANESE, revision.question, revision.answer)]
    for language in (Language.EASY, Language.ENGLISH):
        question, answer, found = revision.in_language(language)
        if found == language:
            written.append((language, question, answer))
    machine = set(revision.machine_translated)
    return {
        "desk": desk,
        "revision": revision,
        "languages": [
            {
                "lang": "en" if language == Language.ENGLISH else "ja",
                "label": Language(language).label,
                "question": question,
                "answer": answer,
                "machine": language in machine,
            }
            for language, question, answer in written
        ],
        "contacts": [
            {
                "label": OfficialContact(number).label,
                "advice": ADVICE[OfficialContact(number)].japanese,
            }
            for number in revision.contacts
        ],
    }


def may_publish_alone(request: HttpRequest, entry: Entry | None) -> bool:
    """Tell whether the person may publish at once what they write here."""
    if not publishes(request, entry):
        return False
    if entry is not None:
        return not entry.desk.needs_review
    desks = Desk.objects.visible_to(request.user).filter(closed_at__isnull=True)
    return desks.filter(needs_review=False).exists()


OPENING: Step[Any] = Step(
    name="new",
    label="新しい項目を書く",
    act=_write,
    permitted=writes,
    form=_new_form,
    lead="保存しても、まだ公開されません。ほかの職員が確かめてから公開します。",
    tone="primary",
    template=TEMPLATE,
)
DRAFT: Step[Entry] = Step(
    name="draft",
    label="書き直す",
    act=_write,
    permitted=writes,
    form=_next_form,
    lead="公開中の内容は、次の版を公開するまで変わりません。",
    template=TEMPLATE,
)
