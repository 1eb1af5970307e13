"""Measure the sample's own frozen questions, with the code that answers people."""

import csv
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.management.base import BaseCommand
from django.utils import timezone

from faq.decision import LAUNCH
from faq.index.building import Lookup, build
from faq.index.documents import Document, Filter
from faq.index.searching import Found, Index
from faq.management.commands.evaluate_faq import (
    lent_encoder,
    read_lines,
    remembering,
)
from faq.queries.evaluating import Case, Measured, measure
from faq.queries.finding import MOST_FOUND
from faq.retrieval.guard import QUERY, guarded
from organizations.management.commands.load_organizations import SOURCE
from organizations.queries import PREFECTURE

SAMPLE = Path(__file__).parents[2] / "sample"
_BEST, _ALSO_RIGHT = 2.0, 1.0
_HEADS = ("questions", "nDCG@10", "P@1", "hit@5", "answered", "offered", "handed over")
_RULE = "| --- " * 9 + "|"
Row = dict[str, Any]


class Command(BaseCommand):
    """Build throw-away indexes of `faq/sample`, ask them everything, print a table."""

    help = (
        "見本のFAQを、見本のテスト問題で測り、表（Markdown）にします。"
        "データベースもサーバーも使いません。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure residents' questions, then staff's."""
        del args, options
        desks = {row["code"]: row for row in read_lines(SAMPLE / "desks.jsonl", "code")}
        files = sorted((SAMPLE / "entries").glob("*.jsonl"))
        entries = [row for file in files for row in read_lines(file, "code", "desk")]
        asked = list(read_lines(SAMPLE / "questions.jsonl", "text", "expectation"))
        heads = ("questions of", *_HEADS, "answered wrongly")
        self.stdout.write(f"| {' | '.join(heads)} |\n{_RULE}")
        with lent_encoder() as encoder:
            lookup = remembering(encoder)
            for audience in LAUNCH:
                self._write(audience, Sample(desks, entries, asked, audience), lookup)

    def _write(self, audience: str, sample: "Sample", lookup: Lookup) -> None:
        measured = sample.measured(lookup)
        self.stdout.write(_row(f"**{audience}**", measured.figures))
        for name, figures in measured.groups.items():
            self.stdout.write(_row(name, figures))
        far, near = (measured.figures[f"auroc_{kind}"] for kind in ("far", "near"))
        self.stderr.write(f"{audience}: AUROC far {far}, near {near}")
        for text, code in measured.wrong:
            self.stderr.write(f"{audience}: {text} → {code}")


class Sample:
    """Entries and questions of one audience; without a desk they are for both."""

    def __init__(
        self, desks: dict[str, Row], entries: list[Row], asked: list[Row], audience: str
    ) -> None:
        mine = {c: d for c, d in desks.items() if d["audience"] == audience}
        self.audience = audience
        self.bodies = {
            row["code"]: mine[row["desk"]]["organization"]
            for row in entries
            if row["desk"] in mine
        }
        self.entries = [row for row in entries if row["desk"] in mine]
        self.asked = [row for row in asked if not row["desk"] or row["desk"] in mine]
        self.codes = {_id(row["code"]): row["code"] for row in self.entries}
        self.places = _places()

    def measured(self, lookup: Lookup) -> Measured:
        """Build, and ask; the names of towns are read in questions, as in service."""
        documents = [self._document(row) for row in self.entries]
        segment, _ = build(documents, lookup=lookup, model="sample")
        lookup([QUERY + guarded(row["text"]) for row in self.asked])
        rank = partial(self._search, Index((segment,)), lookup)
        cases = [_case(str(n), row) for n, row in enumerate(self.asked)]
        return measure(cases, rank, self._codes_of, LAUNCH[self.audience])

    def _document(self, row: Row) -> Document:
        others = [row["question_easy"], row["question_en"]]
        others += [one["text"] for one in row["alternatives"]]
        return Document(
            id=_id(row["code"]),
            organization=self.bodies[row["code"]],
            desk=_id(row["desk"]),
            question=row["question"],
            answer=row["answer"],
            alternatives=tuple(text for text in others if text),
            keywords=tuple(row["keywords"]),
        )

    def _search(self, index: Index, lookup: Lookup, key: str) -> Found:
        row = self.asked[int(key)]
        bodies = {PREFECTURE, *(self.bodies[code] for code in row["entry_codes"][:1])}
        bodies |= {code for name, code in self.places.items() if name in row["text"]}
        allowed = Filter(organizations=sorted(bodies), on=timezone.localdate())
        question = guarded(row["text"])
        vector = lookup([QUERY + question])[0]
        return index.search(question, vector, allowed, most=MOST_FOUND)

    def _codes_of(self, found: Found) -> Sequence[str]:
        return [self.codes[match.id] for match in found.matches]


def _case(key: str, row: Row) -> Case:
    """Return a question as the desks' own are measured; see `rehearsing.case_of`."""
    codes = row["entry_codes"]
    return Case(
        text=row["text"],
        grades=dict.fromkeys(codes, _ALSO_RIGHT) | dict.fromkeys(codes[:1], _BEST),
        groups=(row["language"], row["desk"] or "no desk"),
        far=row["expectation"] == "far",
        key=key,
    )


def _row(name: str, figures: dict[str, Any]) -> str:
    measured = (figures[key] for key in ("ndcg_10", "p_1", "hit_5"))
    cells = ["—" if value is None else f"{value:.3f}" for value in measured]
    outcomes = ("answer", "candidates", "hand_over", "wrong")
    cells += [f"{figures[f'{outcome}_share']:.1%}" for outcome in outcomes]
    return f"| {name} | {figures['questions']} | {' | '.join(cells)} |"


def _id(code: str) -> Any:
    return uuid5(NAMESPACE_URL, code)


def _places() -> dict[str, int]:
    with SOURCE.open(encoding="utf-8") as source:
        return {row["name"]: int(row["code6"]) for row in csv.DictReader(source)}
