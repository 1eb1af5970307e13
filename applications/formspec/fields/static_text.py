"""A passage between the questions."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django import forms

from applications.formspec.fields.base import Item, Schema
from applications.formspec.widgets import Passage


@dataclass(frozen=True, kw_only=True, eq=False)
class StaticText(Item):
    """Something to read and nothing to answer; its label is its heading."""

    text: str

    parameters: ClassVar[Schema] = {
        "text": {"type": "string", "minLength": 1, "maxLength": 2000}
    }

    def form_field(self, *, today: date) -> forms.Field:  # noqa: ARG002 (timeless)
        return forms.Field(
            label=self.label,
            help_text=self.text,
            required=False,
            widget=Passage(),
            template_name="forms/static_text.html",
        )
