"""Let a machine fill the empty languages of a draft; people read it before anybody."""

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from faq.actions.authoring.drafts import check_words, check_writes, lock
from faq.backends.posting import NoAnswer
from faq.backends.translators import translator
from faq.errors import NothingToTranslate, RevisionNotInThisState, TranslationFailed
from faq.models import Language, Revision, State
from foundation.errors import DomainError
from foundation.tenancy.scope import Scope, scoped

FIELDS = {
    Language.ENGLISH: {"question": "question_en", "answer": "answer_en"},
    Language.EASY: {"question": "question_easy", "answer": "answer_easy"},
}
_WRITABLE = (State.DRAFT, State.DECLINED)
# What the page of the draft tells meanwhile. A model may take a minute for a text; who
# hears nothing for longer may ask again.
AT_WORK = "at work"
_AT_WORK_SECONDS, _FAILED_SECONDS = 3 * 60, 30 * 60


def gaps(revision: Revision, language: str) -> dict[str, str]:
    """Return the fields nobody has written in `language`, each with its Japanese."""
    return {
        target: getattr(revision, origin)
        for origin, target in FIELDS[Language(language)].items()
        if getattr(revision, origin) and not getattr(revision, target)
    }


def is_unread(revision: Revision, language: str) -> bool:
    """Tell whether there are words in `language` that only a machine has seen."""
    fields = FIELDS[Language(language)].values()
    written = any(getattr(revision, field) for field in fields)
    return written and language in revision.machine_translated


def progress(revision: Revision, language: str) -> str:
    """Return `AT_WORK`, why the last attempt failed, or nothing."""
    return str(cache.get(_key(revision.pk, language), ""))


def ask_for_translation(revision: Revision, language: str, *, by: User) -> None:
    """Note that a worker shall fill the empty fields; who asks twice gets it once.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        RevisionNotInThisState: it is no draft.
        NothingToTranslate: no field is empty, or there is nothing to begin with.
        TranslationFailed: no translator is set up.
    """
    check_writes(by, revision.organization_id)
    if revision.state not in _WRITABLE:
        raise RevisionNotInThisState
    if not gaps(revision, language):
        raise NothingToTranslate
    if translator() is None:
        raise TranslationFailed
    cache.set(_key(revision.pk, language), AT_WORK, _AT_WORK_SECONDS)


def translate_draft(body: int, revision_id: UUID, language: str) -> None:
    """Fill what is empty in `language`, marked 参考訳; what somebody wrote stays.

    The machine is asked between two transactions, with nothing locked.
    """
    key = _key(revision_id, language)
    try:
        _translate(body, revision_id, language)
    except DomainError as error:
        cache.set(key, str(error), _FAILED_SECONDS)
    else:
        cache.delete(key)


def _translate(body: int, revision_id: UUID, language: str) -> None:
    with _within(body):
        revision = _writable(body, revision_id)
        asked = gaps(revision, language)
    if not asked:
        return  # done already: a task may come twice
    chosen = translator()
    if chosen is None:
        raise TranslationFailed
    try:
        texts = chosen.translate(list(asked.values()), language)
    except NoAnswer as error:
        raise TranslationFailed from error
    with _within(body):
        lock(revision.entry)
        revision = _writable(body, revision_id)
        if gaps(revision, language) != asked:
            message = (
                "作っている間に下書きが書き直されたので、参考訳は入れていません。"
                "必要なら、もう一度作ってください。"
            )
            raise TranslationFailed(message)
        _fill(revision, dict(zip(asked, texts, strict=True)), language)


def _fill(revision: Revision, words: dict[str, str], language: str) -> None:
    for name, text in words.items():
        setattr(revision, name, text)
    revision.machine_translated = sorted({*revision.machine_translated, language})
    revision.written_at = timezone.now()
    check_words(revision)
    revision.save(update_fields=[*words, "machine_translated", "written_at"])


@transaction.atomic
def confirm_translation(
    revision: Revision, language: str, *, read: datetime | None = None, by: User
) -> Revision:
    """Take the mark 参考訳 away: `by` has read it; a second time changes nothing.

    Args:
        revision: The draft.
        language: Which of its languages.
        read: When the words that `by` has read were written; None: these.
        by: Who has read them.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        RevisionNotInThisState: it is no draft, or was changed since it was read.
    """
    check_writes(by, revision.organization_id)
    lock(revision.entry)
    revision = _writable(revision.organization_id, revision.pk)
    if read is not None and revision.written_at != read:
        raise RevisionNotInThisState
    if language in revision.machine_translated:
        revision.machine_translated.remove(language)
        revision.written_at = timezone.now()
        revision.save(update_fields=["machine_translated", "written_at"])
    return revision


def _writable(body: int, revision_id: UUID) -> Revision:
    found = (
        Revision.objects.filter(organization_id=body, state__in=_WRITABLE)
        .select_related("entry")
        .filter(pk=revision_id)
        .first()
    )
    if found is None:
        raise RevisionNotInThisState
    return found


def _within(body: int) -> AbstractContextManager[None]:
    return scoped(Scope(organization_ids=frozenset({body})))


def _key(revision_id: UUID, language: str) -> str:
    return f"faq:translation:{revision_id}:{language}"
