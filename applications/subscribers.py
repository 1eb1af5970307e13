"""Ring for the PDFs as soon as a paper was added to a case."""

from uuid import UUID

from applications.events import (
    ApplicationDecided,
    ApplicationFiled,
    ApplicationReturned,
)
from applications.tasks import render_documents
from foundation.bell import bell
from journal.events import Event, subscriber

_ring = bell(render_documents)


@subscriber(ApplicationFiled)
@subscriber(ApplicationReturned)
@subscriber(ApplicationDecided)
def render_papers(event: Event, entry_id: UUID) -> None:
    """Wake the worker that makes PDFs; the row says what there is to do."""
    del event, entry_id
    _ring()
