"""What a desk does with a ticket: take it, write back, end it."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from faq.actions.authoring import check_writes
from faq.errors import MessageEmpty, TicketClosed, TicketMoved
from faq.events import TicketAnswered, TicketAssigned
from faq.events import TicketClosed as TicketHasEnded
from faq.models import Reply, Ticket, TicketState
from foundation.tenancy.scope import Scope, scoped
from journal.actions import PORTAL, Actor, record

REPLY_CHARACTERS = 4_000
# Who has nothing more to say in a month has been helped.
QUIET_UNTIL_CLOSED = timedelta(days=30)


@transaction.atomic
def assign_ticket(ticket: Ticket, *, assignee: User | None, by: User) -> Ticket:
    """Give the ticket to a member of staff, or to nobody.

    Raises:
        RoleMissing: `by`, or the assignee, works on no questions of this body.
    """
    ticket = _taken(ticket, by)
    if assignee is not None:
        check_writes(assignee, ticket.organization_id)
    if ticket.assignee != assignee:
        ticket.assignee = assignee
        ticket.save(update_fields=["assignee"])
        assignee_id = assignee.pk if assignee else None
        record(TicketAssigned(**_about(ticket), assignee_id=assignee_id), by=by)
    return ticket


@transaction.atomic
def reply_to_ticket(
    ticket: Ticket,
    *,
    text: str,
    by: User,
    read_until: int | None = None,
    is_last: bool = False,
) -> Reply:
    """Write back to whoever asked; the same words twice in a row are said once.

    Args:
        ticket: What is answered.
        text: As typed.
        by: Who writes.
        read_until: Position of the last message that `by` has read; None: all.
        is_last: End the ticket with it.

    Raises:
        RoleMissing: `by` works on no questions of this body.
        TicketClosed: it has ended.
        MessageEmpty: there are no words in it.
        TicketMoved: the asker, or a colleague, has written since.
    """
    ticket = _taken(ticket, by)
    text = text.strip()[:REPLY_CHARACTERS]
    if (said := said_last(ticket, text, by)) is not None:
        if is_last and ticket.state != TicketState.CLOSED:
            _close(ticket, by)
        return said
    if ticket.state == TicketState.CLOSED:
        raise TicketClosed
    if not text:
        raise MessageEmpty
    if read_until is not None and read_until != last_position(ticket):
        raise TicketMoved
    reply = Reply(
        organization_id=ticket.organization_id,
        person_id=ticket.person_id,
        capability=ticket.capability,
        ticket=ticket,
        side=Reply.Side.DESK,
        text=text,
        written_by=by,
    )
    reply.save(force_insert=True)
    ticket.state, ticket.last_at = TicketState.ANSWERED, reply.written_at
    ticket.assignee = ticket.assignee or by
    ticket.save(update_fields=["state", "last_at", "assignee"])
    record(TicketAnswered(**_about(ticket), reply_id=reply.pk), by=by)
    if is_last:
        _close(ticket, by)
    return reply


@transaction.atomic
def close_ticket(ticket: Ticket, *, by: User) -> Ticket:
    """End the ticket (終了): it takes no more messages; a second time changes nothing.

    Raises:
        RoleMissing: `by` works on no questions of this body.
    """
    ticket = _taken(ticket, by)
    if ticket.state != TicketState.CLOSED:
        _close(ticket, by)
    return ticket


def close_quiet_tickets() -> int:
    """End what a desk answered and nobody wrote to since; return how many."""
    moment = timezone.now() - QUIET_UNTIL_CLOSED
    quiet = Ticket.objects.using("worker").answered_before(moment)
    closed = 0
    for body, key in list(quiet.values_list("organization_id", "pk")):
        with scoped(Scope(organization_ids=frozenset({body}))), transaction.atomic():
            ticket = (
                Ticket.objects.select_for_update(of=("self",))
                .answered_before(moment)
                .filter(organization_id=body, pk=key)
                .first()
            )
            if ticket is not None:
                _close(ticket, PORTAL)
                closed += 1
    return closed


def said_last(ticket: Ticket, text: str, by: User) -> Reply | None:
    """Return the last message if `by` wrote just these words: a second click."""
    last: Reply | None = _messages(ticket).order_by("-position").first()
    if last is None or (last.written_by_id, last.text) != (by.pk, text.strip()):
        return None
    return last


def last_position(ticket: Ticket) -> int:
    """Return the position of the last message; 0 where there is none."""
    positions = _messages(ticket).order_by("-position")
    return positions.values_list("position", flat=True).first() or 0


def _messages(ticket: Ticket) -> Any:
    return Reply.objects.filter(organization_id=ticket.organization_id, ticket=ticket)


def _taken(ticket: Ticket, by: User) -> Ticket:
    """Lock the ticket for `by`."""
    check_writes(by, ticket.organization_id)
    return (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("desk", "assignee")
        .get(organization_id=ticket.organization_id, pk=ticket.pk)
    )


def _close(ticket: Ticket, by: Actor) -> None:
    ticket.state, ticket.last_at = TicketState.CLOSED, timezone.now()
    ticket.save(update_fields=["state", "last_at"])
    record(TicketHasEnded(**_about(ticket)), by=by)


def _about(ticket: Ticket) -> dict[str, Any]:
    return {"organization_id": ticket.organization_id, "ticket_id": ticket.pk}
