"""Measure a corpus with the production path: its index, its search, its decision."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from time import perf_counter

from faq.decision import Evidence, Outcome, Thresholds, decide
from faq.index.searching import Found
from faq.retrieval import metrics

# What ranks: question → what was found.
Ranker = Callable[[str], Found]


@dataclass(frozen=True)
class Case:
    """One test question.

    Args:
        text: As typed.
        grades: Key of each right entry → how right; empty: nothing answers it.
        groups: What it counts under besides all (language, desk …).
        far: Out of every desk's field.
        key: What it is asked by, where another question has the same words.
    """

    text: str
    grades: Mapping[str, float]
    groups: tuple[str, ...] = ()
    far: bool = False
    key: str = ""


@dataclass
class _Tally:
    ndcg: list[float] = field(default_factory=list)
    rank: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    hit: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    outcomes: dict[Outcome, int] = field(default_factory=lambda: defaultdict(int))
    wrong: int = 0
    asked: int = 0


@dataclass(frozen=True)
class Measured:
    """Figures of a set of questions; shares are 0–1, times milliseconds."""

    figures: dict[str, float | int | None]
    groups: dict[str, dict[str, float | int | None]]
    wrong: list[tuple[str, str]]
    """Questions that were answered directly with a wrong entry, with its code."""


def measure(
    cases: Iterable[Case],
    rank: Ranker,
    code_of: Callable[[Found], Sequence[str]],
    thresholds: Thresholds,
) -> Measured:
    """Ask every question, and compare what came with what should have."""
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    inside: list[float] = []
    outside: dict[bool, list[float]] = {True: [], False: []}
    seconds: list[float] = []
    wrong: list[tuple[str, str]] = []
    for case in cases:
        begun = perf_counter()
        found = rank(case.key or case.text)
        seconds.append(perf_counter() - begun)
        ranked = code_of(found)
        confidence = found.confidence if found.confidence is not None else 0.0
        (inside if case.grades else outside[case.far]).append(confidence)
        outcome = decide(
            [Evidence(match.score, match.cosine) for match in found.matches],
            found.confidence,
            thresholds,
            by_words=found.by_words,
        )
        is_wrong = outcome == Outcome.ANSWER and not case.grades.get(ranked[0])
        if is_wrong:
            wrong.append((case.text, ranked[0]))
        for name in ("", *case.groups):
            _count(tallies[name], case, ranked, outcome, is_wrong=is_wrong)
    figures = _figures(tallies.pop("")) if tallies else {}
    milliseconds = [1000 * value for value in seconds] or [0.0]
    figures |= {
        "auroc_far": _rounded(metrics.auroc(inside, outside[True])),
        "auroc_near": _rounded(metrics.auroc(inside, outside[False])),
        "p50_ms": round(metrics.percentile(milliseconds, 0.5), 1),
        "p95_ms": round(metrics.percentile(milliseconds, 0.95), 1),
    }
    groups = {name: _figures(tally) for name, tally in sorted(tallies.items())}
    return Measured(figures, groups, wrong)


def _count(
    tally: _Tally,
    case: Case,
    ranked: Sequence[str],
    outcome: Outcome,
    *,
    is_wrong: bool,
) -> None:
    tally.asked += 1
    tally.outcomes[outcome] += 1
    tally.wrong += is_wrong
    if case.grades:
        tally.ndcg.append(metrics.ndcg(ranked, case.grades))
        tally.rank.append(metrics.reciprocal_rank(ranked, case.grades))
        tally.first.append(metrics.hit(ranked, case.grades, 1))
        tally.hit.append(metrics.hit(ranked, case.grades, 5))
        tally.recall.append(metrics.recall(ranked, case.grades, 5))


def _figures(tally: _Tally) -> dict[str, float | int | None]:
    shares = {
        "ndcg_10": tally.ndcg,
        "mrr": tally.rank,
        "p_1": tally.first,
        "hit_5": tally.hit,
        "recall_5": tally.recall,
    }
    figures: dict[str, float | int | None] = {
        name: round(fmean(values), 4) if values else None
        for name, values in shares.items()
    }
    of_outcomes = {
        f"{outcome.value}_share": round(tally.outcomes[outcome] / tally.asked, 4)
        for outcome in Outcome
    }
    wrong = {"wrong_share": round(tally.wrong / tally.asked, 4)}
    return {"questions": tally.asked} | figures | of_outcomes | wrong


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def folds_of(
    queries: Sequence[str],
    grades: Mapping[str, Mapping[str, float]],
    *,
    grouped: bool,
    count: int = 5,
) -> list[Collection[str]]:
    """Split queries into folds, so that none is asked with itself as a known wording.

    Grouped, all questions that share a right entry lie in one fold: what is learned of
    an entry never helps with that entry. Random, an entry may have been learned from
    other people's questions, as it is in service.
    """
    owner: dict[str, str] = {}
    for query in queries:
        best = sorted(
            grades.get(query, {}).items(), key=lambda item: (-item[1], item[0])
        )
        owner[query] = best[0][0] if grouped and best else query
    places = {name: n % count for n, name in enumerate(sorted(set(owner.values())))}
    return [[q for q in queries if places[owner[q]] == n] for n in range(count)]
