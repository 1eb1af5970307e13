"""What other floors may know: no answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from applications.events import (
    ApplicationAccepted,
    ApplicationAssigned,
    ApplicationCorrected,
    ApplicationDecided,
    ApplicationFiled,
    ApplicationMoved,
    ApplicationResumed,
    ApplicationReturned,
    ApplicationWithdrawn,
)
from applications.models import Application, Correction
from applications.workflow import State
from journal.queries import subjects_since


@dataclass(frozen=True, kw_only=True)
class ApplicationSummary:
    """What other floors may know of an application; no answers."""

    id: UUID
    organization_id: int
    organization_name: str
    person_id: UUID | None
    number: str
    procedure_title: str
    state: str
    state_label: str
    filed_at: datetime
    due_on: date | None
    office_name: str
    office_phone: str
    contact_email: str


def application_summary(application_id: UUID) -> ApplicationSummary:
    """Return the summary of one application within the scope in force.

    Raises:
        Application.DoesNotExist: there is none, or it is beyond the scope.
    """
    found = Application.objects.select_related(
        "organization", "offering__procedure", "department"
    ).get(pk=application_id)
    return ApplicationSummary(
        id=found.pk,
        organization_id=found.organization_id,
        organization_name=found.organization.name,
        person_id=found.person_id,
        number=found.number,
        procedure_title=found.offering.procedure.title,
        state=found.state,
        state_label=State(found.state).label,
        filed_at=found.filed_at,
        due_on=found.due_on,
        office_name=found.department.name,
        office_phone=found.department.phone,
        contact_email=found.contact_email,
    )


def correction_due_on(correction_id: UUID) -> date:
    """Return the day by which a correction was asked for, made since or not."""
    return Correction.objects.values_list("due_on", flat=True).get(pk=correction_id)


CHANGES = (
    ApplicationFiled,
    ApplicationAccepted,
    ApplicationReturned,
    ApplicationResumed,
    ApplicationCorrected,
    ApplicationDecided,
    ApplicationWithdrawn,
    ApplicationAssigned,
    ApplicationMoved,
)


def changed_since(moment: datetime, organization_id: int) -> Any:
    """Return the ids of the body's applications that something happened to since."""
    names = [event.name for event in CHANGES]
    return subjects_since(moment, organization_id=organization_id, names=names)
