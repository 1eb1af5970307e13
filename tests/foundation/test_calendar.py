import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.japanese import add_open_days, is_open_day

# Source: 内閣府「国民の祝日」について, 令和9年 (2027), substitute of 21 March included.
HOLIDAYS_2027 = [
    "01-01", "01-11", "02-11", "02-23", "03-21", "03-22", "04-29", "05-03", "05-04",
    "05-05", "07-19", "08-11", "09-20", "09-23", "10-11", "11-03", "11-23",
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2026-11-20", True),
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),  # Sunday
        ("2026-11-23", False),  # 勤労感謝の日
        ("2026-05-06", False),  # substitute for 3 May, a Sunday
        ("2026-09-22", False),  # between two holidays
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2027-01-03", False),
        ("2027-01-04", True),
    ],
)
def test_offices_are_open_but_on_weekends_holidays_and_the_turn_of_the_year(
    day, is_open
):
    assert is_open_day(dt.date.fromisoformat(day)) is is_open


def test_every_weekday_that_offices_close_in_2027_has_a_reason():
    closed = {
        day
        for number in range(365)
        if (day := dt.date(2027, 1, 1) + dt.timedelta(number)).weekday() < 5
        and not is_open_day(day)
    }
    holidays = {dt.date.fromisoformat(f"2027-{day}") for day in HOLIDAYS_2027}
    turn = {dt.date(2027, 12, day) for day in (29, 30, 31)}

    assert closed == {day for day in holidays | turn if day.weekday() < 5}


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-11-20", 1, "2026-11-24"),
        ("2026-11-20", 3, "2026-11-26"),
        ("2026-11-21", 0, "2026-11-24"),
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-12-25", 2, "2027-01-04"),
    ],
)
def test_open_days_are_counted_from_the_day_after(day, count, due):
    assert add_open_days(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(
        due
    )


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 30))
def test_every_open_day_added_is_an_open_day_later(day, count):
    due = add_open_days(day, count)

    assert is_open_day(due)
    assert add_open_days(day, count - 1) < due or count == 1


def test_open_days_cannot_be_counted_backwards():
    with pytest.raises(ValueError, match="must not be negative"):
        add_open_days(dt.date(2026, 11, 20), -1)
