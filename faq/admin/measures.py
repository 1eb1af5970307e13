"""Figures and thresholds in a few words."""

from faq.decision import Thresholds

Figures = dict[str, float | int | None]


def in_short_of(figures: Figures) -> str:
    """Return the three figures that matter most."""
    shown = {
        "nDCG@10": figures.get("ndcg_10"),
        "hit@5": figures.get("hit_5"),
        "誤った回答": figures.get("wrong_share"),
    }
    return "、".join(
        f"{label} {'—' if value is None else format(value, '.3f')}"
        for label, value in shown.items()
    )


def in_words(thresholds: Thresholds) -> str:
    """Return thresholds on one line."""
    return (
        f"回答 {thresholds.answer_from:g}、候補 {thresholds.offer_from:g}、"
        f"差 {thresholds.lead_from:g}"
    )
