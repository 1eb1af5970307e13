"""What the list of entries shows: enough to choose the next one to work on."""

from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from faq.models import Entry, LinkStatus, Revision, State
from faq.queries.entries import ENDS_SOON

STATE_TONES = {
    State.DRAFT: "progress",
    State.IN_REVIEW: "attention",
    State.PUBLISHED: "success",
    State.SUPERSEDED: "neutral",
    State.DECLINED: "danger",
}


def state_tag(state: str) -> SafeString:
    """Return the state of a revision as a tag that says it in words."""
    return tag(State(state).label, STATE_TONES[State(state)])


def entry_tags(entry: Entry, unfinished: Revision | None) -> SafeString:
    """Return whether an entry answers, and what else is being written."""
    tags = []
    if entry.is_published:
        tags.append(tag("公開中", "success"))
    elif entry.withdrawn_at is not None:
        tags.append(tag("公開終了", "neutral"))
    if unfinished is not None:
        tags.append(state_tag(unfinished.state))
    return SafeString(" ".join(tags))


def days_tag(live: Revision | None, today: date) -> SafeString:
    """Return what is due with the words that answer: their end, their next look."""
    if live is None:
        return SafeString("—")
    ends, review = live.valid_until, live.review_on
    begins = live.valid_from
    due: list[tuple[bool, str, date | None, str]] = [
        (ends is not None and ends < today, "有効期限切れ", ends, "danger"),
        (begins is not None and begins > today, "まだ始まらない", begins, "info"),
        (review is not None and review <= today, "見直し期限", review, "attention"),
        (
            ends is not None and ends <= today + ENDS_SOON,
            "期限まもなく",
            ends,
            "attention",
        ),
        (ends is not None, "有効期限", ends, ""),
        (review is not None, "見直し", review, ""),
    ]
    for applies, label, day, tone in due:
        if applies:
            text = f"{label} {day:%Y/%m/%d}"
            return tag(text, tone) if tone else SafeString(text)
    return SafeString("—")


def link_tag(status: str) -> SafeString:
    """Return what came of the last look at a link."""
    tone = "success" if status == LinkStatus.FOUND else "danger"
    return tag(LinkStatus(status).label, tone)


@lru_cache(maxsize=1024)
def tag(label: str, tone: str) -> SafeString:
    """Return a status tag."""
    return render_to_string(
        "components/status_tag.html", {"label": label, "tone": tone}
    )
