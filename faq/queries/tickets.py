"""What others may know of a ticket: numbers and offices, and no words."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from faq.models import Audience, Ticket, TicketState


@dataclass(frozen=True, kw_only=True)
class TicketSummary:
    """A ticket as messages tell of it.

    Args:
        contact_email: Where the asker wants to hear; empty where nowhere.
        desk_email: Of the department whose desk it is; empty where none is known.
        is_english: Whether it was asked in English.
        is_waiting: Whether it is the desk's turn.
        for_staff: Whether a member of staff asked.
    """

    id: UUID
    organization_id: int
    organization_name: str
    person_id: UUID | None
    number: str
    contact_email: str
    desk_name: str
    desk_email: str
    office_name: str
    office_phone: str
    opened_at: datetime
    due_on: date
    is_english: bool
    is_waiting: bool
    for_staff: bool


def ticket_summary(ticket_id: UUID) -> TicketSummary:
    """Return what a message may say of a ticket in reach."""
    ticket = Ticket.objects.select_related("desk__department", "organization").get(
        pk=ticket_id
    )
    office = ticket.desk.department
    return TicketSummary(
        id=ticket.pk,
        organization_id=ticket.organization_id,
        organization_name=ticket.organization.name,
        person_id=ticket.person_id,
        number=ticket.number,
        contact_email=ticket.contact_email,
        desk_name=ticket.desk.name,
        desk_email=office.email,
        office_name=office.name,
        office_phone=office.phone,
        opened_at=ticket.opened_at,
        due_on=ticket.due_on,
        is_english=ticket.language == "en",
        is_waiting=ticket.state == TicketState.WAITING,
        for_staff=ticket.audience == Audience.STAFF,
    )
