"""The boxes a question is answered with; what they send is its raw answer, exactly.

Templates are in `templates/forms/` and need no JavaScript.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

Attributes = dict[str, Any]
Choices = Sequence[tuple[str, str]]

UNCHOSEN: Choices = (("", "選んでください"),)


def box(**attributes: str | int) -> forms.TextInput:
    """Draw one line to type in; attributes that are empty are left out."""
    return forms.TextInput(
        {
            name.replace("_", "-"): value
            for name, value in attributes.items()
            if value not in {"", 0}
        }
    )


class Select(forms.Select):
    """A list to choose from; one template draws all of it, not one each option."""

    template_name = "forms/select.html"


@dataclass(frozen=True)
class Part:
    """One labelled box of a question that has several."""

    label: str
    widget: forms.Widget


class PartsWidget(forms.Widget):
    """Several labelled boxes in a fieldset; sends a mapping of what each holds."""

    template_name = "forms/parts.html"
    use_fieldset = True

    def __init__(self, parts: Mapping[str, Part]) -> None:
        super().__init__()
        self.parts = parts
        self.blamed = ""
        """The part an error is about; empty: all of them."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> dict[str, Any]:
        return {
            part: entry.widget.value_from_datadict(data, files, f"{name}-{part}")
            for part, entry in self.parts.items()
            if f"{name}-{part}" in data
        }

    def get_context(
        self, name: str, value: Any, attrs: Attributes | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = value if isinstance(value, Mapping) else {}
        context["widget"]["parts"] = {
            part: self._part_context(part, name, typed.get(part), dict(attrs or {}))
            for part in self.parts
        }
        return context

    def _part_context(
        self, part: str, name: str, value: Any, attrs: Attributes
    ) -> dict[str, Any]:
        if self.blamed not in {"", part}:
            attrs.pop("aria-invalid", None)
        if id_ := attrs.pop("id", ""):
            attrs["id"] = f"{id_}-{part}"
        entry = self.parts[part]
        shown = entry.widget.get_context(f"{name}-{part}", value, attrs)["widget"]
        return {"label": entry.label, "widget": shown}

    @property
    def anchor(self) -> str:
        """The box an error summary leads to."""
        return self.blamed or next(iter(self.parts))


class NameWidget(PartsWidget):
    """姓 and 名, or behind a disclosure one box for a name that has no such parts."""

    template_name = "forms/person_name.html"


class Passage(forms.Widget):
    """Nothing to answer; the template of its field draws the passage itself."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        """Answer nothing, whatever was sent."""
