"""How well a ranking serves people who ask."""

from collections.abc import Mapping, Sequence
from math import ceil, log2


def ndcg(ranked: Sequence[str], grades: Mapping[str, float], at: int = 10) -> float:
    """Return the gain of the first `at`, discounted by rank, of the best possible.

    Gains are linear in the grade, as in trec_eval.
    Source: K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation", 2002.
    """
    gains = [grades.get(code, 0.0) for code in ranked[:at]]
    ideal = sorted(grades.values(), reverse=True)[:at]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return 1 / the rank of the first relevant entry; 0 where there is none."""
    for rank, code in enumerate(ranked, 1):
        if relevant.get(code, 0) > 0:
            return 1 / rank
    return 0.0


def hit(ranked: Sequence[str], relevant: Mapping[str, float], at: int) -> float:
    """Return 1 where any relevant entry is among the first `at`."""
    return float(any(relevant.get(code, 0) > 0 for code in ranked[:at]))


def recall(ranked: Sequence[str], relevant: Mapping[str, float], at: int) -> float:
    """Return the share of the relevant entries that is among the first `at`."""
    wanted = {code for code, grade in relevant.items() if grade > 0}
    return len(wanted & set(ranked[:at])) / len(wanted) if wanted else 0.0


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Return how often a question in scope scores above one out of scope.

    Ties count half (Mann-Whitney U); None where either has no question.
    """
    if not inside or not outside:
        return None
    wins = sum((a > b) + 0.5 * (a == b) for a in inside for b in outside)
    return wins / (len(inside) * len(outside))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * share) - 1, 0)]


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))
