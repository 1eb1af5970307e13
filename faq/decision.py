"""Answer, "is it one of these three?", or hand over: the three outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices

MOST_CANDIDATES = 3


class Outcome(TextChoices):
    """What a question meets (結果)."""

    ANSWER = "answer", "回答"
    CANDIDATES = "candidates", "候補を表示"
    HAND_OVER = "hand_over", "窓口へ引継ぎ"


@dataclass(frozen=True)
class Thresholds:
    """From which confidence on; a confidence is a cosine of mean-centred vectors.

    Args:
        answer_from: Confidence from which one entry answers.
        offer_from: Confidence from which up to three entries are offered.
        lead_from: How far, in fused score, the best must lead the second to answer.
    """

    answer_from: float
    offer_from: float
    lead_from: float = 0.0


# By audience. Source: measured on this project's own frozen test questions; docs/faq.md
# shows what each lets through. Staff's entries are nearer to one another, so that less
# is left of a cosine once their mean is taken off.
LAUNCH = {
    "resident": Thresholds(answer_from=0.52, offer_from=0.36, lead_from=4.0),
    "staff": Thresholds(answer_from=0.48, offer_from=0.28, lead_from=3.0),
}


# Nor is an entry sure whose question another is nearer to than this.
NEARER_MARGIN = 0.1
# Where a question has no kana and no kanji, only vectors have compared it: no word of
# it stands for what they say, and so they have to say more.
UNSUPPORTED_MARGIN = 0.15


@dataclass(frozen=True)
class Evidence:
    """What speaks for one entry.

    Args:
        score: Fused score.
        cosine: Mean-centred cosine between the question and the entry's question or
            its nearest alternative; None where no encoder answered.
    """

    score: float
    cosine: float | None


def decide(
    ranked: Sequence[Evidence],
    confidence: float | None,
    thresholds: Thresholds,
    *,
    by_words: bool,
) -> Outcome:
    """Return what to do with entries ranked best first.

    Args:
        ranked: What speaks for each.
        confidence: The highest cosine of all that may answer.
        thresholds: From which on.
        by_words: Words, or sounds, were compared too.

    Without a confidence (words alone were compared) nothing is answered directly: a
    wrong answer given with confidence is worse than none.
    """
    if not ranked:
        return Outcome.HAND_OVER
    if confidence is None:
        return Outcome.CANDIDATES
    if confidence < thresholds.offer_from:
        return Outcome.HAND_OVER
    best = ranked[0]
    leads = len(ranked) == 1 or best.score - ranked[1].score >= thresholds.lead_from
    enough = thresholds.answer_from + (0 if by_words else UNSUPPORTED_MARGIN)
    sure = best.cosine is not None and best.cosine >= max(
        enough, confidence - NEARER_MARGIN
    )
    return Outcome.ANSWER if sure and leads else Outcome.CANDIDATES
