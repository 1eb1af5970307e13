"""Write entries: new ones, and the next words of those there are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from faq.errors import (
    RevisionNotInThisState,
    RoleMissing,
    UnfinishedInTheWay,
    WordsUnusable,
)
from faq.models import UNFINISHED, Desk, Entry, Revision, State
from foundation.identifiers import new_id
from organizations.models import WORKING_ROLES, Role
from organizations.queries import has_role

WRITERS = frozenset({*WORKING_ROLES, Role.PUBLISHER})

# What one writes; the rest of a revision tells how it came about.
WORDS = (
    "category",
    "question",
    "answer",
    "keywords",
    "question_easy",
    "answer_easy",
    "question_en",
    "answer_en",
    "machine_translated",
    "procedure",
    "dataset_title",
    "dataset_url",
    "contacts",
    "source",
    "source_url",
    "checked_on",
    "review_on",
    "valid_from",
    "valid_until",
    "is_sample",
)
_EMPTY = {"review_on", "valid_from", "valid_until", "procedure"}


def check_writes(by: User, organization_id: int) -> None:
    """Raise RoleMissing unless `by` writes entries of the body."""
    if not has_role(by, organization_id, *WRITERS):
        raise RoleMissing


def words_of(revision: Revision) -> dict[str, Any]:
    """Return what somebody wrote in a revision."""
    return {name: getattr(revision, name) for name in WORDS}


@transaction.atomic
def write_draft(  # noqa: PLR0913 - a desk or an entry, words, who, and over what
    words: Mapping[str, Any],
    *,
    by: User,
    desk: Desk | None = None,
    entry: Entry | None = None,
    code: str = "",
    over: datetime | None = None,
) -> Revision:
    """Write a new entry of a desk, or the next words of one; nothing answers yet.

    A draft may be incomplete: a question alone is enough to begin with.

    Args:
        words: What was written, by the names in `WORDS`; the others stay as they are.
        by: Who wrote it, from now on its author.
        desk: Of a new entry.
        entry: The entry that is worded anew.
        code: Of a new entry; made up where empty.
        over: When the unfinished words were written that are replaced; None: whatever.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        RevisionNotInThisState: somebody else has written since `over`.
        WordsUnusable: something is too long, or no code.
    """
    if entry is None:
        if desk is None:
            message = "neither a desk nor an entry"
            raise TypeError(message)
        check_writes(by, desk.organization_id)
        entry, last = _new_entry(desk, code), None
    else:
        check_writes(by, entry.organization_id)
        entry = lock(entry)
        last = entry.revisions.first()
    revision = _next(entry, last, over)
    for name in words:
        if name not in WORDS:
            message = f"{name} is no word of a revision"
            raise TypeError(message)
        setattr(revision, name, _plain_lines(words[name]))
    revision.state, revision.author = State.DRAFT, by
    revision.reviewer, revision.reviewed_at = None, None
    revision.written_at = timezone.now()
    check_words(revision)
    revision.save()
    return revision


def _plain_lines(value: Any) -> Any:
    """Return a text with the line ends that files have too; browsers send others."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _new_entry(desk: Desk, code: str) -> Entry:
    if desk.closed_at is not None:
        message = "廃止した窓口には書けません。ほかの窓口を選んでください。"
        raise WordsUnusable(message)
    made_up = f"{desk.code}-{timezone.localdate():%Y%m%d}-{new_id().hex[-6:]}"
    entry = Entry(
        organization_id=desk.organization_id,
        desk=desk,
        audience=desk.audience,
        code=code or made_up,
    )
    check_fields(entry, only=("code",))
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        message = f"項目コード「{entry.code}」は、ほかの項目が使っています。"
        raise WordsUnusable(message) from error
    return entry


def _next(entry: Entry, last: Revision | None, over: datetime | None) -> Revision:
    """Return the unfinished words of the entry, or new ones that begin as the last."""
    if last is not None and last.state in UNFINISHED:
        if over is not None and last.written_at != over:
            raise RevisionNotInThisState
        return last
    begun = words_of(last) if last is not None else {"checked_on": timezone.localdate()}
    return Revision(
        organization_id=entry.organization_id,
        entry=entry,
        audience=entry.audience,
        number=last.number + 1 if last is not None else 1,
        **begun | {"is_sample": False},
    )


def check_fields(row: Entry | Revision, *, only: tuple[str, ...]) -> None:
    """Raise WordsUnusable where a text is too long or of the wrong kind."""
    names = [field.name for field in row._meta.fields if field.name not in only]
    try:
        row.clean_fields(exclude=names)
    except ValidationError as error:
        labels = {field.name: field.verbose_name for field in row._meta.fields}
        told = [
            f"{labels[name]}：{' '.join(sentences)}"
            for name, sentences in error.message_dict.items()
        ]
        raise WordsUnusable(" ".join(told)) from error


def check_words(revision: Revision) -> None:
    """Raise WordsUnusable where something written does not fit."""
    written = tuple(name for name in WORDS if getattr(revision, name) or name in _EMPTY)
    check_fields(revision, only=written)
    begins, ends = revision.valid_from, revision.valid_until
    if begins and ends and ends < begins:
        message = "有効終了日は、有効開始日より後の日にしてください。"
        raise WordsUnusable(message)


def lock(entry: Entry) -> Entry:
    """Wait for one's turn with the entry; all its revisions change under this lock.

    Its desk is held as it is: others may write there too, but nobody closes it.

    Raises:
        RevisionNotInThisState: somebody has thrown it away with its only draft.
    """
    found = (
        Entry.objects.filter(organization_id=entry.organization_id)
        .select_for_update(of=("self",))
        .filter(pk=entry.pk)
        .first()
    )
    if found is None:
        raise RevisionNotInThisState
    [found.desk] = Desk.objects.raw(
        "SELECT * FROM faq_desk WHERE organization_id = %s AND id = %s FOR SHARE",
        [found.organization_id, found.desk_id],
    )
    return found


@transaction.atomic
def restore_revision(revision: Revision, *, by: User) -> Revision:
    """Begin the next draft with the words of a past revision.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        UnfinishedInTheWay: somebody writes already.
    """
    check_writes(by, revision.organization_id)
    entry = lock(revision.entry)
    if entry.revisions.unfinished().exists():
        raise UnfinishedInTheWay
    return write_draft(words_of(revision), entry=entry, by=by)
