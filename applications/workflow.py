"""What may happen to an application, as tables that one function reads.

Source: 行政手続法 7条 (審査開始義務: no silent return), 37条 (届出: no approval, no
refusal), デジタル手続法 6条3項 (到達).
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import TextChoices

from applications.errors import TransitionNotAllowed


class State(TextChoices):
    """Where an application stands (状態)."""

    FILED = "filed", "受付待ち"
    ACCEPTED = "accepted", "審査中"
    RETURNED = "returned", "補正待ち"
    COMPLETED = "completed", "完了"
    APPROVED = "approved", "許可・承認"
    REJECTED = "rejected", "不許可・却下"
    WITHDRAWN = "withdrawn", "取下げ"


OPEN = frozenset({State.FILED, State.ACCEPTED, State.RETURNED})
STAFF_S_TURN = OPEN - {State.RETURNED}

APPLICANT = "applicant"
CLERK, EXAMINER, APPROVER = "clerk", "examiner", "approver"
SUPPORT = "support"
# Who works on cases, and who may look at them.
WORKERS = frozenset({CLERK, EXAMINER, APPROVER})
READERS = WORKERS | {SUPPORT}


@dataclass(frozen=True)
class Transition:
    """One row of a table: who may do `event` from which states, and where it leads."""

    event: str
    label: str
    sources: frozenset[State]
    target: State
    roles: frozenset[str]


def _row(
    event: str, label: str, sources: Collection[State], target: State, *roles: str
) -> Transition:
    return Transition(event, label, frozenset(sources), target, frozenset(roles))


_COMMON = (
    _row("accept", "受け付ける", {State.FILED}, State.ACCEPTED, CLERK, EXAMINER),
    _row(
        "return",
        "補正を求める",
        {State.FILED, State.ACCEPTED},
        State.RETURNED,
        CLERK,
        EXAMINER,
    ),
    _row(
        "resume",
        "補正を待たずに審査を再開する",
        {State.RETURNED},
        State.ACCEPTED,
        CLERK,
        EXAMINER,
    ),
    _row("correct", "補正して出し直す", {State.RETURNED}, State.FILED, APPLICANT),
    _row("withdraw", "取り下げる", OPEN, State.WITHDRAWN, APPLICANT),
)

TABLES: dict[str, tuple[Transition, ...]] = {
    "permit": (
        *_COMMON,
        _row("approve", "許可・承認する", {State.ACCEPTED}, State.APPROVED, APPROVER),
        _row(
            "reject",
            "不許可・却下とする",
            {State.ACCEPTED},
            State.REJECTED,
            APPROVER,
        ),
    ),
    "notification": (
        *_COMMON,
        _row(
            "complete", "完了する", {State.ACCEPTED}, State.COMPLETED, CLERK, EXAMINER
        ),
    ),
}


def advance(kind: str, state: State, event: str) -> State:
    """Return the state that `event` leads to.

    Raises:
        TransitionNotAllowed: the table of this kind has no such step from `state`.
    """
    for row in TABLES[kind]:
        if row.event == event and state in row.sources:
            return row.target
    label = next((row.label for row in TABLES[kind] if row.event == event), event)
    message = f"「{state.label}」の申請に「{label}」の操作はできません。"
    raise TransitionNotAllowed(message)


def possible(kind: str, state: State, roles: Collection[str]) -> tuple[Transition, ...]:
    """Return the steps that someone with `roles` may take from `state`."""
    held = frozenset(roles)
    return tuple(
        row for row in TABLES[kind] if state in row.sources and row.roles & held
    )


def roles_for(kind: str, event: str) -> frozenset[str]:
    """Return who may do `event`; empty where the kind has no such step."""
    return next((row.roles for row in TABLES[kind] if row.event == event), frozenset())
