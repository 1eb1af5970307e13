"""A compiled form: asks its questions in order and knows what was answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import jsonschema_rs
from django.utils import timezone

from applications.formspec.conditions import Condition, Predicate, compile_condition
from applications.formspec.contract import answers_schema
from applications.formspec.document import Document
from applications.formspec.fields.base import Column, Field, Item, Schema, Value
from applications.formspec.pages import Page, only, opened_fields
from applications.formspec.reading import FieldError, Raw
from applications.formspec.sections import Section, row

Answers = Mapping[str, Value]
RawAnswers = Mapping[str, Raw]
# The key of an item, when it is asked or shown, and the question that judges answers.
_Step = tuple[str, Predicate, Field | None]


@dataclass(frozen=True)
class Evaluation:
    """What a set of raw answers comes to.

    `relevant` holds the keys of all that is asked or shown under these answers; an
    answer to anything else is neither filed nor looked at.
    """

    answers: dict[str, Value]
    errors: dict[str, str]
    relevant: frozenset[str]

    @property
    def ok(self) -> bool:
        """Whether the answers may be filed."""
        return not self.errors


def _always(_answers: Mapping[str, Any]) -> bool:
    return True


def _predicate(condition: Condition | None) -> Predicate:
    return _always if condition is None else compile_condition(condition)


@dataclass(frozen=True, kw_only=True, eq=False)
class FormSpec:
    """A published form, or the part of one that a correction (補正) opens.

    `pages` are those to ask, `outline` those of the whole form. In a correction only
    the `opened` fields are asked; the `standing` answers are filed again as they are
    and not judged by the rules of a later day.
    """

    document: Document
    sha256: str
    outline: tuple[Page, ...]
    pages: tuple[Page, ...]
    opened: frozenset[str] | None = None
    standing: Answers = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name of the form."""
        return str(self.document["title"])

    @property
    def purpose(self) -> str:
        """What the answers are used for (利用目的)."""
        return str(self.document["purpose"])

    @property
    def minutes(self) -> int:
        """How long it takes to fill in."""
        return int(self.document["minutes"])

    @property
    def documents_needed(self) -> tuple[str, ...]:
        """What to have at hand."""
        return tuple(self.document["documents_needed"])

    @property
    def declaration(self) -> str:
        """What the sender declares by sending."""
        return str(self.document["declaration"])

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every question of the whole form by its key, in order."""
        return {field.key: field for page in self.outline for field in page.fields}

    @cached_property
    def _steps(self) -> tuple[tuple[Predicate, tuple[_Step, ...]], ...]:
        return tuple(
            (
                _predicate(page.visible_when),
                tuple(self._step(item) for item in page.items),
            )
            for page in self.outline
        )

    def _step(self, item: Item) -> _Step:
        opened = self.opened is None or item.key in self.opened
        question = item if opened and isinstance(item, Field) else None
        return item.key, _predicate(item.visible_when), question

    # What was answered

    def evaluate(self, raw: RawAnswers, *, today: date | None = None) -> Evaluation:
        """Turn raw answers into those to file, and say what is wrong with them.

        Args:
            raw: What was typed or sent; unknown keys are ignored.
            today: The day whose rules apply; by default the present day in Japan.
        """
        today = today or timezone.localdate()
        answers: dict[str, Value] = {}
        errors: dict[str, str] = {}
        relevant: list[str] = []
        for page_visible, steps in self._steps:
            if not page_visible(answers):
                continue
            for key, visible, question in steps:
                if not visible(answers):
                    continue
                relevant.append(key)
                if question is None:
                    value = self.standing.get(key)
                else:
                    try:
                        value = question.answer(raw.get(key), today=today)
                    except FieldError as error:
                        errors[key] = str(error)
                        continue
                if value is not None:
                    answers[key] = value
        return Evaluation(answers, errors, frozenset(relevant))

    def unknown_keys(self, raw: RawAnswers) -> list[str]:
        """List the keys that no question of the form has."""
        return [key for key in raw if key not in self.fields]

    def suspected_my_numbers(self, raw: RawAnswers) -> list[str]:
        """List the keys of the answers that may hold a マイナンバー."""
        return [
            key
            for key, value in raw.items()
            if key in self.fields and self.fields[key].suspected_my_number(value)
        ]

    # Which page comes

    def page(self, slug: str) -> Page | None:
        """Find a page by its slug."""
        return next((page for page in self.pages if page.slug == slug), None)

    def relevant_pages(self, raw: RawAnswers) -> tuple[Page, ...]:
        """List the pages to be asked, as far as the answers tell."""
        relevant = self.evaluate(raw).relevant
        return tuple(
            page
            for page in self.pages
            if any(item.key in relevant for item in page.items)
        )

    def next_page(self, slug: str, raw: RawAnswers) -> Page | None:
        """Find the page after this one; `None` where the check page comes."""
        return next(iter(self._around(slug, raw)[1]), None)

    def previous_page(self, slug: str, raw: RawAnswers) -> Page | None:
        """Find the page before this one; `None` on the first."""
        return next(reversed(self._around(slug, raw)[0]), None)

    def _around(self, slug: str, raw: RawAnswers) -> tuple[list[Page], list[Page]]:
        position = [page.slug for page in self.pages].index(slug)
        relevant = self.relevant_pages(raw)
        before = [page for page in self.pages[:position] if page in relevant]
        after = [page for page in self.pages[position + 1 :] if page in relevant]
        return before, after

    def first_incomplete_page(self, raw: RawAnswers) -> Page | None:
        """Find the first page with an answer missing or wrong; `None`: all is well."""
        errors = self.evaluate(raw).errors
        return next(
            (page for page in self.pages if any(f.key in errors for f in page.fields)),
            None,
        )

    # What the answers are

    def schema(self) -> Schema:
        """Describe the filed answers (JSON Schema 2020-12), conditions included."""
        return answers_schema(self.title, self.outline)

    @cached_property
    def _contract(self) -> jsonschema_rs.Validator:
        return jsonschema_rs.validator_for(self.schema())

    def contract_problems(self, answers: Answers) -> list[str]:
        """List where answers break the contract: places and rules, never contents."""
        if self._contract.is_valid(answers):
            return []
        return [
            f"{'/'.join(map(str, error.instance_path))}: {error.kind.name}"
            for error in self._contract.iter_errors(answers)
        ]

    def sections(self, answers: Answers) -> list[Section]:
        """Lay out filed answers page by page, optional gaps included."""
        laid_out = []
        for page, (page_visible, steps) in zip(self.outline, self._steps, strict=True):
            if not page_visible(answers):
                continue
            visible = {key for key, is_visible, _ in steps if is_visible(answers)}
            rows = tuple(
                row(field, answers.get(field.key), slug=page.slug)
                for field in page.fields
                if field.key in visible
            )
            if rows:
                laid_out.append(Section(page.slug, page.title, rows))
        return laid_out

    def semantic(self, answers: Answers) -> dict[str, Value]:
        """Pick the answers that mean the same in every form, such as the name."""
        return {
            field.semantic: answers[key]
            for key, field in self.fields.items()
            if field.semantic and key in answers
        }

    def columns(self) -> list[Column]:
        """Name the columns of the CSV export."""
        return [column for field in self.fields.values() for column in field.columns()]

    def cells(self, answers: Answers) -> list[str]:
        """Fill the columns of the CSV export."""
        return [
            cell
            for key, field in self.fields.items()
            for cell in field.cells(answers.get(key))
        ]

    # 補正

    def editable(self, keys: Collection[str], answers: Answers) -> "FormSpec":
        """Open some fields of a filed application to be corrected, and only those.

        What comes to be asked because an opened answer changes is open too.
        """
        opened = opened_fields(self.outline, frozenset(keys), frozenset(answers))
        standing = {key: value for key, value in answers.items() if key not in opened}
        return replace(
            self, pages=only(self.outline, opened), opened=opened, standing=standing
        )
