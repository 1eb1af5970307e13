"""Hand a question over to people, and write to them again."""

from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from faq.actions.asking import held_question
from faq.errors import DeskUnusable, MessageEmpty, TicketClosed
from faq.events import QuestionHandedOver, TicketFollowedUp
from faq.masking import masked_question
from faq.models import Desk, Entry, Question, Reply, Ticket, TicketState
from faq.queries.asked import shown_for, ticket_of
from foundation.japanese import add_open_days, fiscal_year
from foundation.numbering import arrival_number
from journal.actions import Actor, record

MESSAGE_CHARACTERS = 2000
# Questions of a conversation that go to the desk with the last one.
_MOST_TOLD = 20


class HandedOver(NamedTuple):
    """The ticket that a question has become, now or before."""

    ticket: Ticket
    is_new: bool


_CLOSED = "この窓口は廃止されました。もう一度質問して、ほかの窓口をお選びください。"


@transaction.atomic
def hand_over(
    question: Question,
    *,
    message: str = "",
    contact_email: str = "",
    desk: Desk | None = None,
    by: Actor | None,
) -> HandedOver:
    """Give the question to the people of a desk (引継ぎ); twice, it is one ticket.

    Args:
        question: What nothing answered, or what the answer left open.
        message: What the person adds; masked before it is stored.
        contact_email: Where the reply may go; without one it is read on the page.
        desk: Another desk of the same body than the question's.
        by: Who asks; None for a visitor without an account.

    Raises:
        DeskUnusable: the desk is closed, or serves others.
    """
    question = held_question(question)
    if (known := ticket_of(question)) is not None:
        return HandedOver(known, is_new=False)
    now = timezone.now()
    desk = desk or question.desk
    if desk.audience != question.audience:
        raise DeskUnusable(_CLOSED)
    ticket = Ticket(
        **_key_of(question),
        number=_number(question.organization_id),
        question=question,
        desk=desk,
        audience=question.audience,
        language=question.language,
        transcript=_transcript(question),
        contact_email=contact_email,
        opened_at=now,
        last_at=now,
        due_on=_due_on(desk),
    )
    ticket.save(force_insert=True)
    # A visitor locks no desk; but the ticket's foreign key holds it now as it is.
    if not Desk.objects.filter(pk=desk.pk, closed_at=None).exists():
        raise DeskUnusable(_CLOSED)
    if message.strip():
        _write(ticket, message)
    record(
        QuestionHandedOver(
            organization_id=ticket.organization_id,
            ticket_id=ticket.pk,
            question_id=question.pk,
            desk_id=desk.pk,
            number=ticket.number,
            audience=ticket.audience,
        ),
        by=by,
    )
    return HandedOver(ticket, is_new=True)


@transaction.atomic
def write_to_ticket(ticket: Ticket, *, text: str, by: Actor | None) -> Reply:
    """Write to the desk again: it is their turn; a second click says it once.

    Raises:
        MessageEmpty: there are no words in it.
        TicketClosed: it has ended.
    """
    if not text.strip():
        raise MessageEmpty
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("desk")
        .get(organization_id=ticket.organization_id, pk=ticket.pk)
    )
    if (said := _said_last(ticket, text)) is not None:
        return said
    if ticket.state == TicketState.CLOSED:
        raise TicketClosed
    reply = _write(ticket, text)
    if ticket.state == TicketState.ANSWERED:
        # While it waits, the day that was promised stays.
        ticket.due_on = _due_on(ticket.desk)
    ticket.state = TicketState.WAITING
    ticket.last_at = reply.written_at
    ticket.save(update_fields=["state", "due_on", "last_at"])
    record(
        TicketFollowedUp(
            organization_id=ticket.organization_id,
            ticket_id=ticket.pk,
            reply_id=reply.pk,
        ),
        by=by,
    )
    return reply


def _key_of(row: Question | Ticket) -> dict[str, Any]:
    """Return what every part of a conversation carries to be opened with it."""
    return {
        "organization_id": row.organization_id,
        "person_id": row.person_id,
        "capability": row.capability,
    }


def _write(ticket: Ticket, text: str) -> Reply:
    reply = Reply(
        **_key_of(ticket),
        ticket=ticket,
        side=Reply.Side.ASKER,
        text=_as_kept(text),
    )
    reply.save(force_insert=True)
    return reply


def _said_last(ticket: Ticket, text: str) -> Reply | None:
    """Return the last message if the asker wrote just these words: a second click."""
    messages = Reply.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket
    )
    last = messages.order_by("-position").first()
    if last is None or (last.side, last.text) != (Reply.Side.ASKER, _as_kept(text)):
        return None
    return last


def _as_kept(text: str) -> str:
    return masked_question(text.strip())[:MESSAGE_CHARACTERS]


def _number(organization_id: int) -> str:
    """Return 受付番号, told apart from the 到達番号 of a filing by its first letter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('faq_ticket_number')")
        sequence = int(cursor.fetchone()[0])
    year = fiscal_year(timezone.localdate())
    return f"Q-{arrival_number(organization_id, year, sequence)}"


def _due_on(desk: Desk) -> Any:
    return add_open_days(timezone.localdate(), desk.reply_days)


def _transcript(question: Question) -> list[dict[str, Any]]:
    """Return what was asked until then and what it met, oldest first."""
    asked = list(
        Question.objects.filter(
            capability=question.capability,
            audience=question.audience,
            pk__lte=question.pk,
        ).order_by("-pk")[:_MOST_TOLD]
    )
    shown = {one.pk: shown_for(one) for one in asked}
    wanted = {entry for entries in shown.values() for entry in entries}
    known = Entry.objects.known_to([question.organization_id]).filter(pk__in=wanted)
    words = dict(known.values_list("pk", "live__question"))
    return [
        {
            "at": one.asked_at.isoformat(timespec="seconds"),
            "question": one.text,
            "outcome": one.outcome,
            "shown": [words[key] for key in shown[one.pk] if key in words],
        }
        for one in reversed(asked)
    ]
