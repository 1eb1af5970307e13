"""What was asked and what came of it, in figures: for the bodies one works for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from faq.decision import Outcome
from faq.models import Cluster, Desk, Entry, Language, Question, Verdict
from organizations.queries import organization_names

MOST_LISTED = 10


@dataclass(frozen=True)
class Tally:
    """Questions of one kind, by what they met and what people said of it.

    Args:
        key: What they have in common: a day, a desk, a language.
        label: The same, for people.
    """

    key: Any
    label: str
    answered: int = 0
    offered: int = 0
    handed: int = 0
    solved: int = 0
    unsolved: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.answered + self.offered + self.handed

    @property
    def solved_percent(self) -> int | None:
        """Of those that were judged; None where nobody said anything."""
        judged = self.solved + self.unsolved
        return round(100 * self.solved / judged) if judged else None

    def share(self, count: int) -> int:
        """Return `count` as a percentage of all."""
        return round(100 * count / self.total) if self.total else 0

    @property
    def answered_percent(self) -> int:
        """How many were answered directly, in percent."""
        return self.share(self.answered)

    @property
    def offered_percent(self) -> int:
        """How many were offered candidates, in percent."""
        return self.share(self.offered)

    @property
    def handed_percent(self) -> int:
        """How many nothing was found for, in percent."""
        return self.share(self.handed)


@dataclass(frozen=True)
class Listed:
    """An entry or a cluster with how often it came up."""

    id: UUID
    title: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days looked at, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """All of them, in order."""
        return [
            self.first + timedelta(days=n)
            for n in range((self.last - self.first).days + 1)
        ]

    def moments(self) -> tuple[datetime, datetime]:
        """Return when the first begins and the last has ended, in Japan."""
        midnight = time.min
        return (
            timezone.make_aware(datetime.combine(self.first, midnight)),
            timezone.make_aware(
                datetime.combine(self.last + timedelta(days=1), midnight)
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The dashboard of a period."""

    all: Tally
    days: list[Tally]
    desks: list[Tally] = field(default_factory=list)
    places: list[Tally] = field(default_factory=list)
    languages: list[Tally] = field(default_factory=list)
    entries: list[Listed] = field(default_factory=list)
    clusters: list[Listed] = field(default_factory=list)


_COUNTS = {
    "answered": Count("pk", filter=Q(outcome=Outcome.ANSWER)),
    "offered": Count("pk", filter=Q(outcome=Outcome.CANDIDATES)),
    "handed": Count("pk", filter=Q(outcome=Outcome.HAND_OVER)),
    "solved": Count("pk", filter=Q(verdict=Verdict.SOLVED)),
    "unsolved": Count("pk", filter=Q(verdict=Verdict.UNSOLVED)),
}


def figures(
    bodies: Collection[int], period: Period, *, desk: UUID | None = None
) -> Figures:
    """Return the figures of the bodies, or of one desk of theirs."""
    asked = _asked(bodies, period, desk)
    by_day = _tallies(asked.annotate(key=_DAY), {})
    found = {tally.key: tally for tally in by_day}
    days = [
        found.get(day) or Tally(day, f"{day.month}/{day.day}") for day in period.days
    ]
    desks = Desk.objects.filter(organization_id__in=sorted(bodies))
    return Figures(
        all=_sum(by_day),
        days=[_named(tally, f"{tally.key.month}/{tally.key.day}") for tally in days],
        desks=_tallies(asked.annotate(key=F("desk_id")), {d.pk: d.name for d in desks}),
        places=_tallies(
            asked.annotate(key=F("place_id")),
            {None: "市町村を選ばない", **organization_names()},
        ),
        languages=_tallies(asked.annotate(key=F("language")), dict(Language.choices)),
        entries=_top_entries(asked),
        clusters=_top_clusters(bodies, desk),
    )


def daily(
    bodies: Collection[int], period: Period, *, desk: UUID | None = None
) -> list[tuple[date, Tally]]:
    """Return the tallies of each desk on each day, for a table."""
    asked = _asked(bodies, period, desk)
    desks = Desk.objects.filter(organization_id__in=sorted(bodies))
    names = {d.pk: f"{d.organization} {d.name}" for d in desks.select_related()}
    rows = (
        asked.annotate(day=_DAY)
        .values("day", "desk_id")
        .annotate(**_COUNTS)
        .order_by("day", "desk_id")
    )
    return [
        (
            row["day"],
            Tally(
                row["desk_id"],
                names.get(row["desk_id"], ""),
                *_counts(row),
            ),
        )
        for row in rows
    ]


def _counts(row: Mapping[str, Any]) -> list[int]:
    return [row[name] for name in _COUNTS]


_DAY = TruncDate("asked_at")


def _asked(
    bodies: Collection[int], period: Period, desk: UUID | None
) -> QuerySet[Question]:
    begins, ends = period.moments()
    asked = Question.objects.filter(
        organization_id__in=sorted(bodies), asked_at__gte=begins, asked_at__lt=ends
    )
    return asked.filter(desk_id=desk) if desk else asked


def _tallies(asked: QuerySet[Any], labels: dict[Any, str]) -> list[Tally]:
    """Count the questions by their `key`, most first."""
    rows = asked.values("key").annotate(**_COUNTS).order_by()
    tallies = [
        Tally(
            row["key"],
            labels.get(row["key"], str(row["key"])),
            *_counts(row),
        )
        for row in rows
    ]
    return sorted(tallies, key=lambda tally: -tally.total)


def _named(tally: Tally, label: str) -> Tally:
    return Tally(
        tally.key,
        label,
        tally.answered,
        tally.offered,
        tally.handed,
        tally.solved,
        tally.unsolved,
    )


def _sum(tallies: Iterable[Tally]) -> Tally:
    rows = list(tallies)
    return Tally(
        None, "合計", *(sum(getattr(row, name) for row in rows) for name in _COUNTS)
    )


def _top_entries(asked: QuerySet[Any]) -> list[Listed]:
    """Return what was shown or chosen most; entries of whoever they are."""
    counts: dict[UUID, int] = {}
    for column in ("answered_id", "chosen_id"):
        rows = (
            asked.filter(**{f"{column}__isnull": False})
            .values(column)
            .annotate(count=Count("*"))
            .order_by("-count")[: 5 * MOST_LISTED]
        )
        for row in rows:
            counts[row[column]] = counts.get(row[column], 0) + row["count"]
    top = sorted(counts.items(), key=lambda item: -item[1])[:MOST_LISTED]
    titles = dict(
        Entry.objects.filter(pk__in=[pk for pk, _ in top]).values_list(
            "pk", "live__question"
        )
    )
    return [Listed(pk, titles[pk] or "", n) for pk, n in top if pk in titles]


def _top_clusters(bodies: Collection[int], desk: UUID | None) -> list[Listed]:
    found = Cluster.objects.filter(
        organization_id__in=sorted(bodies), state=Cluster.State.OPEN, size__gt=0
    )
    if desk:
        found = found.filter(desk_id=desk)
    rows = found.order_by("-size", "-last_at").values_list("pk", "title", "size")
    return [Listed(*row) for row in rows[:MOST_LISTED]]
