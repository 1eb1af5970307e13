"""Figures and thresholds in a few words."""

from django.utils.safestring import SafeString

from faq.admin.columns import tag
from faq.decision import Thresholds
from faq.models import Progress

Figures = dict[str, float | int | None]
_TONES = {
    Progress.WAITING: "progress",
    Progress.DONE: "success",
    Progress.FAILED: "danger",
}


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


def in_percent(figures: Figures) -> dict[str, str]:
    """Return the shares among figures, for people."""
    return {
        name: f"{100 * value:.1f}％"
        for name, value in figures.items()
        if name.endswith("_share") and value is not None
    }


def in_words(thresholds: Thresholds) -> str:
    """Return thresholds on one line."""
    return (
        f"回答 {thresholds.answer_from:g}、候補 {thresholds.offer_from:g}、"
        f"差 {thresholds.lead_from:g}"
    )


def progress_tag(state: str) -> SafeString:
    """Return how far a measurement has come, as a tag that says it in words."""
    return tag(Progress(state).label, _TONES[Progress(state)])
