"""What the list shows of a case: enough to choose the next one, no full name."""

import re
from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from applications.deadlines import Urgency, time_left
from applications.models import Application
from applications.workflow import State

# A character with the selectors of its variant, which belong to it.
_FIRST = re.compile(r".[\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL)

TONES = {
    State.FILED: "attention",
    State.ACCEPTED: "progress",
    State.RETURNED: "info",
    State.COMPLETED: "success",
    State.APPROVED: "success",
    State.REJECTED: "danger",
    State.WITHDRAWN: "neutral",
}
URGENCY_TONES = {
    Urgency.CALM: "neutral",
    Urgency.SOON: "attention",
    Urgency.OVERDUE: "danger",
}


def masked_name(name: str) -> str:
    """Return 髙●●● for 髙知 太郎: a list is read over many shoulders."""
    first = _FIRST.match(name)
    return f"{first.group()}●●●" if first else "（氏名なし）"


def state_tag(application: Application) -> SafeString:
    """Return the state as a tag that says it in words."""
    state = State(application.state)
    return _tag(state.label, TONES[state])


def due_tag(
    application: Application, today: date, *, correct_by: date | None = None
) -> SafeString | str:
    """Return the due day with the time left: amber from 80 % on, red beyond.

    Of a case that waits for a correction, the day of that.
    """
    if correct_by is not None:
        is_late = correct_by < today
        said = "補正の期限切れ" if is_late else "補正の期限"
        tone = URGENCY_TONES[Urgency.OVERDUE if is_late else Urgency.CALM]
        return _tag(f"{said} {correct_by:%Y/%m/%d}", tone)
    if application.closed_at or application.due_on is None:
        return "—"
    procedure = application.offering.procedure
    left = time_left(
        application.due_on, today, procedure.standard_days, procedure.day_unit
    )
    due_on = f"{application.due_on:%Y/%m/%d}"
    text = f"{due_on} {_in_words(left.days, procedure.get_day_unit_display())}"
    return _tag(text, URGENCY_TONES[left.urgency])


def _in_words(days: int, unit: str) -> str:
    if days < 0:
        return f"{-days}日超過"
    return f"あと{days}{unit}" if days else "きょうまで"


@lru_cache(maxsize=4096)
def _tag(label: str, tone: str) -> SafeString:
    return render_to_string(
        "components/status_tag.html", {"label": label, "tone": tone}
    )
