"""What is done with a paper of a case: it is opened."""

from django.db import transaction
from django.utils import timezone

from applications.events import DocumentDownloaded
from applications.models import Document
from journal.actions import Actor, record


@transaction.atomic
def open_document(document: Document, *, by: Actor | None) -> None:
    """Note when the applicant first saw the paper, as page or as PDF.

    A notice (処分通知) counts as received from then on; later openings change nothing.
    """
    first = Document.objects.filter(
        organization_id=document.organization_id,
        pk=document.pk,
        first_downloaded_at__isnull=True,
    ).update(first_downloaded_at=timezone.now())
    if first:
        record(
            DocumentDownloaded(
                organization_id=document.organization_id,
                application_id=document.application_id,
                document_id=document.pk,
            ),
            by=by,
        )
