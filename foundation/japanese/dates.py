"""Dates as people in Japan write them: era or western years, in any common form."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from foundation.japanese.characters import folded
from foundation.japanese.errors import TextError


@dataclass(frozen=True)
class Era:
    """An era name (元号) and the days it covers.

    Args:
        initial: The Latin letter that stands for it (`R` for 令和).
        begins_on: Its first day; it ends the day before the next one's.
        year_zero: The western year before its year 1.
    """

    name: str
    initial: str
    begins_on: dt.date
    year_zero: int


# Source: 元号を改める政令 (昭和64年政令第1号, 平成31年政令第143号), before them the
# imperial edicts of 1912 and 1926. 明治 is read from the day on which Japan took the
# Gregorian calendar (明治5年太政官布告第337号).
ERAS = (
    Era("令和", "R", dt.date(2019, 5, 1), 2018),
    Era("平成", "H", dt.date(1989, 1, 8), 1988),
    Era("昭和", "S", dt.date(1926, 12, 25), 1925),
    Era("大正", "T", dt.date(1912, 7, 30), 1911),
    Era("明治", "M", dt.date(1873, 1, 1), 1867),
)
FIRST_DAY = ERAS[-1].begins_on

_ERA_OF_MARK = {
    mark: era for era in ERAS for mark in (era.name, era.name[0], era.initial)
}
_MARK = "(?P<mark>" + "|".join(_ERA_OF_MARK) + ")"
_MONTH_AND_DAY = r"[年./-](?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?"
_FORMS = [
    re.compile(form, re.ASCII)
    for form in (
        _MARK + r"(?P<year>元|\d{1,2})" + _MONTH_AND_DAY,  # 令和8年11月23日, R8.11.23
        _MARK + r"(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)",  # R081123
        r"(?:西暦)?(?P<year>\d{4})" + _MONTH_AND_DAY,  # 2026-11-23, 2026年11月23日
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",  # 20261123
    )
]
_BRACKETED_YEAR = re.compile(r"\((?P<year>\d{4})年?\)", re.ASCII)
_WEEKDAY = re.compile(r"(?:\([^()0-9]*\)|[月火水木金土日]曜日?)$")
_KANJI_DIGITS = "〇一二三四五六七八九"
_KANJI_NUMBER = re.compile(
    f"(?P<tens>[{_KANJI_DIGITS}]?)十(?P<ones>[{_KANJI_DIGITS}]?)|[{_KANJI_DIGITS}]+"
)


def date(raw: str) -> dt.date:
    """Return the date that was typed.

    Raises:
        TextError: it cannot be read, does not exist, or lies outside its era (the
            sentence then names the right one).
    """
    text = _without_decoration(folded(raw).upper())
    bracketed = _BRACKETED_YEAR.search(text)
    text = _WEEKDAY.sub("", _BRACKETED_YEAR.sub("", text))
    matches = (form.fullmatch(text) for form in _FORMS)
    if match := next(filter(None, matches), None):
        found = _checked(**match.groupdict())
        if bracketed is None or int(bracketed["year"]) == found.year:
            return found
    msg = "日付は「令和8年11月23日」や「2026年11月23日」のように入力してください。"
    raise TextError(msg)


def era_of(day: dt.date) -> Era | None:
    """Return the era of a day; None before 1873."""
    return next((era for era in ERAS if era.begins_on <= day), None)


def display_date(day: dt.date) -> str:
    """Return `令和8年11月23日（2026年）`."""
    era = era_of(day)
    if era is None:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{_in_era(era, day)}（{day.year}年）"


def display_instant(at: dt.datetime) -> str:
    """Return `令和8年11月23日（2026年）14時05分09秒`, in the zone that `at` carries."""
    return f"{display_date(at.date())}{at.hour}時{at:%M分%S秒}"


def fiscal_year(day: dt.date) -> int:
    """Return the fiscal year (年度), which begins on 1 April."""
    return day.year if day.month >= 4 else day.year - 1


def _without_decoration(text: str) -> str:
    """Return the text with spaces, separators and kanji numbers made plain."""
    dashed = re.sub(r"(?<=\d)\s+(?=\d)", "-", re.sub(r"[・、,]", ".", text))
    return _KANJI_NUMBER.sub(_arabic, re.sub(r"\s+", "", dashed))


def _arabic(kanji: re.Match[str]) -> str:
    if kanji["tens"] is None:
        return "".join(str(_KANJI_DIGITS.index(digit)) for digit in kanji.group())
    tens, ones = (_KANJI_DIGITS.find(kanji[part] or " ") for part in ("tens", "ones"))
    return str((tens if tens > 0 else 1) * 10 + max(ones, 0))


def _checked(year: str, month: str, day: str, mark: str | None = None) -> dt.date:
    era = _ERA_OF_MARK[mark] if mark else None
    western = (1 if year == "元" else int(year)) + (era.year_zero if era else 0)
    if western < FIRST_DAY.year:
        msg = "明治6年（1873年）1月1日以後の日付を入力してください。"
        raise TextError(msg)
    if not 1 <= int(month) <= 12:
        msg = "月は、1から12までの数字で入力してください。"
        raise TextError(msg)
    last = calendar.monthrange(western, int(month))[1]
    if not 1 <= int(day) <= last:
        typed = f"{era.name if era else ''}{year}年{int(month)}月"
        msg = f"{typed}は{last}日までです。日をもう一度お確かめください。"
        raise TextError(msg)
    found = dt.date(western, int(month), int(day))
    if era and (right := era_of(found)) and right is not era:
        typed, meant = _in_era(era, found), _in_era(right, found)
        msg = f"{typed}は{meant}です。元号と年をお確かめください。"
        raise TextError(msg)
    return found


def _in_era(era: Era, day: dt.date) -> str:
    year = day.year - era.year_zero
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
