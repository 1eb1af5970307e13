"""The pages of a form document, built from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from applications.formspec.conditions import Condition, variables
from applications.formspec.fields import build_item
from applications.formspec.fields.base import Field, Item


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """One page of the form: a few questions that belong together."""

    slug: str
    title: str
    items: tuple[Item, ...]
    hint: str = ""
    visible_when: Condition | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The questions, without the passages between them."""
        return tuple(item for item in self.items if isinstance(item, Field))

    def conditions(self, item: Item) -> list[Condition]:
        """List the conditions, all of which must hold for the item to be asked."""
        found = (self.visible_when, item.visible_when)
        return [condition for condition in found if condition is not None]


def build_pages(document: Mapping[str, Any]) -> tuple[Page, ...]:
    """Build the pages of a valid form document."""
    return tuple(
        Page(
            items=tuple(build_item(definition) for definition in page["fields"]),
            **{name: value for name, value in page.items() if name != "fields"},
        )
        for page in document["pages"]
    )


def opened_fields(
    pages: tuple[Page, ...], keys: frozenset[str], answered: frozenset[str]
) -> frozenset[str]:
    """Name the fields that a correction of some fields opens.

    Besides those named: what was not asked before and may be asked now, because it
    depends on an answer that may change.
    """
    opened = set(keys)
    for page in pages:
        for field in page.fields:
            asked_by = {
                key
                for condition in page.conditions(field)
                for key in variables(condition)
            }
            if asked_by & opened and field.key not in answered:
                opened.add(field.key)
    return frozenset(opened)


def only(pages: tuple[Page, ...], keys: frozenset[str]) -> tuple[Page, ...]:
    """Keep the pages that ask for some of these fields, and of them only those."""
    kept = (
        replace(
            page,
            items=tuple(
                item
                for item in page.items
                if item.key in keys or not isinstance(item, Field)
            ),
        )
        for page in pages
    )
    return tuple(page for page in kept if page.fields)
