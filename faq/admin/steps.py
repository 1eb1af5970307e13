"""What staff do with an entry besides writing it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from faq.actions.authoring import (
    add_alternatives,
    decline_revision,
    publish_revision,
    remove_alternative,
    restore_revision,
    submit_revision,
    withdraw_entry,
)
from faq.actions.discarding import discard_draft
from faq.admin.drafting import DRAFT
from faq.admin.forms import (
    ReadForm,
    ReasonForm,
    RestoreForm,
    UnwordingForm,
    WordingForm,
)
from faq.admin.permits import posted, publishes, signed_in, writes
from faq.admin.translating import CONFIRM, TRANSLATE, unread
from faq.errors import RevisionNotInThisState
from faq.models import UNFINISHED, Entry, Revision, State
from faq.queries.entries import unfinished_of
from foundation.desk.steps import NothingToFillIn, Step

SEE_OTHER = 303


def _unfinished(entry: Entry) -> Revision:
    found = unfinished_of(entry)
    if found is None:
        raise RevisionNotInThisState
    return found


def _stands(entry: Entry, *states: str) -> bool:
    found = unfinished_of(entry)
    return found is not None and found.state in states


def _reviewable(entry: Entry) -> bool:
    alone = not entry.desk.needs_review
    return _stands(entry, *(UNFINISHED if alone else [State.IN_REVIEW]))


def _submit(request: HttpRequest, entry: Entry, form: forms.Form) -> str:
    del form
    submit_revision(_unfinished(entry), by=signed_in(request))
    return "確認を依頼しました。公開の役割の職員が確かめます。"


def _submitted(request: HttpRequest, entry: Entry, form: forms.Form) -> bool:
    del request, form
    return _stands(entry, State.IN_REVIEW)


def _discard_form(request: HttpRequest, entry: Entry) -> ReadForm:
    found = unfinished_of(entry)
    read = found.written_at.isoformat() if found else ""
    return ReadForm(posted(request), initial={"read": read}, languages=())


def _read_form(request: HttpRequest, entry: Entry) -> ReadForm:
    found = unfinished_of(entry)
    read = found.written_at.isoformat() if found else ""
    languages = unread(found) if found else []
    return ReadForm(posted(request), initial={"read": read}, languages=languages)


def _publish(request: HttpRequest, entry: Entry, form: ReadForm) -> str:
    revision = _unfinished(entry)
    publish_revision(
        revision,
        by=signed_in(request),
        read=form.moment(),
        confirmed=form.cleaned_data.get("confirmed", ()),
    )
    return f"第{revision.number}版を公開しました。数十秒で検索に出ます。"


def _published(request: HttpRequest, entry: Entry, form: ReadForm) -> bool:
    del request
    live = entry.live
    return (
        entry.is_published
        and live is not None
        and live.written_at == form.moment()
        and unfinished_of(entry) is None
    )


def _decline(request: HttpRequest, entry: Entry, form: forms.Form) -> str:
    reason = form.cleaned_data["reason"]
    decline_revision(_unfinished(entry), reason=reason, by=signed_in(request))
    return "作成者に差し戻しました。"


def _declined(request: HttpRequest, entry: Entry, form: forms.Form) -> bool:
    del request
    found = unfinished_of(entry)
    return (
        found is not None
        and found.state == State.DECLINED
        and found.remark == form.cleaned_data["reason"].strip()
    )


def _discard(request: HttpRequest, entry: Entry, form: ReadForm) -> HttpResponse | str:
    read, by = form.moment(), signed_in(request)
    if discard_draft(_unfinished(entry), read=read, by=by) is not None:
        return "下書きを捨てました。公開した内容は変わりません。"
    messages.success(request, f"下書きと、項目「{entry.code}」を捨てました。")
    return HttpResponseRedirect(reverse("admin:faq_entry_changelist"), status=SEE_OTHER)


def _withdraw(request: HttpRequest, entry: Entry, form: forms.Form) -> str:
    del form
    withdraw_entry(entry, by=signed_in(request))
    return "公開を終えました。いまからだれにも回答しません。"


def _withdrawn(request: HttpRequest, entry: Entry, form: forms.Form) -> bool:
    del request, form
    return entry.withdrawn_at is not None


def _restore(request: HttpRequest, entry: Entry, form: forms.Form) -> str:
    del entry
    chosen = form.cleaned_data["number"]
    restored = restore_revision(chosen, by=signed_in(request))
    return f"第{chosen.number}版を、第{restored.number}版の下書きにしました。"


def _add_wordings(request: HttpRequest, entry: Entry, form: WordingForm) -> str:
    made = add_alternatives(entry, form.pairs(), by=signed_in(request))
    if not made:
        return "すべて、すでに登録されています。"
    return f"ほかの聞き方を{len(made)}件登録しました。"


def _remove_wording(request: HttpRequest, entry: Entry, form: forms.Form) -> str:
    del entry
    wording = form.cleaned_data["wording"]
    remove_alternative(wording, by=signed_in(request))
    return "ほかの聞き方を消しました。"


SUBMIT: Step[Entry] = Step(
    name="submit",
    label="確認を依頼する",
    act=_submit,
    permitted=writes,
    offered=lambda entry: _stands(entry, State.DRAFT, State.DECLINED),
    settled=_submitted,
    tone="primary",
)
REVIEW: Step[Entry] = Step(
    name="review",
    label="確認して公開する",
    act=_publish,
    permitted=publishes,
    offered=_reviewable,
    form=_read_form,
    settled=_published,
    lead="内容を確かめてから、公開してください。",
    tone="primary",
    template="admin/faq/entry/review.html",
)
DECLINE: Step[Entry] = Step(
    name="decline",
    label="差し戻す",
    act=_decline,
    permitted=publishes,
    offered=lambda entry: _stands(entry, State.IN_REVIEW),
    form=lambda request, _: ReasonForm(posted(request)),
    settled=_declined,
)
DISCARD: Step[Entry] = Step(
    name="discard",
    label="下書きを捨てる",
    act=_discard,
    permitted=writes,
    offered=lambda entry: _stands(entry, State.DRAFT, State.DECLINED),
    form=_discard_form,
    lead=(
        "下書きを消します。元に戻せません。公開した内容は変わりません。"
        "一度も公開していない項目は、ほかの聞き方とともになくなります。"
    ),
    tone="danger",
)
WITHDRAW: Step[Entry] = Step(
    name="withdraw",
    label="公開を終える",
    act=_withdraw,
    permitted=publishes,
    offered=lambda entry: entry.is_published,
    # On a page that says first what will happen.
    form=lambda request, _: NothingToFillIn(posted(request)),
    settled=_withdrawn,
    lead="この項目は、だれにも回答しなくなります。内容は残り、あとで戻せます。",
    tone="danger",
)
RESTORE: Step[Entry] = Step(
    name="restore",
    label="以前の版に戻す",
    act=_restore,
    permitted=writes,
    offered=lambda entry: unfinished_of(entry) is None,
    form=RestoreForm,
    lead="選んだ版の内容で、次の下書きを作ります。公開中の内容は変わりません。",
)
ADD_WORDINGS: Step[Entry] = Step(
    name="wordings",
    label="ほかの聞き方を登録",
    act=_add_wordings,
    permitted=writes,
    form=lambda request, _: WordingForm(posted(request)),
    lead="画面には出ず、この項目を見つけるために使います。",
)
REMOVE_WORDING: Step[Entry] = Step(
    name="remove-wording",
    label="ほかの聞き方を消す",
    act=_remove_wording,
    permitted=writes,
    offered=lambda entry: entry.alternatives.exists(),
    form=UnwordingForm,
)
# What stands beside the words, and not among the buttons above them.
ASIDE: tuple[Step[Any], ...] = (RESTORE, ADD_WORDINGS, REMOVE_WORDING, *CONFIRM)
STEPS: tuple[Step[Any], ...] = (
    *(SUBMIT, REVIEW, DRAFT, *TRANSLATE, DECLINE, DISCARD, WITHDRAW),
    *ASIDE,
)
