"""File entries elsewhere, or look at them again on another day: many at once."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from faq.actions.authoring import check_publishes, check_writes
from faq.errors import WordsUnusable
from faq.events import EntryRefiled
from faq.models import UNFINISHED, Entry, Revision, State
from journal.actions import record_all

_IN_USE = (State.PUBLISHED, *UNFINISHED)


@transaction.atomic
def refile_entries(entries: Collection[Entry], category: str, *, by: User) -> int:
    """Put entries under another heading; return how many were not there yet.

    Their words stay as they were read.

    Raises:
        RoleMissing: `by` does not publish for one of the bodies.
        WordsUnusable: the heading is empty or too long.
    """
    bodies = {entry.organization_id for entry in entries}
    for body in bodies:
        check_publishes(by, body)
    category = category.strip()
    longest = Revision._meta.get_field("category").max_length or 0
    if not category or len(category) > longest:
        message = f"分類は、1文字から{longest}文字までで入力してください。"
        raise WordsUnusable(message)
    others = _in_use(bodies, entries).exclude(category=category)
    live = others.filter(state=State.PUBLISHED).values("entry")
    Entry.objects.filter(organization_id__in=bodies, pk__in=live).update(
        refiled_at=timezone.now()
    )
    return _change(others, "category", category, by)


@transaction.atomic
def reschedule_entries(
    entries: Collection[Entry], review_on: date | None, *, by: User
) -> int:
    """Look at entries again on that day, None: on no day; return how many changed.

    Raises:
        RoleMissing: `by` writes nothing for one of the bodies.
    """
    bodies = {entry.organization_id for entry in entries}
    for body in bodies:
        check_writes(by, body)
    others = _in_use(bodies, entries).exclude(review_on=review_on)
    return _change(others, "review_on", review_on, by)


def _in_use(bodies: set[int], entries: Collection[Entry]) -> QuerySet[Revision]:
    """Lock the entries, and return their words that answer or are being written."""
    locked = Entry.objects.select_for_update().filter(
        organization_id__in=bodies, pk__in=[entry.pk for entry in entries]
    )
    # In one order, so that two who act at once wait for each other.
    keys = list(locked.order_by("pk").values_list("pk", flat=True))
    return Revision.objects.filter(
        organization_id__in=bodies, entry__in=keys, state__in=_IN_USE
    )


def _change(revisions: QuerySet[Revision], name: str, value: Any, by: User) -> int:
    changed = dict(revisions.order_by().values_list("entry_id", "organization_id"))
    revisions.update(**{name: value})
    record_all(
        [
            EntryRefiled(organization_id=body, entry_id=key, changed=name)
            for key, body in changed.items()
        ],
        by=by,
    )
    return len(changed)
