"""What judging answers costs: 40 fields of every kind, 400 with 200 conditions."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

from applications.forms import page_form  # noqa: E402
from applications.formspec import (  # noqa: E402 - after setup
    FormSpec,
    check_document,
    compile_document,
    document_sha256,
)
from bench._portal import report  # noqa: E402

FORTY = Path(__file__).parent / "documents" / "forty_fields.json"
TODAY = date(2026, 11, 23)
ROUNDS = 2000


def main() -> None:
    """Report the median and the 95th percentile of each, in microseconds."""
    forty = json.loads(FORTY.read_text("utf-8"))
    _report("forty_fields", forty, forty["examples"]["valid"][0])
    large = _four_hundred()
    _report("four_hundred_fields_200_conditions", large, large["examples"]["valid"][0])


def _report(name: str, document: dict[str, Any], raw: dict[str, Any]) -> None:
    spec = compile_document(document)
    digest = document_sha256(document)
    answers = spec.evaluate(raw, today=TODAY).answers
    works: dict[str, tuple[Callable[[], object], int]] = {
        "evaluate_typed": (lambda: spec.evaluate(raw, today=TODAY), ROUNDS),
        "evaluate_filed": (lambda: spec.evaluate(answers, today=TODAY), ROUNDS),
        "contract": (lambda: spec.contract_problems(answers), ROUNDS),
        "look_up_compiled": (lambda: compile_document({}, sha256=digest), ROUNDS),
        "sections": (lambda: spec.sections(answers), ROUNDS),
        "render_a_page": (lambda: _rendered(spec, raw), 100),
        "compile": (lambda: _compiled_anew(document), 20),
        "publish_gate": (lambda: check_document(document), 5),
    }
    report(
        name,
        questions=len(spec.fields),
        answered=len(answers),
        **{f"{work}_us": _timed(*timed) for work, timed in works.items()},
    )


def _timed(work: Callable[[], object], rounds: int) -> dict[str, float]:
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter_ns()
        work()
        times.append((time.perf_counter_ns() - started) / 1000)
    high = statistics.quantiles(times, n=20)[-1]
    return {"p50": round(statistics.median(times), 1), "p95": round(high, 1)}


def _rendered(spec: FormSpec, raw: dict[str, Any]) -> str:
    return str(page_form(spec, spec.pages[0], raw=raw, today=TODAY))


_serial = iter(range(10**6))


def _compiled_anew(document: dict[str, Any]) -> FormSpec:
    return compile_document(document, sha256=f"bench-{next(_serial)}")


def _four_hundred() -> dict[str, Any]:
    """Build 100 pages of four questions: two conditional, on the last page all."""
    pages = []
    raw: dict[str, Any] = {}
    for number in range(100):
        earlier = {
            "and": [
                {"==": [{"var": f"kind{number - 1}"}, "a"]},
                {">": [{"var": f"count{number - 1}"}, 2]},
            ]
        }
        asked = {"visible_when": earlier} if number else {}
        always = asked if number == 99 else {}
        options = [{"value": one, "label": one} for one in "abc"]
        raw |= {
            f"kind{number}": "a",
            f"count{number}": "3",
            f"word{number}": "桂浜の月",
            f"sure{number}": "yes",
        }
        pages.append(
            {
                "slug": f"page{number}",
                "title": f"{number}",
                "fields": [
                    _field("choice", f"kind{number}", options=options, **always),
                    _field("integer", f"count{number}", **always),
                    _field("text", f"word{number}", **asked),
                    _field("yes_no", f"sure{number}", **asked),
                ],
            }
        )
    wrong = {**raw, "count0": "x"}
    return {
        **json.loads(FORTY.read_text("utf-8")),
        "pages": pages,
        "examples": {
            "today": TODAY.isoformat(),
            "valid": [raw],
            "invalid": [{"answers": wrong, "errors": ["count0"]}],
        },
    }


def _field(type_: str, key: str, **members: Any) -> dict[str, Any]:
    return {"type": type_, "key": key, "label": key, **members}


if __name__ == "__main__":
    main()
