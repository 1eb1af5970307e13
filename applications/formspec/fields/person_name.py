"""Names of persons: kept as their owners write them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms

from applications.formspec.fields.base import Field, Schema, Value
from applications.formspec.reading import FieldError, Raw, is_blank, line_of, read
from applications.formspec.widgets import NameWidget, Part, box
from foundation.japanese import name

LONGEST_PART = 60
# Residence cards carry Latin names of more than 60 characters.
LONGEST_FULL_NAME = 120

_SHARES = {"family": "姓", "given": "名"}


@dataclass(frozen=True, kw_only=True, eq=False)
class PersonName(Field):
    """姓 and 名 apart, or one box for a name that does not come in these parts.

    Filed as `{"family", "given"}` or `{"full"}`, with every ideograph and variation
    selector as typed.
    """

    def coerce(self, raw: Raw) -> Value:
        if isinstance(raw, str):
            raw = {"full": raw}
        if not isinstance(raw, Mapping):
            msg = f"{self.noun}は「姓」と「名」に分けて入力してください。"
            raise FieldError(msg)
        parted = [part for part in _SHARES if not is_blank(raw.get(part))]
        if not is_blank(raw.get("full")):
            if parted:
                msg = (
                    f"{self.noun}は、「姓」と「名」の欄か「姓と名に分けない」欄の、"
                    "どちらか一方だけに入力してください。"
                )
                raise FieldError(msg, part="full")
            return {"full": self._read(raw["full"], "full", LONGEST_FULL_NAME)}
        for part, share in _SHARES.items():
            if part not in parted:
                msg = f"{self.noun}の「{share}」を入力してください。"
                raise FieldError(msg, part=part)
        return {part: self._read(raw[part], part, LONGEST_PART) for part in _SHARES}

    def _read(self, raw: Raw, part: str, limit: int) -> str:
        share = _SHARES.get(part)
        noun = f"{self.noun}の「{share}」" if share else self.noun
        line = line_of(raw, noun, limit=limit, part=part)
        return read(name, line, noun, part=part)

    def schema(self) -> Schema:
        def text(limit: int) -> Schema:
            return {"type": "string", "minLength": 1, "maxLength": limit}

        return {
            "type": "object",
            "oneOf": [
                {
                    "properties": dict.fromkeys(_SHARES, text(LONGEST_PART)),
                    "required": list(_SHARES),
                    "additionalProperties": False,
                },
                {
                    "properties": {"full": text(LONGEST_FULL_NAME)},
                    "required": ["full"],
                    "additionalProperties": False,
                },
            ],
        }

    def widget(self) -> forms.Widget:
        tokens = ("family-name", "given-name", "name")
        family, given, full = tokens if self.about_applicant else ("off",) * 3
        return NameWidget(
            {
                "family": Part("姓", box(autocomplete=family, size=12)),
                "given": Part("名", box(autocomplete=given, size=12)),
                "full": Part("お名前（つづけて入力）", box(autocomplete=full)),
            }
        )

    def prefill(self, raw: Raw) -> Raw:
        return {"full": raw} if isinstance(raw, str) else raw

    def display(self, value: Value) -> tuple[str, ...]:
        return (full_name(value),)


def full_name(value: Mapping[str, str]) -> str:
    """Write a filed name in one line, as 髙知　太郎."""
    return value.get("full") or f"{value['family']}\u3000{value['given']}"
