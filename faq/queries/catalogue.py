"""Desks, categories and entries, as people browse them."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from faq.index.documents import Filter
from faq.models import (
    Audience,
    Desk,
    DeskQuerySet,
    Entry,
    EntryQuerySet,
    Revision,
)
from faq.queries.finding import Asking, index_of, readable
from faq.retrieval.guard import guarded
from organizations.queries import scope_for

MOST_SUGGESTED = 5
MOST_POPULAR = 6
_CATEGORIES_SECONDS = 60


@dataclass(frozen=True)
class DeskShown:
    """A desk with what it answers, as the ask page lists it."""

    desk: Desk
    is_open: bool
    categories: list[str]


def desks_for(audience: str, user: Any = None) -> DeskQuerySet:
    """Return the desks of the audience; of staff, those of the user's bodies."""
    desks = Desk.objects.answering(audience).select_related(
        "organization", "department"
    )
    return desks.visible_to(user) if audience == Audience.STAFF else desks


def desks_shown(audience: str, user: Any = None) -> list[DeskShown]:
    """Return the desks with the categories of what they answer now."""
    if audience == Audience.RESIDENT:
        categories = _categories_of_residents()
    else:
        categories = _categories(audience, user)
    now = timezone.now()
    return [
        DeskShown(desk, desk.is_open_at(now), categories.get(desk.pk, []))
        for desk in desks_for(audience, user)
    ]


def _categories_of_residents() -> dict[UUID, list[str]]:
    name = "faq-categories"
    kept: dict[UUID, list[str]] | None = cache.get(name)
    if kept is None:
        kept = _categories(Audience.RESIDENT)
        cache.set(name, kept, _CATEGORIES_SECONDS)
    return kept


def _categories(audience: str, user: Any = None) -> dict[UUID, list[str]]:
    rows = (
        entries_for(audience, user)
        .order_by("desk_id", "live__category")
        .values_list("desk_id", "live__category")
        .distinct()
    )
    return {
        desk: [category for _, category in group]
        for desk, group in groupby(rows, key=lambda row: row[0])
    }


def entries_for(audience: str, user: Any = None) -> EntryQuerySet:
    """Return what may be read now; of staff's, that of the user's bodies."""
    entries = Entry.objects.answering(audience).select_related(
        "live__procedure", "desk__department", "organization"
    )
    return entries.visible_to(user) if audience == Audience.STAFF else entries


def entries_of(desk: Desk, category: str, user: Any = None) -> EntryQuerySet:
    """Return a desk's entries, of one category or of all, ready to be paged."""
    entries = entries_for(desk.audience, user).filter(desk=desk)
    if category:
        entries = entries.filter(live__category=category)
    return entries.annotate(category=F("live__category"))


def entries_by_id(
    wanted: Collection[UUID], audience: str, user: Any = None
) -> list[Entry]:
    """Return those of the wanted that may be read now, in that order."""
    found = {
        entry.pk: entry
        for entry in entries_for(audience, user).filter(pk__in=set(wanted))
    }
    return [found[key] for key in wanted if key in found]


def entry_by_code(
    organization_id: int, code: str, audience: str, user: Any = None
) -> Entry | None:
    """Return an entry that is published, or was once."""
    entries = Entry.objects.filter(
        audience=audience, published_at__isnull=False
    ).select_related("live__procedure", "desk__department", "organization")
    if audience == Audience.STAFF:
        entries = entries.visible_to(user)
    return entries.filter(organization=organization_id, code=code).first()


def may_be_read(entry: Entry) -> bool:
    """Tell whether nobody withdrew it, and its days have come and are not over."""
    if entry.withdrawn_at is not None:
        return False
    words, today = words_of(entry), timezone.localdate()
    begun = words.valid_from is None or words.valid_from <= today
    return begun and (words.valid_until is None or words.valid_until >= today)


def words_of(entry: Entry) -> Revision:
    """Return the words that answer now; whatever is published has them."""
    if entry.live is None:
        raise LookupError(entry.code)
    return entry.live


def related_to(entry: Entry, user: Any = None) -> list[Entry]:
    """Return some others of the same desk and category."""
    others = entries_of(entry.desk, words_of(entry).category, user).exclude(pk=entry.pk)
    return list(others.order_by("code")[:MOST_SUGGESTED])


def popular_entries(audience: str, user: Any = None) -> list[Entry]:
    """Return what helped most people of late; it is shown, and ranks nothing."""
    bodies = scope_for(user).organization_ids if audience == Audience.STAFF else ()
    names = [popular_key(audience, body) for body in sorted(bodies)] or [
        popular_key(audience, None)
    ]
    kept: dict[str, list[tuple[UUID, int]]] = cache.get_many(names)
    helped = sorted(
        (row for name in names for row in kept.get(name, ())), key=lambda row: -row[1]
    )
    return entries_by_id([key for key, _ in helped], audience, user)[:MOST_POPULAR]


def popular_key(audience: str, organization_id: int | None) -> str:
    """Return where it is kept what helped: of staff body by body, of residents all."""
    return f"faq-popular:{audience}:{organization_id or 'all'}"


def suggested(text: str, asking: Asking) -> list[Entry]:
    """Return entries whose words are those typed so far, by words alone."""
    words = guarded(text)
    index = index_of(asking) if words else None
    if index is None:
        return []
    allowed = Filter(
        organizations=asking.organizations,
        desks=asking.desks or None,
        on=timezone.localdate(),
    )
    found = index.search(words, None, allowed, most=MOST_SUGGESTED)
    entries = {
        entry.pk: entry
        for entry in readable(asking)
        .filter(pk__in=[match.id for match in found.matches])
        .select_related("live", "organization")
    }
    return [entries[match.id] for match in found.matches if match.id in entries]
