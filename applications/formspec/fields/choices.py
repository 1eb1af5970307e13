"""Questions answered by choosing."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import ClassVar

from django import forms

from applications.formspec.conditions import Constant
from applications.formspec.fields.base import Column, Field, Schema, Value
from applications.formspec.reading import FieldError, Raw
from applications.formspec.widgets import UNCHOSEN, Choices, Select

# Above this many, radio buttons fill more than one screen of a phone.
MOST_RADIO_BUTTONS = 7

OPTIONS: Schema = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            "value": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_]*$"},
            "label": {"type": "string", "minLength": 1, "maxLength": 60},
            "hint": {"type": "string", "minLength": 1, "maxLength": 60},
        },
        "required": ["value", "label"],
        "additionalProperties": False,
    },
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice(Field):
    """One of several answers: radio buttons, or a list where they are many."""

    options: list[Mapping[str, str]]

    parameters: ClassVar[Schema] = {"options": OPTIONS}
    verb: ClassVar[str] = "選んで"
    operators: ClassVar[frozenset[str]] = frozenset({"==", "!=", "in"})

    @cached_property
    def labels(self) -> dict[str, str]:
        return {option["value"]: option["label"] for option in self.options}

    @property
    def choices(self) -> Choices:
        """The answers as they are offered: a hint helps to choose, and is not filed."""
        return tuple(
            (
                option["value"],
                option["label"] + (f"（{option['hint']}）" if "hint" in option else ""),
            )
            for option in self.options
        )

    def coerce(self, raw: Raw) -> Value:
        if not isinstance(raw, str) or raw not in self.labels:
            msg = f"{self.noun}を、表示されている中から1つ選んでください。"
            raise FieldError(msg)
        return raw

    def schema(self) -> Schema:
        return {"enum": list(self.labels)}

    def widget(self) -> forms.Widget:
        if len(self.options) > MOST_RADIO_BUTTONS:
            return Select(choices=(*UNCHOSEN, *self.choices))
        return forms.RadioSelect(choices=self.choices)

    def display(self, value: Value) -> tuple[str, ...]:
        return (self.labels[value],)

    def representatives(self, constants: Collection[Constant]) -> list[Value]:
        others = [value for value in self.labels if value not in constants]
        return [*(value for value in self.labels if value in constants), *others[:1]]

    def problems(self) -> Iterator[str]:
        if len(self.labels) < len(self.options):
            yield "選択肢の値が重なっています。"


@dataclass(frozen=True, kw_only=True, eq=False)
class Checkboxes(Choice):
    """Any number of several answers; filed in the order they are offered."""

    operators: ClassVar[frozenset[str]] = frozenset({"contains"})

    def coerce(self, raw: Raw) -> Value:
        chosen = raw if isinstance(raw, list) else [raw]
        if not all(isinstance(one, str) and one in self.labels for one in chosen):
            msg = f"{self.noun}を、表示されている中から選んでください。"
            raise FieldError(msg)
        return [value for value in self.labels if value in chosen]

    def schema(self) -> Schema:
        return {
            "type": "array",
            "items": {"enum": list(self.labels)},
            "uniqueItems": True,
            "minItems": 1,
        }

    def widget(self) -> forms.Widget:
        return forms.CheckboxSelectMultiple(choices=self.choices)

    def display(self, value: Value) -> tuple[str, ...]:
        return tuple(self.labels[one] for one in value)

    def columns(self) -> tuple[Column, ...]:
        return tuple(
            Column(f"{self.key}.{value}", f"{self.noun}：{label}")
            for value, label in self.labels.items()
        )

    def cells(self, value: Value | None) -> tuple[str, ...]:
        return tuple("1" if one in (value or ()) else "" for one in self.labels)

    def representatives(self, constants: Collection[Constant]) -> list[Value]:
        one_each = super().representatives(constants)
        return [
            list(chosen)
            for count in range(1, len(one_each) + 1)
            for chosen in combinations(one_each, count)
        ]


@dataclass(frozen=True, kw_only=True, eq=False)
class YesNo(Field):
    """はい or いいえ, in the words of the question."""

    yes_label: str = "はい"
    no_label: str = "いいえ"

    parameters: ClassVar[Schema] = {
        "yes_label": {"type": "string", "minLength": 1, "maxLength": 100},
        "no_label": {"type": "string", "minLength": 1, "maxLength": 100},
    }
    verb: ClassVar[str] = "選んで"
    operators: ClassVar[frozenset[str]] = frozenset({"var", "==", "!="})

    def coerce(self, raw: Raw) -> Value:
        if raw is True or raw == "yes":
            return True
        if raw is False or raw == "no":
            return False
        either = f"「{self.yes_label}」か「{self.no_label}」"
        msg = f"{self.noun}は、{either}を選んでください。"
        raise FieldError(msg)

    def schema(self) -> Schema:
        return {"type": "boolean"}

    def widget(self) -> forms.Widget:
        return forms.RadioSelect(
            choices=(("yes", self.yes_label), ("no", self.no_label))
        )

    def prefill(self, raw: Raw) -> Raw:
        return {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else raw

    def display(self, value: Value) -> tuple[str, ...]:
        return (self.yes_label if value else self.no_label,)

    def representatives(
        self,
        constants: Collection[Constant],  # noqa: ARG002
    ) -> list[Value]:
        return [True, False]


@dataclass(frozen=True, kw_only=True, eq=False)
class Consent(Field):
    """A box to tick, its label the statement agreed to; filed only if agreed to."""

    operators: ClassVar[frozenset[str]] = frozenset({"var", "=="})

    @property
    def missing(self) -> str:
        return f"{self.noun}：お読みになり、チェックを入れてください。"

    def blank(self, raw: Raw) -> bool:
        return raw is False or super().blank(raw)

    def coerce(self, raw: Raw) -> Value:
        if raw is True or raw in ("on", "yes"):
            return True
        raise FieldError(self.missing)

    def schema(self) -> Schema:
        return {"const": True}

    def widget(self) -> forms.Widget:
        return forms.CheckboxInput()

    def display(self, value: Value) -> tuple[str, ...]:  # noqa: ARG002 (always True)
        return ("同意しました",)

    def representatives(
        self,
        constants: Collection[Constant],  # noqa: ARG002
    ) -> list[Value]:
        return [True]
