"""Figures that cost little however much there is to count."""

MOST_COUNTED = 1000


def bounded(count: int) -> str:
    """Show a figure that was counted no further than `MOST_COUNTED`."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
