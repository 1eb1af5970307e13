"""Another pair of eyes: submit, decline, publish, withdraw."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from faq.actions.authoring.drafts import check_fields, check_writes, lock
from faq.errors import (
    DeskUnusable,
    EntryNotPublished,
    ReviewedByItsAuthor,
    RevisionIncomplete,
    RevisionNotInThisState,
    RoleMissing,
    WordsUnusable,
)
from faq.events import (
    EntryPublished,
    EntryWithdrawn,
    RevisionDeclined,
    RevisionSubmitted,
)
from faq.models import UNFINISHED, Entry, Revision, State
from journal.actions import record
from organizations.models import Role
from organizations.queries import has_role

PUBLISHERS = frozenset({Role.PUBLISHER})
# Without these nobody could answer for it.
NEEDED = ("category", "question", "answer", "source")


def check_publishes(by: User, organization_id: int) -> None:
    """Raise RoleMissing unless `by` publishes for the body."""
    if not has_role(by, organization_id, *PUBLISHERS):
        raise RoleMissing


def take(revision: Revision, *states: str) -> tuple[Entry, Revision]:
    """Lock the entry and return it with the revision, if that is in such a state."""
    entry = lock(revision.entry)
    found = entry.revisions.filter(pk=revision.pk, state__in=states).first()
    if found is None:
        raise RevisionNotInThisState
    return entry, found


def missing_in(revision: Revision) -> list[str]:
    """Return the names of what must be written before anybody reviews it."""
    fields = {field.name: field.verbose_name for field in revision._meta.fields}
    return [str(fields[name]) for name in NEEDED if not getattr(revision, name).strip()]


def _check_complete(revision: Revision) -> None:
    if missing := missing_in(revision):
        message = f"まだ書かれていません：{'、'.join(missing)}"
        raise RevisionIncomplete(message)


@transaction.atomic
def submit_revision(revision: Revision, *, by: User) -> Revision:
    """Ask for another pair of eyes (確認の依頼).

    Raises:
        RoleMissing: `by` writes nothing for the body.
        RevisionNotInThisState: it is no draft.
        RevisionIncomplete: something is not written yet.
    """
    check_writes(by, revision.organization_id)
    entry, revision = take(revision, State.DRAFT, State.DECLINED)
    _check_complete(revision)
    revision.state, revision.remark = State.IN_REVIEW, ""
    revision.save(update_fields=["state", "remark"])
    record(RevisionSubmitted(**_about(entry), revision_id=revision.pk), by=by)
    return revision


@transaction.atomic
def decline_revision(revision: Revision, *, reason: str, by: User) -> Revision:
    """Give it back to its author (差戻し).

    Raises:
        RoleMissing: `by` does not publish for the body.
        RevisionNotInThisState: nobody has asked for a review.
        WordsUnusable: no reason is given, or too long a one.
    """
    check_publishes(by, revision.organization_id)
    entry, revision = take(revision, State.IN_REVIEW)
    revision.state, revision.remark = State.DECLINED, reason.strip()
    if not revision.remark:
        message = "差戻しの理由を書いてください。"
        raise WordsUnusable(message)
    check_fields(revision, only=("remark",))
    revision.reviewer, revision.reviewed_at = by, timezone.now()
    revision.save(update_fields=["state", "remark", "reviewer", "reviewed_at"])
    record(RevisionDeclined(**_about(entry), revision_id=revision.pk), by=by)
    return revision


@transaction.atomic
def publish_revision(
    revision: Revision,
    *,
    by: User,
    read: datetime | None = None,
    confirmed: Collection[str] = (),
) -> Entry:
    """Let it answer from now on, in place of what answered before.

    Args:
        revision: What waits for review; where a desk needs none, a draft too.
        by: Another than its author, unless the desk needs no review.
        read: When the words that `by` has read were written; None: these.
        confirmed: Languages that a machine wrote and `by` has read: 参考訳 no more.

    Raises:
        RoleMissing: `by` does not publish for the body.
        ReviewedByItsAuthor: nobody else has read it.
        RevisionNotInThisState: it is not waiting, or was changed since it was read.
        RevisionIncomplete: something is not written yet.
        DeskUnusable: its desk is closed, and answers nobody.
    """
    check_publishes(by, revision.organization_id)
    alone = not revision.entry.desk.needs_review
    entry, revision = take(revision, *(UNFINISHED if alone else [State.IN_REVIEW]))
    if read is not None and revision.written_at != read:
        raise RevisionNotInThisState
    is_author = revision.author_id == by.pk
    if is_author and entry.desk.needs_review:
        raise ReviewedByItsAuthor
    if entry.desk.closed_at is not None:
        message = f"窓口「{entry.desk}」は廃止されているため、公開できません。"
        raise DeskUnusable(message)
    _check_complete(revision)
    now = timezone.now()
    entry.revisions.filter(state=State.PUBLISHED).update(state=State.SUPERSEDED)
    revision.state, revision.remark = State.PUBLISHED, ""
    revision.reviewer, revision.reviewed_at = (None if is_author else by), now
    unread = [one for one in revision.machine_translated if one not in confirmed]
    revision.machine_translated = unread
    revision.save(
        update_fields=[
            *("state", "remark", "reviewer", "reviewed_at", "machine_translated")
        ]
    )
    entry.live, entry.published_at, entry.withdrawn_at = revision, now, None
    entry.save(update_fields=["live", "published_at", "withdrawn_at"])
    record(
        EntryPublished(
            **_about(entry), revision_id=revision.pk, audience=entry.audience
        ),
        by=by,
    )
    return entry


@transaction.atomic
def withdraw_entry(entry: Entry, *, by: User) -> Entry:
    """Let it answer nobody any more; its words become a past revision.

    Raises:
        RoleMissing: `by` does not publish for the body.
        EntryNotPublished: it answers nobody now.
    """
    check_publishes(by, entry.organization_id)
    entry = lock(entry)
    if not entry.is_published:
        raise EntryNotPublished
    # What is published is readable by anyone, below every page.
    entry.revisions.filter(state=State.PUBLISHED).update(state=State.SUPERSEDED)
    entry.withdrawn_at = timezone.now()
    entry.save(update_fields=["withdrawn_at"])
    record(EntryWithdrawn(**_about(entry), audience=entry.audience), by=by)
    return entry


def _about(entry: Entry) -> dict[str, Any]:
    return {"organization_id": entry.organization_id, "entry_id": entry.pk}
