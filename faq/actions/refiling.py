"""File entries elsewhere, or look at them again on another day: many at once."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from faq.actions.authoring import check_publishes, check_writes
from faq.errors import WordsUnusable
from faq.events import EntryRefiled
from faq.models import UNFINISHED, Entry, Revision, State
from journal.actions import record_all

_IN_USE = (State.PUBLISHED, *UNFINISHED)


@transaction.atomic
def refile_entries(entries: Collection[Entry], category: str, *, by: User) -> int:
    """Put entries under another heading; their words stay as they were read.

    Raises:
        RoleMissing: `by` does not publish for one of the bodies.
        WordsUnusable: the heading is empty or too long.
    """
    for body in {entry.organization_id for entry in entries}:
        check_publishes(by, body)
    category = category.strip()
    longest = Revision._meta.get_field("category").max_length or 0
    if not category or len(category) > longest:
        message = f"分類は、1文字から{longest}文字までで入力してください。"
        raise WordsUnusable(message)
    _in_use(entries).update(category=category)
    return _tell(entries, "category", by)


@transaction.atomic
def reschedule_entries(
    entries: Collection[Entry], review_on: date | None, *, by: User
) -> int:
    """Look at entries again on that day; None: on no day.

    Raises:
        RoleMissing: `by` writes nothing for one of the bodies.
    """
    for body in {entry.organization_id for entry in entries}:
        check_writes(by, body)
    _in_use(entries).update(review_on=review_on)
    return _tell(entries, "review_on", by)


def _in_use(entries: Collection[Entry]) -> QuerySet[Revision]:
    locked = Entry.objects.select_for_update().filter(
        organization_id__in={entry.organization_id for entry in entries},
        pk__in=[entry.pk for entry in entries],
    )
    # In one order, so that two who act at once wait for each other.
    keys = list(locked.order_by("pk").values_list("pk", flat=True))
    return Revision.objects.filter(entry__in=keys, state__in=_IN_USE)


def _tell(entries: Collection[Entry], changed: str, by: User) -> int:
    record_all(
        [
            EntryRefiled(
                organization_id=entry.organization_id,
                entry_id=entry.pk,
                changed=changed,
            )
            for entry in entries
        ],
        by=by,
    )
    return len(entries)
