"""The API reference: the OpenAPI document, laid out for people.

Our own page, for the readers in circulation need inline styles or a CDN, which the
content security policy forbids, and JavaScript, without which every page must work.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from foundation import openapi
from organizations.models import Scope

Json = Mapping[str, Any]
EMPTY = SafeString("")

TYPES = {
    "string": "文字列",
    "integer": "整数",
    "number": "数値",
    "boolean": "真偽",
    "object": "オブジェクト",
    "array": "配列",
    "null": "null",
}
FORMATS = {
    "date": "日付",
    "date-time": "日時",
    "uuid": "UUID",
    "uri": "アドレス",
    "binary": "ファイル",
}
PLACES = {"path": "アドレス", "query": "クエリ", "header": "ヘッダー"}
_ENUM_LINE = re.compile(r"^\s*\* `.*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Field:
    """A parameter, or a member of a body."""

    name: str
    kind: str
    refers_to: str = ""
    """The data type that `kind` names, if it is one of ours."""
    text: SafeString = EMPTY
    values: tuple[tuple[str, str], ...] = ()
    required: bool = False
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One way in which an operation answers."""

    status: str
    text: str
    kind: str = ""
    refers_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """Something the API does."""

    id: str
    method: str
    path: str
    title: str
    text: SafeString
    scope: str
    """The scope the token needs, in words; empty where none is needed."""
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]
    example: str


@dataclass(frozen=True)
class Chapter:
    """Operations on one kind of thing."""

    name: str
    text: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class DataType:
    """A named kind of data, with its members or the values it may have."""

    name: str
    fields: tuple[Field, ...]
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reference:
    """All that the page shows."""

    chapters: tuple[Chapter, ...]
    types: tuple[DataType, ...]
    first_call: str
    problem: str


PROBLEM = {
    "type": "urn:problem-type:kochi-portal:invalid",
    "title": "入力内容に誤りがあります",
    "status": 422,
    "detail": "errors を確かめて、もう一度送信してください。",
    "errors": [
        {"pointer": "#/answers/email", "detail": "メールアドレスを入力してください。"}
    ],
    "request_id": "019abc4e-7d1f-7c52-8f0e-6a4d2b1c9e55",
}


@cache
def reference(base_url: str) -> Reference:
    """Return the reference; examples call the portal at `base_url`."""
    document: Json = openapi.document()
    operations = [
        _operation(path, method, described, document, base_url)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]
    by_tag: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for tag, operation in operations:
        by_tag[tag].append(operation)
    bodies = set(_names_of_bodies(document))
    return Reference(
        tuple(
            Chapter(tag["name"], tag["description"], tuple(by_tag[tag["name"]]))
            for tag in document["tags"]
        ),
        tuple(
            DataType(
                name,
                tuple(_members(schema, sent=name.endswith("Request"))),
                _values(schema),
            )
            for name, schema in document["components"]["schemas"].items()
            if name not in bodies  # shown with the operation
        ),
        first_call=(
            f'curl --get "{base_url}/api/v1/procedures/" \\\n'
            '  --data-urlencode "q=水道"'
        ),
        problem=json.dumps(PROBLEM, ensure_ascii=False, indent=2),
    )


def _names_of_bodies(document: Json) -> Iterator[str]:
    for methods in document["paths"].values():
        for described in methods.values():
            yield _body(described).get("schema", {}).get("$ref", "").rpartition("/")[2]


def _operation(
    path: str, method: str, described: Json, document: Json, base_url: str
) -> tuple[str, Operation]:
    sent = _resolved(_body(described).get("schema", {}), document)
    scope = _scope(described)
    operation = Operation(
        id=described["operationId"],
        method=method.upper(),
        path=path,
        title=described.get("summary", ""),
        text=_words(described.get("description", "")),
        scope=f"{Scope(scope).label}（{scope}）" if scope else "",
        parameters=tuple(_parameter(one) for one in described.get("parameters", ())),
        body=tuple(_members(sent, sent=True)),
        answers=tuple(
            _answer(status, answer, document)
            for status, answer in described["responses"].items()
        ),
        example=_example(path, method, described, base_url),
    )
    return described["tags"][0], operation


def _scope(described: Json) -> str:
    """Return the scope that the token needs; empty where none is needed."""
    asked = (item.get("token", []) for item in described["security"])
    return next((scope for scopes in asked for scope in scopes), "")


def _body(described: Json) -> Json:
    content = described.get("requestBody", {}).get("content", {})
    body: Json = content.get("application/json", {})
    return body


def _parameter(described: Json) -> Field:
    kind, refers_to = _kind(described["schema"])
    return Field(
        name=described["name"],
        kind=kind,
        refers_to=refers_to,
        text=_words(described.get("description", "")),
        values=_values(described),
        required=described.get("required", False),
        place=PLACES[described["in"]],
    )


def _members(schema: Json, *, sent: bool) -> Iterator[Field]:
    required = schema.get("required", ()) if sent else ()  # all of an answer is there
    for name, member in schema.get("properties", {}).items():
        kind, refers_to = _kind(member)
        text = member.get("description") or member.get("title", "")
        yield Field(
            name=name,
            kind=kind,
            refers_to=refers_to,
            text=_words(text),
            values=_values(member),
            required=name in required,
        )


def _answer(status: str, described: Json, document: Json) -> Answer:
    described = _resolved(described, document)
    for media_type, content in described.get("content", {}).items():
        if media_type == "application/pdf":
            return Answer(status=status, text=described["description"], kind="PDF")
        kind, refers_to = _kind(content["schema"])
        return Answer(
            status=status,
            text=described["description"],
            kind=kind,
            refers_to=refers_to,
        )
    return Answer(status=status, text=described["description"])


def _kind(schema: Json) -> tuple[str, str]:
    """Return what kind of value it is, and the data type that names."""
    for key in ("allOf", "oneOf"):
        if key in schema:
            kind, refers_to = _kind(schema[key][0])
            return kind + (" または null" if len(schema[key]) > 1 else ""), refers_to
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    types = schema.get("type", "string")
    names = [types] if isinstance(types, str) else types
    if names == ["array"]:
        kind, refers_to = _kind(schema["items"])
        return f"{kind} の配列", refers_to
    words = [FORMATS.get(schema.get("format", ""), TYPES[names[0]])]
    words += [TYPES[name] for name in names[1:]]
    return " または ".join(words), ""


def _values(schema: Json) -> tuple[tuple[str, str], ...]:
    """Return the values that an enumeration allows, each with its label."""
    lines = re.findall(r"\* `(.*?)` - (.*)", schema.get("description", ""))
    return tuple((value, label) for value, label in lines)


def _words(description: str) -> SafeString:
    """Return prose as HTML: what stands in backticks is code; values stand apart."""
    prose = _ENUM_LINE.sub("", description).strip()
    parts = enumerate(prose.split("`"))
    return format_html_join(
        "", "{}", ((_code(part) if n % 2 else part,) for n, part in parts)
    )


def _code(text: str) -> SafeString:
    return format_html("<code>{}</code>", text)


def _resolved(schema: Json, document: Json) -> Json:
    if "$ref" not in schema:
        return schema
    found: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    resolved: Json = found
    return resolved


def _example(path: str, method: str, described: Json, base_url: str) -> str:
    """Write the call as a line for the shell."""
    address = re.sub(r"\{(\w+)\}", lambda found: f"${found[1].upper()}", path)
    lines = [f'curl "{base_url}{address}"']
    if _scope(described):
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if any(one["in"] == "header" for one in described.get("parameters", ())):
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    for example in _body(described).get("examples", {}).values():
        text = json.dumps(example["value"], ensure_ascii=False, indent=2)
        lines += ['-H "Content-Type: application/json"', f"-d '{text}'"]
    if method == "post" and not _body(described):
        lines.append("-X POST")
    if path.endswith("/pdf/"):
        lines.append("-o document.pdf")
    return " \\\n  ".join(lines)
