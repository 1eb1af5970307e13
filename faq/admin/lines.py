"""Figures over time as lines: what a template needs to draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from faq.models import Evaluation

WIDTH, HEIGHT, MARGIN = 720, 200, 12
# Figure → what it is called, and the name that styles know.
DRAWN = {
    "ndcg_10": ("nDCG@10", "answered"),
    "hit_5": ("hit@5", "offered"),
    "wrong_share": ("誤った回答の割合", "handed"),
}


@dataclass(frozen=True)
class Line:
    """One figure: its points as SVG writes them."""

    label: str
    kind: str
    points: str
    dots: list[tuple[float, float]]


@dataclass(frozen=True)
class Lines:
    """Figures between 0 (bottom) and 1 (top), from the first day to the last."""

    width: int
    height: int
    lines: list[Line]
    first: str
    last: str


def lines_over(rows: Sequence[Evaluation]) -> Lines | None:
    """Return the lines of evaluations, oldest first; one alone makes no line."""
    if len(rows) < 2:
        return None
    return Lines(
        WIDTH,
        HEIGHT,
        [_line(rows, name, *said) for name, said in DRAWN.items()],
        _day(rows[0]),
        _day(rows[-1]),
    )


def _line(rows: Sequence[Evaluation], name: str, label: str, kind: str) -> Line:
    step = (WIDTH - 2 * MARGIN) / max(len(rows) - 1, 1)
    dots = [
        (round(MARGIN + n * step, 1), _height(row.figures["all"].get(name)))
        for n, row in enumerate(rows)
        if row.figures["all"].get(name) is not None
    ]
    return Line(label, kind, " ".join(f"{x},{y}" for x, y in dots), dots)


def _height(value: Any) -> float:
    return round(HEIGHT - MARGIN - float(value) * (HEIGHT - 2 * MARGIN), 1)


def _day(row: Evaluation) -> str:
    return f"{timezone.localtime(row.measured_at):%Y/%m/%d}"
