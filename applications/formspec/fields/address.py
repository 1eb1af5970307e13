"""Addresses, found by their postal code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from applications.formspec.fields.base import Column, Field, Schema, Value
from applications.formspec.reading import FieldError, Raw, is_blank, line_of, read
from applications.formspec.widgets import (
    UNCHOSEN,
    Attributes,
    Part,
    PartsWidget,
    Select,
    box,
)
from foundation.japanese import Address as Place
from foundation.japanese import (
    TextError,
    addresses_for,
    display_postal_code,
    postal_code,
    search_key,
)

# Source: 全国地方公共団体コード, 総務省, 2026-11; the order of the codes 01 to 47.
# fmt: off
PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県",
    "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県",
    "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県",
    "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県",
    "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県",
    "徳島県", "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県",
    "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)
# fmt: on

LOOK_UP = "look_up"
"""Name of the submit button 「住所を検索」; its value is the name of the address."""

LABELS = {
    "prefecture": "都道府県",
    "city": "市区町村",
    "town": "町名",
    "rest": "番地・建物名・部屋番号",
}
PLACE_LABEL = "住所（町名を選んでください）"
_PLACE = ("prefecture", "city", "town")
_LONGEST = 100


def _written(place: Place) -> str:
    return f"{place.city}{place.town}"


def _places(raw: Mapping[str, Raw]) -> list[Place] | None:
    """List the places in Kochi under the postal code; `None` if it is no code."""
    code = raw.get("postal_code")
    try:
        return addresses_for(postal_code(code)) if isinstance(code, str) else None
    except TextError:
        return None


def with_place(raw: Mapping[str, Raw], *, replace: bool = False) -> dict[str, Raw]:
    """Fill in the place that the postal code, or the choice between several, tells.

    What a person typed stays, unless they asked for it to be replaced.
    """
    places = _places(raw) or []
    chosen = [place for place in places if _written(place) == raw.get("place")]
    untouched = all(is_blank(raw.get(part)) for part in _PLACE)
    if not chosen and not (len(places) == 1 and (replace or untouched)):
        return dict(raw)
    place = (chosen or places)[0]
    kept = {part: value for part, value in raw.items() if part != "place"}
    return kept | {part: getattr(place, part) for part in _PLACE}


class AddressWidget(PartsWidget):
    """A postal code that finds the rest, by a button that needs no JavaScript.

    Where several towns share the code, a list of them stands in for the boxes.
    """

    template_name = "forms/address.html"

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> dict[str, Any]:
        typed = super().value_from_datadict(data, files, name)
        return with_place(typed, replace=data.get(LOOK_UP) == name)

    def get_context(
        self, name: str, value: Any, attrs: Attributes | None
    ) -> dict[str, Any]:
        typed = value if isinstance(value, Mapping) else {}
        places = _places(typed)
        names = [_written(place) for place in places or ()]
        several = len(names) > 1
        if several:
            known = "".join(str(typed.get(part) or "") for part in ("city", "town"))
            typed = {"place": known, **typed}
            offered = Select(choices=[*UNCHOSEN, *zip(names, names, strict=True)])
            self.parts = {**self.parts, "place": Part(PLACE_LABEL, offered)}
        context = super().get_context(name, typed, attrs)
        context["widget"] |= {
            "look_up": LOOK_UP,
            "several": several,
            "unknown": places == [],
        }
        return context


@dataclass(frozen=True, kw_only=True, eq=False)
class Address(Field):
    """A postal code and an address; in Kochi the code alone tells the town."""

    def coerce(self, raw: Raw) -> Value:
        if not isinstance(raw, Mapping):
            msg = f"{self.noun}は、郵便番号と住所に分けて入力してください。"
            raise FieldError(msg)
        code = self._code(raw)
        raw = with_place(raw)
        places = addresses_for(code)
        if len(places) > 1 and is_blank(raw.get("city")):
            msg = f"{self.noun}の町名を、一覧から選んでください。"
            raise FieldError(msg, part="place")
        address = {part: self._line(raw, part) for part in LABELS}
        if address["prefecture"] not in PREFECTURES:
            msg = f"{self.noun}の都道府県を選んでください。"
            raise FieldError(msg, part="prefecture")
        if places and not any(_covers(place, address) for place in places):
            msg = (
                f"郵便番号{display_postal_code(code)}は{_written(places[0])}の番号です。"
                "郵便番号か住所の、どちらかを直してください。"
            )
            raise FieldError(msg, part="postal_code")
        return {"postal_code": code, **address}

    def _code(self, raw: Mapping[str, Raw]) -> str:
        typed = raw.get("postal_code")
        if is_blank(typed):
            msg = f"{self.noun}の郵便番号を入力してください。"
            raise FieldError(msg, part="postal_code")
        line = line_of(typed, self.noun, limit=_LONGEST, part="postal_code")
        return read(postal_code, line, "郵便番号", part="postal_code")

    def _line(self, raw: Mapping[str, Raw], part: str) -> str:
        typed, noun = raw.get(part), f"{self.noun}の{LABELS[part]}"
        if not is_blank(typed):
            return line_of(typed, noun, limit=_LONGEST, part=part)
        if part == "town":  # some villages have none
            return ""
        msg = f"{noun}を{'選んで' if part == 'prefecture' else '入力して'}ください。"
        raise FieldError(msg, part=part)

    def schema(self) -> Schema:
        line = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
        properties = {
            "postal_code": {"type": "string", "pattern": "^[0-9]{7}$"},
            "prefecture": {"enum": list(PREFECTURES)},
            "city": line,
            "town": {"type": "string", "maxLength": _LONGEST},
            "rest": line,
        }
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    def widget(self) -> forms.Widget:
        def token(known: str) -> str:
            return known if self.about_applicant else "off"

        prefectures = [*UNCHOSEN, *zip(PREFECTURES, PREFECTURES, strict=True)]
        return AddressWidget(
            {
                "postal_code": Part(
                    "郵便番号",
                    box(inputmode="numeric", autocomplete=token("postal-code"), size=8),
                ),
                "place": Part(PLACE_LABEL, Select()),
                "prefecture": Part(
                    LABELS["prefecture"],
                    Select(
                        {"autocomplete": token("address-level1")}, choices=prefectures
                    ),
                ),
                "city": Part(LABELS["city"], box(autocomplete=token("address-level2"))),
                "town": Part(LABELS["town"], box(autocomplete=token("address-level3"))),
                "rest": Part(LABELS["rest"], box(autocomplete=token("address-line1"))),
            }
        )

    def prefill(self, raw: Raw) -> Raw:
        """Show a filed postal code with its hyphen, and the place it tells."""
        if not isinstance(raw, Mapping):
            return raw
        code = raw.get("postal_code")
        if isinstance(code, str) and re.fullmatch("[0-9]{7}", code):
            raw = {**raw, "postal_code": display_postal_code(code)}
        return with_place(raw)

    def display(self, value: Value) -> tuple[str, ...]:
        return (f"〒{display_postal_code(value['postal_code'])}", _joined(value))

    def columns(self) -> tuple[Column, ...]:
        return (
            Column(f"{self.key}.postal_code", f"{self.noun}：郵便番号"),
            Column(self.key, self.noun),
        )

    def cells(self, value: Value | None) -> tuple[str, ...]:
        return (value["postal_code"], _joined(value)) if value else ("", "")


def _covers(place: Place, address: Mapping[str, str]) -> bool:
    """Tell whether a place can be meant, with or without its 郡, 梼原 or 檮原."""
    city = place.city.rpartition("郡")[2]
    written = f"{address['city']}{address['town']}"
    return place.prefecture == address["prefecture"] and (
        city in written or search_key(city) in search_key(written)
    )


def _joined(value: Mapping[str, str]) -> str:
    return "".join(value[part] for part in LABELS)
