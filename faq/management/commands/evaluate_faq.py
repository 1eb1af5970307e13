"""Measure retrieval on any corpus, with the code that answers residents."""

import json
import resource
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from numpy.typing import NDArray

from faq.backends.encoders import Served
from faq.backends.process import own_encoder
from faq.decision import LAUNCH
from faq.errors import EncoderUnavailable
from faq.index.building import Lookup, build
from faq.index.documents import Document, Filter
from faq.index.encoding import ENTRY_SECONDS, QUESTION_SECONDS, Encoder, encoder
from faq.index.searching import Found, Index
from faq.queries.evaluating import Case, Measured, folds_of, measure
from faq.retrieval.guard import QUERY, guarded

_ENCODED_AT_ONCE = 64
_FOUND = 100
Rows = list[dict[str, Any]]


class Command(BaseCommand):
    """Build a throw-away index of a corpus, ask it everything, print the figures."""

    help = (
        "コーパス（JSON Lines）で検索の精度と速さを測ります。データベースは使いません。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files of a benchmark."""
        add = parser.add_argument
        add(
            "--corpus",
            type=Path,
            required=True,
            help="{id, question, answer, category}",
        )
        add("--queries", type=Path, required=True, help="{id, text}")
        add("--qrels", type=Path, required=True, help="{query_id, doc_id, grade?}")
        add("--out-of-scope", type=Path, help="{id, text}: questions nothing answers")
        add("--alternatives-folds", choices=["random", "grouped"])
        add("--json", action="store_true", help="one JSON line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, and print."""
        del args
        corpus = list(read_lines(options["corpus"], "id", "question", "answer"))
        queries = list(read_lines(options["queries"], "id", "text"))
        grades: dict[str, dict[str, float]] = defaultdict(dict)
        for row in read_lines(options["qrels"], "query_id", "doc_id"):
            grades[str(row["query_id"])][str(row["doc_id"])] = float(
                row.get("grade", 1)
            )
        outside = (
            list(read_lines(options["out_of_scope"], "text"))
            if options["out_of_scope"]
            else []
        )
        if not corpus or not queries:
            message = "コーパスと質問を、それぞれ1件以上入れてください。"
            raise CommandError(message)
        with lent_encoder() as chosen:
            benchmark = Benchmark(corpus, queries, grades, outside, chosen)
            measured = benchmark.run(options["alternatives_folds"])
        figures = measured.figures | {
            "index_s": round(benchmark.index_seconds, 1),
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "encoder": benchmark.encoder.name if benchmark.lookup else "",
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:18} {value}")


@contextmanager
def lent_encoder() -> Iterator[Encoder]:
    """Lend the encoder of the settings; where it does not run, one of our own."""
    try:
        encoder().encode([f"{QUERY}はい"], seconds=QUESTION_SECONDS)
    except EncoderUnavailable:
        if not isinstance(encoder(), Served):
            yield encoder()
            return
    else:
        yield encoder()
        return
    with own_encoder() as own:
        yield own


def remembering(chosen: Encoder) -> Lookup:
    """Return a lookup of vectors that has each text encoded once."""
    known: dict[str, NDArray[np.float32]] = {}

    def lookup(texts: Sequence[str]) -> NDArray[np.float32]:
        waiting = list(dict.fromkeys(text for text in texts if text not in known))
        for at in range(0, len(waiting), _ENCODED_AT_ONCE):
            batch = waiting[at : at + _ENCODED_AT_ONCE]
            known.update(
                zip(batch, chosen.encode(batch, seconds=ENTRY_SECONDS), strict=True)
            )
        return np.stack([known[text] for text in texts])

    return lookup


class Benchmark:
    """A corpus with its questions, and the vectors that were made of them."""

    def __init__(
        self,
        corpus: Rows,
        queries: Rows,
        grades: dict[str, dict[str, float]],
        outside: Rows,
        chosen: Encoder,
    ) -> None:
        self.encoder = chosen
        self.codes = [str(row["id"]) for row in corpus]
        self.corpus, self.queries = corpus, queries
        self.grades, self.outside = grades, outside
        self.lookup: Lookup | None = remembering(chosen)
        self.index_seconds = 0.0

    def run(self, folds: str | None) -> Measured:
        """Build and ask; with folds, every fold knows the questions of the others."""
        if folds is None:
            return self._measure(self._index({}), self.queries, self.outside)
        ids = [str(row["id"]) for row in self.queries]
        split = folds_of(ids, self.grades, grouped=folds == "grouped")
        cases: list[Case] = []
        rankers: dict[str, Index] = {}
        for fold in split:
            index = self._index(self._learned_without(set(fold)))
            rankers |= dict.fromkeys(fold, index)
        plain = rankers[ids[0]]
        by_text = {row["text"]: rankers[str(row["id"])] for row in self.queries}
        cases = self._cases(self.queries, self.outside)
        return measure(
            cases,
            lambda text: self._search(by_text.get(text, plain), text),
            self._codes_of,
            LAUNCH["resident"],
        )

    def _learned_without(self, left_out: set[str]) -> dict[str, list[str]]:
        """Return entry → the questions of other folds that staff would confirm."""
        learned: dict[str, list[str]] = defaultdict(list)
        for row in self.queries:
            query = str(row["id"])
            best = max(self.grades.get(query, {}).values(), default=0)
            if query not in left_out and best > 0:
                for code, grade in self.grades[query].items():
                    if grade == best:
                        learned[code].append(str(row["text"]))
        return learned

    def _measure(self, index: Index, queries: Rows, outside: Rows) -> Measured:
        return measure(
            self._cases(queries, outside),
            partial(self._search, index),
            self._codes_of,
            LAUNCH["resident"],
        )

    def _cases(self, queries: Rows, outside: Rows) -> list[Case]:
        inside = [
            Case(str(row["text"]), self.grades.get(str(row["id"]), {}))
            for row in queries
        ]
        return inside + [Case(str(row["text"]), {}, far=True) for row in outside]

    def _index(self, alternatives: dict[str, list[str]]) -> Index:
        begun = perf_counter()
        documents = [
            Document(
                id=UUID(int=number),
                organization=0,
                desk=UUID(int=0),
                question=str(row["question"]),
                answer=str(row["answer"]),
                alternatives=tuple(alternatives.get(str(row["id"]), ())),
            )
            for number, row in enumerate(self.corpus)
        ]
        try:
            segment, _ = build(documents, lookup=self.lookup, model=self.encoder.name)
        except EncoderUnavailable:
            self.lookup = None
            segment, _ = build(documents, lookup=None)
        self.index_seconds += perf_counter() - begun
        return Index((segment,))

    def _search(self, index: Index, text: str) -> Found:
        question = guarded(text)
        vector = None
        if index.model and question:
            vector = self.encoder.encode([QUERY + question], seconds=QUESTION_SECONDS)[
                0
            ]
        allowed = Filter(on=timezone.localdate())
        return index.search(question, vector, allowed, most=_FOUND)

    def _codes_of(self, found: Found) -> list[str]:
        return [self.codes[match.id.int] for match in found.matches]


def read_lines(path: Path, *keys: str) -> Iterator[dict[str, Any]]:
    """Return the objects of a file of JSON Lines, each with all of `keys`.

    Raises:
        CommandError: names the line that is none.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} を読めません。UTF-8のJSON Linesを渡してください。"
        raise CommandError(message) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            message = f"{path} の{number}行目はJSONではありません。"
            raise CommandError(message) from error
        if not isinstance(row, dict) or not all(key in row for key in keys):
            message = f"{path} の{number}行目に {', '.join(keys)} が要ります。"
            raise CommandError(message)
        yield row
