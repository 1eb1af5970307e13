"""The form document: a form as JSON, and the schema every such document obeys."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from applications.formspec import conditions
from applications.formspec.fields import FIELD_TYPES
from applications.formspec.fields.base import Field, Item, Schema

Document = Mapping[str, Any]

# The answers of the common block of every procedure; the type each of them has.
SEMANTIC_TYPES = {
    "applicant.kind": "choice",
    "applicant.name": "person_name",
    "applicant.kana": "kana",
    "applicant.birth_date": "date",
    "applicant.address": "address",
    "applicant.phone": "phone",
    "applicant.email": "email",
    "corporation.number": "corporate_number",
    "corporation.name": "text",
    "corporation.representative": "person_name",
    "corporation.contact": "person_name",
    "notice.online": "yes_no",
}


class DocumentInvalid(Exception):
    """A form document is not of the form that documents have (in Japanese)."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _text(limit: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": limit}


def _object(properties: Schema, *, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


_CONDITION: Schema = {"$ref": "#/$defs/condition"}
_ANSWERS: Schema = {"type": "object"}
_ITEM: Schema = {
    "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
    "label": _text(200),
    "visible_when": _CONDITION,
}
_FIELD: Schema = _ITEM | {
    "short_label": _text(40),
    "hint": _text(400),
    "why": _text(400),
    "required": {"type": "boolean"},
    "pii": {"enum": ["none", "basic", "sensitive"]},
    "semantic": {"enum": sorted(SEMANTIC_TYPES)},
}


def _item_schema(name: str, cls: type[Item]) -> Schema:
    shared = _FIELD if issubclass(cls, Field) else _ITEM
    return _object(
        {"type": {"const": name}, **shared, **cls.parameters},
        required=[
            "type",
            *(
                member.name
                for member in dataclasses.fields(cls)
                if member.default is dataclasses.MISSING
            ),
        ],
    )


def meta_schema() -> Schema:
    """Write the JSON Schema 2020-12 of form documents."""
    page = _object(
        {
            "slug": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"},
            "title": _text(100),
            "hint": _text(1000),
            "visible_when": _CONDITION,
            "fields": {
                "type": "array",
                "items": {"$ref": "#/$defs/field"},
                "minItems": 1,
            },
        },
        required=["slug", "title", "fields"],
    )
    failing = _object(
        {
            "answers": _ANSWERS,
            "errors": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        },
        required=["answers", "errors"],
    )
    examples = _object(
        {
            "today": {"type": "string", "format": "date"},
            "valid": {"type": "array", "items": _ANSWERS, "minItems": 1},
            "invalid": {"type": "array", "items": failing, "minItems": 1},
        },
        required=["today", "valid", "invalid"],
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "申請フォームの文書",
        **_object(
            {
                "title": _text(100),
                "language": {"enum": ["ja"]},
                "purpose": _text(1000),
                "minutes": {"type": "integer", "minimum": 1, "maximum": 120},
                "documents_needed": {"type": "array", "items": _text(200)},
                "pages": {"type": "array", "items": page, "minItems": 1},
                "declaration": _text(1000),
                "examples": examples,
            },
            required=[
                *("title", "language", "purpose", "minutes", "documents_needed"),
                *("pages", "declaration", "examples"),
            ],
        ),
        "$defs": {
            "condition": conditions.META_SCHEMA,
            "field": {
                "type": "object",
                "properties": {"type": {"enum": sorted(FIELD_TYPES)}},
                "required": ["type"],
                "allOf": [
                    {
                        "if": {"properties": {"type": {"const": name}}},
                        "then": _item_schema(name, cls),
                    }
                    for name, cls in FIELD_TYPES.items()
                ],
            },
        },
    }


@cache
def _validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(meta_schema(), validate_formats=True)


# JSON Schema keyword -> what is wrong with the place named before it.
_SENTENCES = {
    "required": "「{property}」がありません。",
    "additionalProperties": "「{unexpected}」という項目は使えません。",
    "enum": "使えない値です。使えるのは {options} です。",
    "const": "使えない値です。使えるのは {expected_value} です。",
    "type": "値の種類が違います（必要な種類：{types}）。",
    "pattern": "書き方が決まりに合いません（{pattern}）。",
    "minLength": "空にはできません。",
    "maxLength": "{limit}文字以内にしてください。",
    "minItems": "{limit}つ以上必要です。",
    "format": "正しい日付ではありません。",
    "minimum": "{limit}以上にしてください。",
    "maximum": "{limit}以下にしてください。",
}


def shape_problems(document: Any) -> list[str]:
    """List where a document departs from the meta-schema, as Japanese sentences."""
    problems = []
    for error in _validator().iter_errors(document):
        sentence = _SENTENCES.get(error.kind.name, "書き方が決まりに合いません。")
        path = "/".join(str(step) for step in error.instance_path) or "文書"
        problems.append(f"{path}：{sentence.format_map(_facts(error))}")
    return problems


def _facts(error: jsonschema_rs.ValidationError) -> dict[str, str]:
    return {
        name: "、".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in error.kind.as_dict().items()
    }


def document_sha256(document: Document) -> str:
    """Return the digest of the canonical JSON of a document, in hexadecimal."""
    canonical = json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
