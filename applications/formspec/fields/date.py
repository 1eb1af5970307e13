"""Dates: typed in era or western years, filed as ISO, bounded by the day of filing."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from django import forms

from applications.formspec.fields.base import Field, Schema, Value
from applications.formspec.reading import (
    FieldError,
    Raw,
    is_blank,
    line_of,
    read,
    text_of,
)
from applications.formspec.widgets import Part, PartsWidget, Select, box
from foundation.japanese import ERAS, add_open_days, display_date, era_of
from foundation.japanese import date as read_date
from foundation.japanese.characters import folded

WESTERN = "西暦"
_LONGEST = 40
_SHARES = {"year": "年", "month": "月", "day": "日"}
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def _add_years(day: date, count: int) -> date:
    try:
        return day.replace(year=day.year + count)
    except ValueError:  # 29 February
        return day.replace(year=day.year + count, day=28)


_UNITS: dict[str, Callable[[date, int], date]] = {
    "open days": add_open_days,
    "days": lambda day, count: day + timedelta(days=count),
    "years": _add_years,
}
_BOUND: Schema = {
    "type": "string",
    "pattern": r"^(today|\d{4}-\d\d-\d\d"
    r"|\+\d{1,3} open days|[+-]\d{1,3} (days|years))$",
}


def bound_on(today: date, bound: str) -> date:
    """Tell the day that a bound of a form document means on a given day."""
    count, _, unit = bound.partition(" ")
    if unit:
        return _UNITS[unit](today, int(count))
    return today if bound == "today" else date.fromisoformat(bound)


@dataclass(frozen=True, kw_only=True, eq=False)
class Date(Field):
    """A day; `earliest` and `latest` move with the day of filing."""

    earliest: str = ""
    latest: str = ""

    parameters: ClassVar[Schema] = {"earliest": _BOUND, "latest": _BOUND}

    def blank(self, raw: Raw) -> bool:
        # The era is chosen before anybody types.
        if isinstance(raw, Mapping):
            return all(is_blank(raw.get(part)) for part in _SHARES)
        return super().blank(raw)

    def coerce(self, raw: Raw) -> Value:
        return read(read_date, self._written(raw), self.noun).isoformat()

    def _written(self, raw: Raw) -> str:
        """Write what the boxes hold as one text; a whole date may be in the first."""
        if not isinstance(raw, Mapping):
            return line_of(raw, self.noun, limit=_LONGEST)
        typed = {part: self._typed(raw, part) for part in _SHARES}
        if not typed["month"] and not typed["day"] and len(typed["year"]) > 4:
            return typed["year"]
        for part, share in _SHARES.items():
            if not typed[part]:
                msg = f"{self.noun}の「{share}」を入力してください。"
                raise FieldError(msg, part=part)
            if not re.fullmatch("[0-9]{1,4}|元", typed[part]):
                msg = f"{self.noun}の「{share}」は数字で入力してください。"
                raise FieldError(msg, part=part)
        era = text_of(raw.get("era") or WESTERN, self.noun, part="era")
        if era == WESTERN or len(typed["year"]) == 4:
            era = ""
        return f"{era}{typed['year']}年{typed['month']}月{typed['day']}日"

    def _typed(self, raw: Mapping[str, Raw], part: str) -> str:
        typed = raw.get(part) or ""
        if isinstance(typed, str) and typed.isascii() and typed.isdigit():
            return typed
        line = line_of(typed, self.noun, limit=_LONGEST, part=part)
        return read(folded, line, self.noun, part=part).removesuffix(_SHARES[part])

    def check(self, value: Value, *, today: date) -> None:
        if (
            self.earliest
            and value < (first := bound_on(today, self.earliest)).isoformat()
        ):
            msg = f"{self.noun}は、{display_date(first)}以降の日付を入力してください。"
            raise FieldError(msg)
        if self.latest and value > (last := bound_on(today, self.latest)).isoformat():
            msg = f"{self.noun}は、{display_date(last)}までの日付を入力してください。"
            raise FieldError(msg)

    def schema(self) -> Schema:
        return {"type": "string", "format": "date", "pattern": f"^{_ISO.pattern}$"}

    def widget(self) -> forms.Widget:
        tokens = {"year": "off", "month": "off", "day": "off"}
        if self.semantic == "applicant.birth_date":
            tokens = {part: f"bday-{part}" for part in tokens}
        eras = [(era.name, era.name) for era in ERAS]
        return PartsWidget(
            {
                "era": Part("年号", Select(choices=[*eras, (WESTERN, WESTERN)])),
                **{
                    part: Part(
                        share,
                        box(
                            inputmode="numeric",
                            autocomplete=tokens[part],
                            size=4 if part == "year" else 2,
                        ),
                    )
                    for part, share in _SHARES.items()
                },
            }
        )

    def hint_on(self, today: date) -> str:
        if not self.earliest.startswith("+"):
            return self.hint
        first = display_date(bound_on(today, self.earliest))
        return f"{self.hint}{first}以降の日付を入力できます。"

    def prefill(self, raw: Raw) -> Raw:
        """Put a date back into its boxes, in the era of the day."""
        if not isinstance(raw, str):
            return raw
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            return {"year": raw}
        era = era_of(day)
        return {
            "era": era.name if era else WESTERN,
            "year": str(day.year - era.year_zero if era else day.year),
            "month": str(day.month),
            "day": str(day.day),
        }

    def display(self, value: Value) -> tuple[str, ...]:
        return (display_date(date.fromisoformat(value)),)

    def problems(self) -> Iterator[str]:
        for name, bound in (("earliest", self.earliest), ("latest", self.latest)):
            try:
                bound_on(date(2000, 1, 1), bound or "today")
            except ValueError:
                yield f"「{name}」の日付がありません。"

    def cells(self, value: Value | None) -> tuple[str, ...]:
        return (value or "",)
