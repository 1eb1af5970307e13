"""Entries as their desk sees them: unfinished words, versions, use, what is due."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from faq.models import (
    UNFINISHED,
    Entry,
    LinkCheck,
    Question,
    Revision,
    Verdict,
)
from faq.queries.differences import Difference, differences

USE_IS_COUNTED_FOR = timedelta(days=90)
ENDS_SOON = timedelta(days=30)
MOST_VERSIONS = 50


def unfinished_of(entry: Entry) -> Revision | None:
    """Return the words that somebody writes or reviews; None where nobody does."""
    return entry.revisions.filter(state__in=UNFINISHED).select_related("author").first()


@dataclass(frozen=True)
class Version:
    """A revision, and what changed since the one before."""

    revision: Revision
    changes: list[Difference]


def versions_of(entry: Entry) -> list[Version]:
    """Return the newest revisions of an entry, newest first."""
    found = list(
        entry.revisions.select_related("author", "reviewer", "procedure")[
            : MOST_VERSIONS + 1
        ]
    )
    before: list[Revision | None] = [*found[1:], None]
    return [
        Version(revision, differences(last, revision) if last else [])
        for revision, last in zip(found, before, strict=True)
    ][:MOST_VERSIONS]


@dataclass(frozen=True)
class Use:
    """How an entry served those who asked, in the last 90 days."""

    answered: int
    chosen: int
    solved: int
    unsolved: int


def use_of(entry: Entry, *, visible_to: Any) -> Use:
    """Return how often an entry answered, and what was said of it."""
    since = timezone.now() - USE_IS_COUNTED_FOR
    asked = Question.objects.visible_to(visible_to).filter(
        Q(answered_id=entry.pk) | Q(chosen_id=entry.pk), asked_at__gte=since
    )
    counted = asked.aggregate(
        answered=Count("pk", filter=Q(answered_id=entry.pk)),
        chosen=Count("pk", filter=Q(chosen_id=entry.pk)),
        solved=Count("pk", filter=Q(verdict=Verdict.SOLVED)),
        unsolved=Count("pk", filter=Q(verdict=Verdict.UNSOLVED)),
    )
    return Use(**counted)


def to_look_at(entries: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """Narrow to those published whose day to be looked at again has come."""
    return entries.filter(
        published_at__isnull=False, withdrawn_at__isnull=True, live__review_on__lte=day
    )


def expired(entries: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """Narrow to those published that answer nobody, for their days are over."""
    return entries.filter(
        published_at__isnull=False,
        withdrawn_at__isnull=True,
        live__valid_until__lt=day,
    )


def ending_soon(entries: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """Narrow to those published that answer for a few weeks more."""
    return entries.filter(
        published_at__isnull=False,
        withdrawn_at__isnull=True,
        live__valid_until__range=(day, day + ENDS_SOON),
    )


def with_broken_links(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Narrow to those published that point to what is no longer there."""
    broken = LinkCheck.objects.broken().filter(
        organization=OuterRef("organization"), revision=OuterRef("live")
    )
    return entries.filter(Exists(broken), withdrawn_at__isnull=True)
