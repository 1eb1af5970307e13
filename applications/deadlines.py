"""標準処理期間: when a decision is due.

Source: 行政手続法6条; the time spent on corrections (補正) does not count.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from foundation.japanese.calendar import is_open_day

ONE_DAY = timedelta(days=1)
Pause = tuple[date, date]


def due_on(
    filed_on: date, days: int, unit: str, pauses: Iterable[Pause] = ()
) -> date:
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
