"""A machine's words in a draft: asked for, told of, and read by a person."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest

from faq.actions.translating import (
    AT_WORK,
    ask_for_translation,
    confirm_translation,
    gaps,
    is_unread,
    progress,
)
from faq.admin.forms.review import ReadForm
from faq.admin.permits import posted, signed_in, writes
from faq.backends.translators import translator
from faq.errors import RevisionNotInThisState
from faq.models import Entry, Language, Revision, State
from faq.queries.entries import unfinished_of
from faq.tasks import translate_draft
from foundation.bell import bell
from foundation.desk.steps import Step

NAMES = {Language.ENGLISH: "英語", Language.EASY: "やさしい日本語"}
WRITABLE = (State.DRAFT, State.DECLINED)


def unread(revision: Revision) -> list[tuple[str, str]]:
    """Return the languages of which only a machine knows the words, with names."""
    return [
        (one.value, name) for one, name in NAMES.items() if is_unread(revision, one)
    ]


def translations_of(
    revision: Revision | None, urls: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the page of an entry tells of its draft's translations.

    Args:
        revision: The unfinished words.
        urls: Of the steps that the person may take now, by name.
    """
    if revision is None:
        return {}
    told = {name: progress(revision, language) for language, name in NAMES.items()}
    return {
        "unread": [
            {"name": name, "url": urls.get(f"confirm-{language}")}
            for language, name in unread(revision)
        ],
        "at_work": [name for name, word in told.items() if word == AT_WORK],
        "failed": {n: word for n, word in told.items() if word not in {"", AT_WORK}},
    }


def _draft(entry: Entry) -> Revision | None:
    found = unfinished_of(entry)
    return found if found is not None and found.state in WRITABLE else None


def _taken(entry: Entry) -> Revision:
    found = unfinished_of(entry)
    if found is None:
        raise RevisionNotInThisState
    return found


def _has_gaps(language: Language, entry: Entry) -> bool:
    draft = _draft(entry)
    return (
        draft is not None
        and translator() is not None
        and bool(gaps(draft, language))
        and progress(draft, language) != AT_WORK
    )


def _ask(
    language: Language, request: HttpRequest, entry: Entry, form: forms.Form
) -> str:
    del form
    revision = _taken(entry)
    ask_for_translation(revision, language, by=signed_in(request))
    about = (revision.organization_id, str(revision.pk), language.value)
    transaction.on_commit(bell(translate_draft, args=about), robust=True)
    return (
        f"{NAMES[language]}の参考訳を作り始めました。1、2分したら、この画面を"
        "読み込み直してください。"
    )


def _is_unread(language: Language, entry: Entry) -> bool:
    draft = _draft(entry)
    return draft is not None and is_unread(draft, language)


def _confirm(
    language: Language, request: HttpRequest, entry: Entry, form: ReadForm
) -> str:
    read, by = form.moment(), signed_in(request)
    confirm_translation(_taken(entry), language, read=read, by=by)
    return f"{NAMES[language]}から「参考訳」の印を外しました。"


def _read_form(request: HttpRequest, entry: Entry) -> ReadForm:
    found = _draft(entry)
    read = found.written_at.isoformat() if found else ""
    return ReadForm(posted(request), initial={"read": read}, languages=())


TRANSLATE: tuple[Step[Entry], ...] = tuple(
    Step(
        name=f"translate-{language.value}",
        label=f"{name}の参考訳を作る",
        act=partial(_ask, language),
        permitted=writes,
        offered=partial(_has_gaps, language),
    )
    for language, name in NAMES.items()
)
CONFIRM: tuple[Step[Entry], ...] = tuple(
    Step(
        name=f"confirm-{language.value}",
        label=f"{name}の訳を確かめました",
        act=partial(_confirm, language),
        permitted=writes,
        offered=partial(_is_unread, language),
        form=_read_form,
        lead="下書きの訳を読み、日本語と同じ内容であることを確かめてから押してください。",
    )
    for language, name in NAMES.items()
)
