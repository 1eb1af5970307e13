"""Charts as shapes: what a template needs to draw them, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from faq.queries.tallies import Tally

WIDTH, HEIGHT = 720, 180
_LABELS = 12
# From bottom to top, by the names that styles know.
PARTS = ("answered", "offered", "handed")


@dataclass(frozen=True)
class Bar:
    """A rectangle of a chart."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Mark:
    """A word beside an axis, and how high it stands."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Chart:
    """Bars over days, or shares in a row."""

    width: int
    height: int
    bars: list[Bar]
    marks: list[Mark]
    highest: int = 0


def over_days(days: Sequence[Tally]) -> Chart:
    """Return a stack of parts for each day."""
    highest = max((tally.total for tally in days), default=0)
    step = WIDTH / max(len(days), 1)
    every = max(1, -(-len(days) // _LABELS))
    bars, marks = [], []
    for number, tally in enumerate(days):
        top = float(HEIGHT)
        for kind in PARTS:
            height = HEIGHT * getattr(tally, kind) / max(highest, 1)
            top -= height
            if height:
                x, width = number * step + step * 0.1, step * 0.8
                bars.append(Bar(kind, *(round(v, 2) for v in (x, top, width, height))))
        if number % every == 0:
            marks.append(Mark(tally.label, round((number + 0.5) * step, 2), HEIGHT))
    return Chart(WIDTH, HEIGHT, bars, marks, highest)


def shares(tally: Tally) -> Chart:
    """Return how the whole divides into its parts, side by side."""
    bars, left = [], 0.0
    for kind in PARTS:
        width = WIDTH * getattr(tally, kind) / max(tally.total, 1)
        if width:
            bars.append(Bar(kind, round(left, 2), 0, round(width, 2), 32))
        left += width
    return Chart(WIDTH, 32, bars, [])
