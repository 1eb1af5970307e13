"""What the pages about questions share."""

from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString

from faq.actions.authoring import WRITERS
from faq.admin.columns import tag
from faq.decision import Outcome
from organizations.models import Role

READERS = frozenset({*WRITERS, Role.ADMINISTRATOR, Role.SUPPORT})
OUTCOME_TONES = {
    Outcome.ANSWER: "success",
    Outcome.CANDIDATES: "info",
    Outcome.HAND_OVER: "attention",
}


def outcome_tag(outcome: str) -> SafeString:
    """Return what a question met, as a tag."""
    met = Outcome(outcome)
    return tag(str(met.label), OUTCOME_TONES[met])


def moment(at: datetime | None) -> str:
    """Return a moment in Japan."""
    return f"{timezone.localtime(at):%Y/%m/%d %H:%M}" if at else "—"


def shortened(text: str, most: int = 60) -> str:
    """Return the beginning of a question, for a list."""
    return f"{text[:most]}…" if len(text) > most else text
