"""Tell people what happened to what they filed and asked, and other programs."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.events import (
    ApplicationCorrected,
    ApplicationDecided,
    ApplicationEvent,
    ApplicationFiled,
    ApplicationResumed,
    ApplicationReturned,
    ApplicationWithdrawn,
)
from applications.queries import (
    ApplicationSummary,
    application_summary,
    correction_due_on,
)
from faq.events import QuestionHandedOver, TicketAnswered, TicketEvent, TicketFollowedUp
from faq.queries.tickets import TicketSummary, ticket_summary
from foundation.japanese import display_date, display_instant
from journal.events import Event, subscriber, subscriber_to_all
from notifications.actions import queue_message
from notifications.actions.webhooks import queue_deliveries
from notifications.models import Message, Template

TOLD: dict[type[ApplicationEvent], Template] = {
    ApplicationFiled: Template.RECEIVED,
    ApplicationReturned: Template.RETURNED,
    ApplicationResumed: Template.RESUMED,
    ApplicationCorrected: Template.CORRECTED,
    ApplicationDecided: Template.DECIDED,
    ApplicationWithdrawn: Template.WITHDRAWN,
}


def tell_applicant(event: ApplicationEvent, entry_id: UUID) -> None:
    """Queue the message about this entry; nothing where no address was given."""
    summary = application_summary(event.application_id)
    if not summary.contact_email:
        return
    context = _context(summary)
    if isinstance(event, ApplicationReturned):
        context["correct_by"] = display_date(correction_due_on(event.correction_id))
    if isinstance(event, ApplicationDecided):
        context["by_post"] = "書面" if event.by_post else ""
    message = Message(
        key=f"journal:{entry_id}",
        template=TOLD[type(event)],
        organization_id=summary.organization_id,
        person_id=summary.person_id,
        subject_id=summary.id,
        address=summary.contact_email,
        context=context,
    )
    queue_message(message)


for _event in TOLD:
    subscriber(_event)(tell_applicant)


def _context(summary: ApplicationSummary) -> dict[str, str]:
    """Return what a message may say of an application, as it is written."""
    return {
        "number": summary.number,
        "filed_at": display_instant(timezone.localtime(summary.filed_at)),
        "procedure": summary.procedure_title,
        "organization": summary.organization_name,
        "office": summary.office_name,
        "phone": summary.office_phone,
        "due_on": display_date(summary.due_on) if summary.due_on else "",
    }


@subscriber(TicketAnswered)
def tell_asker(event: TicketAnswered, entry_id: UUID) -> None:
    """Queue the message that the desk has written; its words stay on the page."""
    ticket = ticket_summary(event.ticket_id)
    _queue_of_ticket(ticket, entry_id, Template.TICKET_ANSWERED, ticket.contact_email)


@subscriber(QuestionHandedOver)
@subscriber(TicketFollowedUp)
def tell_desk(event: TicketEvent, entry_id: UUID) -> None:
    """Queue the message to the desk's department that somebody waits."""
    ticket = ticket_summary(event.ticket_id)
    _queue_of_ticket(ticket, entry_id, Template.TICKET_WAITING, ticket.desk_email)


def _queue_of_ticket(
    ticket: TicketSummary, entry_id: UUID, template: Template, address: str
) -> None:
    if not address:
        return
    to_asker = template == Template.TICKET_ANSWERED
    pages = "faq_staff" if ticket.for_staff else "faq"
    message = Message(
        key=f"journal:{entry_id}",
        template=template,
        organization_id=ticket.organization_id,
        person_id=ticket.person_id if to_asker else None,
        subject_id=ticket.id,
        address=address,
        context={
            "number": ticket.number,
            "desk": ticket.desk_name,
            "organization": ticket.organization_name,
            "office": ticket.office_name,
            "phone": ticket.office_phone,
            "opened_at": display_instant(timezone.localtime(ticket.opened_at)),
            "due_on": display_date(ticket.due_on),
            "english": "English" if ticket.is_english else "",
            "page_url": _url(reverse(f"{pages}:ticket", args=[ticket.id])),
            "look_up_url": _url(reverse(f"{pages}:tickets")),
            "desk_url": _url(reverse("admin:faq_ticket_change", args=[ticket.id])),
        },
    )
    queue_message(message)


def _url(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


@subscriber_to_all
def tell_webhooks(event: Event, entry_id: UUID) -> None:
    """Queue the event for the programs of its body that asked for it."""
    queue_deliveries(event, entry_id)
