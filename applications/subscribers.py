"""Ring for the PDFs of new papers; let cases follow their department."""

from uuid import UUID

from applications import actions
from applications.events import (
    ApplicationDecided,
    ApplicationFiled,
    ApplicationReturned,
)
from applications.tasks import render_documents
from foundation.bell import bell
from journal.events import Event, subscriber
from organizations.events import DepartmentSucceeded

_ring = bell(render_documents)


@subscriber(ApplicationFiled)
@subscriber(ApplicationReturned)
@subscriber(ApplicationDecided)
def render_papers(event: Event, entry_id: UUID) -> None:
    """Wake the worker that makes PDFs; the row says what there is to do."""
    del event, entry_id
    _ring()


@subscriber(DepartmentSucceeded)
def move_applications(event: DepartmentSucceeded, entry_id: UUID) -> None:
    """Move what is still with the old department; a second time finds nothing."""
    del entry_id
    actions.move_open_applications(event.organization_id, event.department_id)


@subscriber(ApplicationFiled)
def move_late_arrival(event: ApplicationFiled, entry_id: UUID) -> None:
    """Move what arrived while its department ended, and so missed the move."""
    del entry_id
    actions.move_late_arrival(event.organization_id, event.application_id)
