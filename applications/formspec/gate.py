"""The publish gate: what a form document must satisfy before anybody is asked."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from jsonschema_rs import Draft202012Validator

from applications.formspec.compiler import compile_document
from applications.formspec.conditions import Comparison, comparisons
from applications.formspec.document import SEMANTIC_TYPES, Document, shape_problems
from applications.formspec.fields import build_item
from applications.formspec.fields.base import Field
from applications.formspec.reachability import Explorer, TooManyTrials
from applications.formspec.reading import has_only_storable_text
from applications.formspec.spec import FormSpec

_MY_NUMBER = re.compile(r"マイナンバー|個人番号|my_?number|kojin_?bango")


def check_document(document: Any) -> list[str]:
    """List what keeps a document from being published, as Japanese sentences.

    A sentence begins with the path of the place it is about. The examples stored in
    the document are really run.
    """
    if not has_only_storable_text(document):
        return ["文書：使えない文字（NULなど）が含まれています。"]
    if problems := shape_problems(document):
        return problems
    if problems := [*_doubles(document), *_definitions(document)]:
        return problems
    spec = compile_document(document)
    # Of a form whose conditions are wrong, the rest would only confuse.
    return [*_conditions(spec)] or [*_reachability(spec), *_examples(spec)]


def _doubles(document: Document) -> Iterator[str]:
    fields = [field for page in document["pages"] for field in page["fields"]]
    named = {
        "slug": [page["slug"] for page in document["pages"]],
        "key": [field["key"] for field in fields],
        "semantic": [field["semantic"] for field in fields if "semantic" in field],
    }
    for member, names in named.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield f"pages：{member}の「{name}」が{count}か所にあります。"


def _definitions(document: Document) -> Iterator[str]:
    for number, page in enumerate(document["pages"]):
        for position, definition in enumerate(page["fields"]):
            for problem in _definition(definition):
                yield f"pages/{number}/fields/{position}：{problem}"


def _definition(definition: Mapping[str, Any]) -> Iterator[str]:
    if not definition["label"].strip():
        yield "見出し（label）がありません。"
    words = " ".join(definition.get(one, "") for one in ("key", "label", "short_label"))
    if _MY_NUMBER.search(unicodedata.normalize("NFKC", words).lower()):
        yield "マイナンバー（個人番号）をたずねる項目は置けません。"
    wanted = SEMANTIC_TYPES.get(definition.get("semantic", ""), definition["type"])
    if definition["type"] != wanted:
        yield f"「{definition['semantic']}」は「{wanted}」の項目にだけ付けられます。"
    yield from build_item(definition).problems()


def _conditions(spec: FormSpec) -> Iterator[str]:
    earlier: dict[str, Field] = {}
    for number, page in enumerate(spec.pages):
        places = {f"pages/{number}": page.visible_when} | {
            f"pages/{number}/fields/{position}": item.visible_when
            for position, item in enumerate(page.items)
        }
        for path, condition in places.items():
            for comparison in comparisons(condition) if condition else ():
                for problem in _comparison(comparison, earlier.get(comparison.key)):
                    yield f"{path}/visible_when：{problem}"
        earlier |= {field.key: field for field in page.fields}


def _comparison(comparison: Comparison, field: Field | None) -> Iterator[str]:
    if field is None:
        yield (
            f"「{comparison.key}」は前のページの質問ではありません。"
            "条件に使えるのは、前のページの質問の答えだけです。"
        )
        return
    if comparison.operator not in field.operators:
        yield f"「{field.key}」の答えは「{comparison.operator}」では比べられません。"
        return
    answers = Draft202012Validator(field.schema())
    for constant in comparison.constants:
        like = [constant] if comparison.operator == "contains" else constant
        if not answers.is_valid(like):
            yield f"「{field.key}」の答えが「{constant}」になることはありません。"


def _reachability(spec: FormSpec) -> Iterator[str]:
    explorer = Explorer(spec.pages)
    for number, page in enumerate(spec.pages):
        for position, item in enumerate(page.items):
            try:
                reachable = explorer.can_hold(page.conditions(item))
            except TooManyTrials:
                reachable = False
            if not reachable:
                yield (
                    f"pages/{number}/fields/{position}：この項目が表示されることを"
                    "確かめられません。どう答えても表示されないか、条件が複雑すぎます。"
                )


def _examples(spec: FormSpec) -> Iterator[str]:
    examples = spec.document["examples"]
    today = date.fromisoformat(examples["today"])
    for number, raw in enumerate(examples["valid"]):
        errors = spec.evaluate(raw, today=today).errors
        for key, sentence in errors.items():
            yield f"examples/valid/{number}/{key}：誤りのない例のはずが「{sentence}」"
        yield from _strangers(spec, raw, f"examples/valid/{number}")
    for number, example in enumerate(examples["invalid"]):
        found = list(spec.evaluate(example["answers"], today=today).errors)
        if sorted(found) != sorted(example["errors"]):
            yield (
                f"examples/invalid/{number}：誤りになるのは「{'、'.join(found)}」でした"
                f"（書かれているのは「{'、'.join(example['errors'])}」）。"
            )
        yield from _strangers(spec, example["answers"], f"examples/invalid/{number}")


def _strangers(spec: FormSpec, raw: Mapping[str, Any], path: str) -> Iterator[str]:
    for key in spec.unknown_keys(raw):
        yield f"{path}：「{key}」という質問はありません。"
    for key in spec.suspected_my_numbers(raw):
        yield f"{path}：「{key}」にマイナンバーのような番号があります。"
