"""What every kind of question shares."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from django import forms
from django.utils.html import escape

from applications.formspec.conditions import Condition, Constant
from applications.formspec.reading import FieldError, Raw, is_blank, may_wait, texts_in
from applications.formspec.widgets import PartsWidget
from foundation.japanese import looks_like_my_number

Value = Any
"""What is filed: the one canonical JSON value of an answer."""

Schema = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of the CSV export."""

    key: str
    header: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Item(ABC):
    """Something on a page: a question, or a passage to read.

    The attributes of an item are its members in the form document.
    """

    key: str
    label: str
    visible_when: Condition | None = None

    parameters: ClassVar[Schema] = {}
    """JSON Schema of the members that this class adds, for the meta-schema."""

    @abstractmethod
    def form_field(self, *, today: date) -> forms.Field:
        """Build the Django form field that draws this item."""

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the definition beyond its schema, for the gate."""
        yield from ()


class AnswerField(forms.Field):
    """The Django form field of a question: cleaning is the question's own `answer`."""

    def __init__(self, question: "Field", *, today: date) -> None:
        super().__init__(
            required=question.required,
            label=question.label,
            help_text=escape(question.hint_on(today)),
            widget=question.widget(),
            label_suffix="",
        )
        self.question = question
        self.today = today
        self.why = question.why
        self.heading = False

    def prepare_value(self, value: Raw) -> Raw:
        return self.question.prefill(value)

    def clean(self, value: Raw) -> Value:
        try:
            return self.question.answer(value, today=self.today)
        except FieldError as error:
            if isinstance(self.widget, PartsWidget):
                self.widget.blamed = error.part
            raise forms.ValidationError(str(error), code=error.part) from error


@dataclass(frozen=True, kw_only=True, eq=False)
class Field(Item):
    """One question; a subclass is one kind of question and knows all about it."""

    short_label: str = ""
    """The noun for error sentences, check page and CSV, where the label is long."""
    hint: str = ""
    why: str = ""
    required: bool = True
    pii: Literal["none", "basic", "sensitive"] = "none"
    semantic: str = ""

    verb: ClassVar[str] = "入力して"

    @property
    def noun(self) -> str:
        """What sentences, the check page and CSV call the answer."""
        return self.short_label or self.label

    @property
    def about_applicant(self) -> bool:
        """Whether a browser may offer what it knows of its user (WCAG 2.2, 1.3.5)."""
        return self.semantic.startswith("applicant.")

    @abstractmethod
    def coerce(self, raw: Raw) -> Value:
        """Turn what was typed into the value that is filed.

        A value that was filed is coerced to itself.

        Raises:
            FieldError: it cannot be understood.
        """

    @abstractmethod
    def schema(self) -> Schema:
        """Describe the filed values (JSON Schema 2020-12)."""

    @abstractmethod
    def widget(self) -> forms.Widget:
        """Draw the boxes; what they send is the raw answer."""

    def check(self, value: Value, *, today: date) -> None:
        """Refuse a value that only the day makes wrong.

        Raises:
            FieldError: it comes too early or too late.
        """

    def blank(self, raw: Raw) -> bool:
        """Tell whether nothing was typed."""
        return is_blank(raw)

    @property
    def missing(self) -> str:
        """Ask for the answer that was not given."""
        return f"{self.noun}を{self.verb}ください。"

    def answer(self, raw: Raw, *, today: date) -> Value | None:
        """Turn what was typed into what is filed; `None` if nothing was typed.

        Raises:
            FieldError: it is required and missing, or cannot be used.
        """
        if self.blank(raw):
            if self.required:
                raise FieldError(self.missing)
            return None
        value = self.coerce(raw)
        self.check(value, today=today)
        return value

    def form_field(self, *, today: date) -> AnswerField:
        return AnswerField(self, today=today)

    def hint_on(self, today: date) -> str:  # noqa: ARG002 (most hints are timeless)
        """Help that is shown above the boxes on this day."""
        return self.hint

    def prefill(self, raw: Raw) -> Raw:
        """Put a stored answer back into the boxes."""
        return raw

    def display(self, value: Value) -> tuple[str, ...]:
        """Show a filed value to a person, as lines of text."""
        return tuple(str(value).split("\n"))

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the CSV export."""
        return (Column(self.key, self.noun),)

    def cells(self, value: Value | None) -> tuple[str, ...]:
        """Fill the columns of the CSV export; as many as `columns`."""
        return ("" if value is None else "\n".join(self.display(value)),)

    operators: ClassVar[frozenset[str]] = frozenset()
    """What a condition may do with the answer (`Comparison.operator`)."""

    def representatives(
        self,
        constants: Collection[Constant],  # noqa: ARG002 (for those who can)
    ) -> list[Value]:
        """List answers that together try every side of these constants.

        A constant that is not the like of any answer is not among them.
        """
        return []

    def suspected_my_number(self, raw: Raw) -> bool:
        """Tell whether a マイナンバー may have been typed here.

        What no draft may hold is not looked into: it goes nowhere.
        """
        return may_wait(raw) and any(
            looks_like_my_number(text) for text in texts_in(raw)
        )
