import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.japanese import (
    ERAS,
    TextError,
    date,
    display_date,
    display_instant,
    era_of,
    fiscal_year,
)

DAYS = st.dates(min_value=dt.date(1873, 1, 1), max_value=dt.date(2117, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "令和8年11月23日",
        "令8.11.23",
        "R8.11.23",
        "ｒ８／１１／２３",
        "R081123",
        "㋿8-11-23",
        "令和八年十一月二十三日",
        "令和 8 年 11 月 23 日",
        "令和8年11月23日（月・祝）",
        "令和8年11月23日（2026年）",
        "令和8年(2026年)11月23日 月曜日",
        "2026-11-23",
        "２０２６／１１／２３",
        "2026 11 23",
        "2026年11月23日",
        "西暦2026年11月23日",
        "二〇二六年十一月二十三日",
        "20261123",
    ],
)
def test_a_date_is_read_in_every_common_form(typed):
    assert date(typed) == dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("平成31年5月1日", "平成31年5月1日は令和元年5月1日です"),
        ("令和元年4月30日", "令和元年4月30日は平成31年4月30日です"),
        ("昭和64年1月8日", "昭和64年1月8日は平成元年1月8日です"),
        ("大正15年12月25日", "大正15年12月25日は昭和元年12月25日です"),
    ],
)
def test_a_date_outside_its_era_is_answered_with_the_right_one(typed, sentence):
    with pytest.raises(TextError, match=sentence):
        date(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("令和8年2月30日", "令和8年2月は28日まで"),
        ("2028-02-30", "2028年2月は29日まで"),
        ("令和8年13月1日", "月は、1から12まで"),
        ("明治5年12月1日", "明治6年（1873年）1月1日以後"),
        ("0000-01-01", "明治6年（1873年）1月1日以後"),
        ("令和8年（2027年）11月23日", "のように入力してください"),
        ("26/11/23", "のように入力してください"),
        ("きのう", "のように入力してください"),
        ("", "のように入力してください"),
        ("9" * 5000, "のように入力してください"),
        ("令和8年11月23日\x00", "制御文字"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_what_to_do(typed, sentence):
    with pytest.raises(TextError, match=sentence):
        date(typed)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (dt.date(2026, 11, 23), "令和8年11月23日（2026年）"),
        (dt.date(2019, 5, 1), "令和元年5月1日（2019年）"),
        (dt.date(2019, 4, 30), "平成31年4月30日（2019年）"),
        (dt.date(1868, 1, 1), "1868年1月1日"),
    ],
)
def test_a_day_is_shown_in_its_era_with_the_western_year(day, shown):
    assert display_date(day) == shown


def test_an_instant_is_shown_with_its_time_of_day():
    at = dt.datetime(2026, 11, 23, 14, 5, 9, tzinfo=dt.UTC)

    assert display_instant(at) == "令和8年11月23日（2026年）14時05分09秒"
    assert "）3時" in display_instant(at.replace(hour=3))


@given(DAYS)
def test_what_is_shown_is_read_back_as_the_same_day(day):
    era = era_of(day)
    assert era is not None
    short = f"{era.initial}{day.year - era.year_zero}.{day.month}.{day.day}"

    assert date(display_date(day)) == date(day.isoformat()) == date(short) == day


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_a_day_or_a_sentence(typed):
    try:
        answer = display_date(date(typed))
    except TextError as error:
        answer = str(error)

    assert answer.endswith(("年）", "。"))


def test_the_eras_follow_each_other_without_a_gap():
    for later, earlier in pairwise(ERAS):
        assert era_of(later.begins_on) is later
        assert era_of(later.begins_on - dt.timedelta(days=1)) is earlier


@pytest.mark.parametrize(
    ("day", "year"),
    [(dt.date(2026, 3, 31), 2025), (dt.date(2026, 4, 1), 2026)],
)
def test_the_fiscal_year_begins_on_the_first_of_april(day, year):
    assert fiscal_year(day) == year
