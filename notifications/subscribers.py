"""Tell applicants what happened to their applications."""

from uuid import UUID

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


@subscriber_to_all
def tell_webhooks(event: Event, entry_id: UUID) -> None:
    """Queue the event for the programs of its body that asked for it."""
    queue_deliveries(event, entry_id)
