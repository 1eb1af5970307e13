"""What was asked and handed over, found by those who may see it."""

from uuid import UUID

from django.conf import settings

from faq.decision import MOST_CANDIDATES, Outcome
from faq.models import (
    Question,
    QuestionQuerySet,
    Reply,
    Ticket,
    TicketQuerySet,
)
from foundation.numbering import inquiry_code
from foundation.tenancy.scope import Scope, capability_of

# Questions of a conversation that the panel shows again.
_MOST_RECENT = 5


def question_in(scope: Scope, audience: str) -> QuestionQuerySet:
    """Return the questions that persons and secrets of `scope` open."""
    return (
        Question.objects.reachable_in(scope)
        .filter(audience=audience)
        .select_related("organization", "desk__department")
    )


def ticket_in(scope: Scope, audience: str) -> TicketQuerySet:
    """Return the tickets that persons and secrets of `scope` open."""
    return (
        Ticket.objects.reachable_in(scope)
        .filter(audience=audience)
        .select_related("organization", "desk__department", "question")
    )


def recent_questions(scope: Scope, audience: str) -> list[Question]:
    """Return the last questions that a secret opens, oldest first."""
    if not scope.capability:
        return []
    asked = Question.objects.filter(capability=scope.capability, audience=audience)
    return list(asked.order_by("-pk")[:_MOST_RECENT])[::-1]


def ticket_of(question: Question) -> Ticket | None:
    """Return the ticket that the question has become, if it has."""
    return Ticket.objects.filter(
        organization_id=question.organization_id, question=question
    ).first()


def ticket_by_number(number: str, capability: str, audience: str) -> Ticket | None:
    """Find the ticket of this 受付番号, if the secret is its own."""
    return Ticket.objects.filter(
        number=number, capability=capability, audience=audience
    ).first()


def replies_of(ticket: Ticket) -> list[Reply]:
    """Return what was written, oldest first."""
    return list(
        Reply.objects.filter(
            organization_id=ticket.organization_id, ticket=ticket
        ).order_by("position")
    )


def latest_question(scope: Scope) -> Question | None:
    """Return the last question, of whatever audience, that a secret opens."""
    if not scope.capability:
        return None
    asked = Question.objects.filter(capability=scope.capability)
    return asked.order_by("-pk").first()


def conversation_code(question: Question) -> str | None:
    """Return the secret of its conversation, made again from the key it was made with.

    It is 問合せ番号 of what is handed over. None: its key has left INQUIRY_KEYS.
    """
    for key in settings.INQUIRY_KEYS:
        code = inquiry_code(question.conversation, key)
        if capability_of(code) == question.capability:
            return code
    return None


def shown_for(question: Question) -> list[UUID]:
    """Return which entries the person saw: the one opened, or the candidates."""
    if (opened := question.chosen_id or question.answered_id) is not None:
        return [opened]
    return offered_for(question)


def offered_for(question: Question) -> list[UUID]:
    """Return the entries that stood to choose from, best first."""
    if question.outcome == Outcome.HAND_OVER:
        return []
    return [UUID(row["entry"]) for row in question.found[:MOST_CANDIDATES]]
