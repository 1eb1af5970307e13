"""The contract of the filed answers, as JSON Schema 2020-12."""

import json
from collections.abc import Sequence
from typing import Any

from applications.formspec.conditions import Condition, condition_schema
from applications.formspec.fields.base import Field, Schema
from applications.formspec.pages import Page

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(title: str, pages: Sequence[Page]) -> Schema:
    """Describe the answers of a form: what is asked must be there, nothing else may."""
    always: list[str] = []
    by_conditions: dict[str, tuple[list[Condition], list[Field]]] = {}
    properties: dict[str, Any] = {}
    for page in pages:
        for field in page.fields:
            properties[field.key] = _described(field)
            if conditions := page.conditions(field):
                alike = by_conditions.setdefault(
                    json.dumps(conditions), (conditions, [])
                )
                alike[1].append(field)
            elif field.required:
                always.append(field.key)
    conditional = [
        _asked_if(conditions, fields) for conditions, fields in by_conditions.values()
    ]
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": properties,
        "required": always,
        "additionalProperties": False,
        **({"allOf": conditional} if conditional else {}),
    }


def _described(field: Field) -> Schema:
    words = {"title": field.label, "description": field.hint}
    return {name: text for name, text in words.items() if text} | field.schema()


def _asked_if(conditions: list[Condition], fields: list[Field]) -> Schema:
    return {
        "if": {"allOf": [condition_schema(condition) for condition in conditions]},
        "then": {"required": [field.key for field in fields if field.required]},
        "else": {"properties": dict.fromkeys((field.key for field in fields), False)},
    }
