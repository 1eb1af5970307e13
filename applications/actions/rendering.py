"""Make the PDFs of papers; never in the way of a filing."""

import hashlib
import logging
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from applications.models import Document
from applications.pdf import render_pdf

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
_LONGEST_WAIT_SECONDS = 3600


def render_due_documents(*, limit: int = 100) -> int:
    """Make the PDFs that are due, one after the other; return how many were made.

    A worker that dies leaves its lease behind; when that ends another takes over. A
    full disk or a broken font delays a paper, with ever longer waits, and loses none.
    """
    made = 0
    for _ in range(limit):
        document = _claim()
        if document is None:
            break
        made += _render(document)
    return made


@transaction.atomic(using="worker")
def _claim() -> Document | None:
    """Take the paper that waits longest, until the lease ends."""
    document = (
        Document.objects.using("worker")
        .filter(render_at__lte=timezone.now())
        .order_by("render_at")
        .select_for_update(skip_locked=True)
        .first()
    )
    if document is not None:
        document.attempts += 1
        wait = timedelta(seconds=min(2**document.attempts, _LONGEST_WAIT_SECONDS))
        document.render_at = timezone.now() + max(LEASE, wait)
        document.save(using="worker", update_fields=["attempts", "render_at"])
    return document


def _render(document: Document) -> bool:
    try:
        pdf = render_pdf(document)
        # The name follows from the content's id: a second try overwrites the first.
        name = f"{document.organization_id}/{document.pk}.pdf"
        storage = document.file.storage
        storage.delete(name)
        document.file.name = storage.save(name, ContentFile(pdf))
    except Exception:
        # Fonts, disk, memory: none of it may stop the papers behind this one.
        logger.exception("paper not rendered", extra={"document": str(document.pk)})
        return False
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    document.render_at = None
    document.save(using="worker", update_fields=["file", "sha256", "render_at"])
    return True
