"""Days on which public offices are open (開庁日)."""

import datetime as dt
from functools import cache

from holidays.countries.japan import Japan

# Source: 地方自治法第4条の2第2項: Saturdays and Sundays, national holidays, and at the
# turn of the year the days that an ordinance sets (12月29日 to 1月3日 in 高知県).
_YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
_SATURDAY = 5


def is_open_day(day: dt.date) -> bool:
    """Tell whether offices are open: no weekend, no holiday, no turn of the year."""
    return (
        day.weekday() < _SATURDAY
        and (day.month, day.day) not in _YEAR_END
        and day not in _holidays(day.year)
    )


def add_open_days(day: dt.date, count: int) -> dt.date:
    """Return the `count`-th open day after `day`, which itself does not count.

    What arrives on a Friday is due by Wednesday when three open days are promised.
    With 0, `day` itself or the next open day.
    """
    if count < 0:
        msg = f"count must not be negative: {count}"
        raise ValueError(msg)
    if count == 0 and is_open_day(day):
        return day
    for _ in range(max(count, 1)):
        day += dt.timedelta(days=1)
        while not is_open_day(day):
            day += dt.timedelta(days=1)
    return day


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    """Return the national holidays of a year, substitutes included.

    Source: 国民の祝日に関する法律 (昭和23年法律第178号), by the library `holidays`; the
    equinoxes of a year are final only once published in February of the year before.
    """
    return frozenset(Japan(years=year))
