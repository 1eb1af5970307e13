"""標準処理期間: when a decision is due; 補正の期限: when a correction may be.

Source: 行政手続法6条; the time spent on corrections (補正) does not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from applications.formspec.fields.date import Date
from foundation.japanese.calendar import is_open_day

ONE_DAY = timedelta(days=1)
Pause = tuple[date, date]


def due_on(filed_on: date, days: int, unit: str, pauses: Iterable[Pause] = ()) -> date:
    """Return the last day of the standard period.

    Args:
        filed_on: Day of arrival; the period begins the day after.
        days: Length of the period.
        unit: `"open"` counts the days on which offices are open, `"calendar"` all.
        pauses: (sent, arrived again) of each correction; days after the first up to
            the second do not count.
    """
    pauses, day = tuple(pauses), filed_on
    while days > 0:
        day += ONE_DAY
        counts = unit == "calendar" or is_open_day(day)
        if counts and not any(sent < day <= back for sent, back in pauses):
            days -= 1
    return day


# The day by which an applicant may be asked to correct something.
CORRECT_BY = Date(
    key="due_on", label="補正の期限", earliest="+1 open days", latest="+1 years"
)


class Urgency(StrEnum):
    """How near the due day is."""

    CALM = "calm"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class TimeLeft:
    """Days until a case is due, in its own unit; beyond it, minus calendar days."""

    days: int
    urgency: Urgency


SOON_FROM_PERCENT = 80


def time_left(due: date, today: date, days: int, unit: str) -> TimeLeft:
    """Return what is left of a standard period of so many `days`.

    Counted back from the due day, so that days spent on corrections do not count.
    """
    if today > due:
        return TimeLeft(-(today - due).days, Urgency.OVERDUE)
    between = range((due - today).days)
    left = sum(unit == "calendar" or is_open_day(due - n * ONE_DAY) for n in between)
    spent_percent = 100 * (days - left) / days if days else 100
    soon = spent_percent >= SOON_FROM_PERCENT
    return TimeLeft(left, Urgency.SOON if soon else Urgency.CALM)
