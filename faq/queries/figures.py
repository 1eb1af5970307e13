"""What was asked and what came of it, in figures: for the bodies one works for."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from faq.decision import Outcome
from faq.models import Cluster, Desk, Entry, Language, Question, Verdict
from faq.queries.tallies import Period, Tally
from organizations.queries import organization_names

MOST_LISTED = 10


@dataclass(frozen=True)
class Listed:
    """An entry or a cluster with how often it came up."""

    id: UUID
    title: str
    count: int


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
    counted = _counted(_asked(bodies, period, desk))
    found = {key: Tally(key, "", *counts) for key, counts in counted["day"].items()}
    days = [_named(found.get(day) or Tally(day, ""), day) for day in period.days]
    desks = Desk.objects.filter(organization_id__in=sorted(bodies))
    return Figures(
        all=_sum(found.values()),
        days=days,
        desks=_tallies(counted["desk_id"], {d.pk: d.name for d in desks}),
        places=_tallies(
            counted["place_id"], {None: "市町村を選ばない", **organization_names()}
        ),
        languages=_tallies(counted["language"], dict(Language.choices)),
        entries=_top_entries(bodies, counted["answered_id"], counted["chosen_id"]),
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


_Counted = dict[Any, list[int]]
_GROUPED = ("day", "desk_id", "place_id", "language", "answered_id", "chosen_id")
# All groups in one pass over the rows, which are what costs.
_ONE_SCAN = """
    SELECT grouping({names}), {names},
        count(*) FILTER (WHERE outcome = 'answer'),
        count(*) FILTER (WHERE outcome = 'candidates'),
        count(*) FILTER (WHERE outcome = 'hand_over'),
        count(*) FILTER (WHERE verdict = 'solved'),
        count(*) FILTER (WHERE verdict = 'unsolved')
    FROM ({asked}) AS asked GROUP BY GROUPING SETS ({sets})
"""


def _counted(asked: QuerySet[Question]) -> dict[str, _Counted]:
    """Return column → value → counts, for each column that is grouped by."""
    rows = asked.annotate(day=_DAY).order_by().values(*_GROUPED, "outcome", "verdict")
    found: dict[str, _Counted] = {name: {} for name in _GROUPED}
    try:
        inner, parameters = rows.query.sql_with_params()
    except EmptyResultSet:  # of no body
        return found
    sql = _ONE_SCAN.format(
        names=", ".join(_GROUPED),
        sets=", ".join(f"({name})" for name in _GROUPED),
        asked=inner,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for mask, *values in cursor.fetchall():
            # A bit for each column that a row is not grouped by, the last one lowest.
            place = next(
                n
                for n in range(len(_GROUPED))
                if not mask >> (len(_GROUPED) - 1 - n) & 1
            )
            found[_GROUPED[place]][values[place]] = values[len(_GROUPED) :]
    return found


def _tallies(counted: _Counted, labels: dict[Any, str]) -> list[Tally]:
    """Return the tallies of a column, most first."""
    tallies = [
        Tally(key, labels.get(key, str(key)), *counts)
        for key, counts in counted.items()
    ]
    return sorted(tallies, key=lambda tally: -tally.total)


def _named(tally: Tally, day: date) -> Tally:
    return replace(tally, label=f"{day.month}/{day.day}")


def _sum(tallies: Iterable[Tally]) -> Tally:
    rows = list(tallies)
    return Tally(
        None, "合計", *(sum(getattr(row, name) for row in rows) for name in _COUNTS)
    )


def _top_entries(bodies: Collection[int], *columns: _Counted) -> list[Listed]:
    """Return what was shown or chosen most; of others, what residents may read."""
    shown: Counter[UUID] = Counter()
    for counted in columns:
        for key, counts in counted.items():
            if key is not None:
                shown[key] += sum(counts[:3])
    top = shown.most_common(MOST_LISTED)
    known = Entry.objects.known_to(bodies).filter(pk__in=[pk for pk, _ in top])
    titles = dict(known.values_list("pk", "live__question"))
    return [Listed(pk, titles[pk] or "", n) for pk, n in top if pk in titles]


def _top_clusters(bodies: Collection[int], desk: UUID | None) -> list[Listed]:
    found = Cluster.objects.filter(
        organization_id__in=sorted(bodies), state=Cluster.State.OPEN, size__gt=0
    )
    if desk:
        found = found.filter(desk_id=desk)
    rows = found.order_by("-size", "-last_at").values_list("pk", "title", "size")
    return [Listed(*row) for row in rows[:MOST_LISTED]]
