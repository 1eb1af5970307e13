"""The kinds of questions a form can ask. To add one: a class, and a line here."""

from collections.abc import Mapping
from typing import Any

from applications.formspec.fields.address import Address
from applications.formspec.fields.base import Item
from applications.formspec.fields.choices import Checkboxes, Choice, Consent, YesNo
from applications.formspec.fields.date import Date
from applications.formspec.fields.person_name import PersonName
from applications.formspec.fields.static_text import StaticText
from applications.formspec.fields.text import (
    CorporateNumber,
    Digits,
    Email,
    Integer,
    Kana,
    Phone,
    Text,
    Textarea,
)

FIELD_TYPES: dict[str, type[Item]] = {
    "text": Text,
    "textarea": Textarea,
    "integer": Integer,
    "digits": Digits,
    "person_name": PersonName,
    "kana": Kana,
    "address": Address,
    "phone": Phone,
    "email": Email,
    "date": Date,
    "choice": Choice,
    "checkboxes": Checkboxes,
    "yes_no": YesNo,
    "consent": Consent,
    "corporate_number": CorporateNumber,
    "static_text": StaticText,
}


def build_item(definition: Mapping[str, Any]) -> Item:
    """Build the item that a form document defines; the document is valid."""
    members = {name: value for name, value in definition.items() if name != "type"}
    return FIELD_TYPES[definition["type"]](**members)
