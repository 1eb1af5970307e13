"""Questions answered by typing into one box."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from applications.formspec.conditions import Constant
from applications.formspec.fields.base import Field, Schema, Value
from applications.formspec.reading import (
    FieldError,
    Raw,
    check_length,
    line_of,
    read,
    text_of,
)
from applications.formspec.widgets import box
from foundation.japanese import (
    corporate_number,
    digits,
    display_phone,
    free_text,
    kana,
    phone,
)
from foundation.japanese.characters import folded, plain_characters

# Longer than any code, number or reading; what is longer is not worth reading.
LONGEST_CODE = 100
# 64 characters before the @ and 255 after it would be 320, but a path in SMTP has 254.
# Source: RFC 5321 4.5.3.1.3, erratum 1690
LONGEST_EMAIL = 254

_LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": 10_000}
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 10**12}


@dataclass(frozen=True, kw_only=True, eq=False)
class Text(Field):
    """One line, kept as typed."""

    max_length: int = 200

    parameters: ClassVar[Schema] = {"max_length": _LIMIT}

    def coerce(self, raw: Raw) -> Value:
        return line_of(raw, self.noun, limit=self.max_length)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.max_length}

    def widget(self) -> forms.Widget:
        return box()


@dataclass(frozen=True, kw_only=True, eq=False)
class Textarea(Field):
    """Several lines, kept as typed but for line ends, which become LF."""

    max_length: int = 2000

    parameters: ClassVar[Schema] = {"max_length": _LIMIT}

    def coerce(self, raw: Raw) -> Value:
        text = read(free_text, text_of(raw, self.noun), self.noun).strip()
        check_length(text, self.noun, limit=self.max_length)
        return text

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.max_length}

    def widget(self) -> forms.Widget:
        return forms.Textarea({"rows": 6, "cols": None})


@dataclass(frozen=True, kw_only=True, eq=False)
class Integer(Field):
    """A whole number of something."""

    minimum: int = 0
    maximum: int = 10**9
    unit: str = ""

    parameters: ClassVar[Schema] = {
        "minimum": _COUNT,
        "maximum": _COUNT,
        "unit": {"type": "string", "maxLength": 10},
    }
    operators: ClassVar[frozenset[str]] = frozenset({"==", "!=", "in", ">", "<"})

    def coerce(self, raw: Raw) -> Value:
        text = line_of(raw, self.noun, limit=LONGEST_CODE)
        plain = read(folded, text, self.noun).replace(",", "")
        plain = plain.removesuffix(plain_characters(self.unit))
        if not re.fullmatch(r"-?[0-9]{1,20}", plain.strip()):
            msg = f"{self.noun}は数字で入力してください（例：{self.minimum or 1}）。"
            raise FieldError(msg)
        number = int(plain)
        if not self.minimum <= number <= self.maximum:
            msg = (
                f"{self.noun}は{self.minimum:,}{self.unit}から"
                f"{self.maximum:,}{self.unit}までの数字で入力してください。"
            )
            raise FieldError(msg)
        return number

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def widget(self) -> forms.Widget:
        return box(inputmode="numeric", autocomplete="off")

    def display(self, value: Value) -> tuple[str, ...]:
        return (f"{value:,}{self.unit}",)

    def cells(self, value: Value | None) -> tuple[str, ...]:
        return ("" if value is None else str(value),)

    def representatives(self, constants: Collection[Constant]) -> list[Value]:
        near = {int(one) + step for one in constants for step in (-1, 0, 1)}
        return sorted(one for one in near if self.minimum <= one <= self.maximum)

    def problems(self) -> Iterator[str]:
        if self.minimum > self.maximum:
            yield "「minimum」が「maximum」より大きくなっています。"


@dataclass(frozen=True, kw_only=True, eq=False)
class Digits(Field):
    """A number that is a name, such as that of a microchip: so many digits."""

    length: int

    parameters: ClassVar[Schema] = {
        "length": {"type": "integer", "minimum": 1, "maximum": 40}
    }

    def coerce(self, raw: Raw) -> Value:
        wanted = f"{self.noun}は{self.length}けたの数字で入力してください"
        try:
            number = read(
                digits, line_of(raw, self.noun, limit=LONGEST_CODE), self.noun
            )
        except FieldError as error:
            msg = f"{wanted}。"
            raise FieldError(msg) from error
        if len(number) != self.length:
            msg = f"{wanted}（今は{len(number)}けたです）。"
            raise FieldError(msg)
        return number

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^[0-9]{{{self.length}}}$"}

    def widget(self) -> forms.Widget:
        return box(inputmode="numeric", autocomplete="off")


@dataclass(frozen=True, kw_only=True, eq=False)
class CorporateNumber(Field):
    """法人番号: 13 digits, the first of which checks the others."""

    def coerce(self, raw: Raw) -> Value:
        return read(
            corporate_number, line_of(raw, self.noun, limit=LONGEST_CODE), self.noun
        )

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[1-9][0-9]{12}$"}

    def widget(self) -> forms.Widget:
        return box(inputmode="numeric", autocomplete="off")


@dataclass(frozen=True, kw_only=True, eq=False)
class Kana(Field):
    """A reading (フリガナ), filed in full-width katakana however it is typed."""

    max_length: int = LONGEST_CODE

    parameters: ClassVar[Schema] = {"max_length": _LIMIT}

    def coerce(self, raw: Raw) -> Value:
        return read(kana, line_of(raw, self.noun, limit=self.max_length), self.noun)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "pattern": "^[ァ-ヿㇰ-ㇿ\u3000]+$"}

    def widget(self) -> forms.Widget:
        return box(autocomplete="off")


@dataclass(frozen=True, kw_only=True, eq=False)
class Phone(Field):
    """A telephone number, filed as E.164."""

    def coerce(self, raw: Raw) -> Value:
        return read(phone, line_of(raw, self.noun, limit=LONGEST_CODE), self.noun)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^\+[1-9][0-9]{4,14}$"}

    def widget(self) -> forms.Widget:
        known = "tel" if self.about_applicant else "off"
        return forms.TextInput(
            {"type": "tel", "inputmode": "tel", "autocomplete": known}
        )

    def prefill(self, raw: Raw) -> Raw:
        filed = isinstance(raw, str) and re.fullmatch(self.schema()["pattern"], raw)
        return display_phone(raw) if filed else raw

    def display(self, value: Value) -> tuple[str, ...]:
        return (display_phone(value),)

    def suspected_my_number(self, raw: Raw) -> bool:
        # +81 90 1234 5678 has twelve digits too.
        try:
            self.coerce(raw)
        except FieldError:
            return super().suspected_my_number(raw)
        return False


@dataclass(frozen=True, kw_only=True, eq=False)
class Email(Field):
    """An e-mail address, filed in half-width characters."""

    def coerce(self, raw: Raw) -> Value:
        line = line_of(raw, self.noun, limit=LONGEST_EMAIL)
        address = read(folded, line, self.noun)
        try:
            validate_email(address)
        except ValidationError as error:
            msg = f"{self.noun}は「tosa@example.jp」のような形で入力してください。"
            raise FieldError(msg) from error
        return address

    def schema(self) -> Schema:
        return {"type": "string", "format": "email", "maxLength": LONGEST_EMAIL}

    def widget(self) -> forms.Widget:
        known = "email" if self.about_applicant else "off"
        return forms.EmailInput({"autocomplete": known, "spellcheck": "false"})
