"""Make the PDFs of papers; never in the way of a filing."""

import hashlib
import logging
from datetime import timedelta
from time import monotonic

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from applications.models import Document
from applications.pdf import can_render, render_pdf

logger = logging.getLogger(__name__)

# Longer than any paper takes; only after it a dead worker's paper is made by another.
LEASE = timedelta(minutes=2)
_LONGEST_WAIT_SECONDS = 3600
_LONGEST_RUN_SECONDS = 60  # a task that runs for minutes would be killed


def render_due_documents() -> int:
    """Make the PDFs that are due, one after the other; return how many were made.

    A worker that dies leaves its lease behind; when that ends another takes over. A
    full disk or a broken font delays a paper, with ever longer waits, and loses none.
    """
    if not can_render():
        return 0
    made, begun = 0, monotonic()
    while monotonic() - begun < _LONGEST_RUN_SECONDS and (document := _claim()):
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
        document.render_at = timezone.now() + LEASE
        document.save(using="worker", update_fields=["attempts", "render_at"])
    return document


def _render(document: Document) -> bool:
    storage = document.file.storage
    # Each attempt has a file of its own, so that two workers never share one; what
    # the attempt before left is nobody's, for only the latest attempt may be kept.
    name, left_over = (
        f"{document.organization_id}/{document.pk}-{n}.pdf"
        for n in (document.attempts, document.attempts - 1)
    )
    try:
        pdf = render_pdf(document)
        storage.delete(left_over)
        storage.save(name, ContentFile(pdf))
    except Exception:
        # Fonts, disk, memory: none of it may stop the papers behind this one.
        logger.exception("paper not rendered", extra={"document": str(document.pk)})
        wait_seconds = min(2**document.attempts, _LONGEST_WAIT_SECONDS)
        _settle(document, render_at=timezone.now() + timedelta(seconds=wait_seconds))
        return False
    digest = hashlib.sha256(pdf).hexdigest()
    is_ours = _settle(document, file=name, sha256=digest, render_at=None)
    if not is_ours:
        storage.delete(name)
    return is_ours


def _settle(document: Document, **changed: object) -> bool:
    """Write down how the attempt ended, unless another attempt has begun since."""
    return bool(
        Document.objects.using("worker")
        .filter(
            organization_id=document.organization_id,
            pk=document.pk,
            attempts=document.attempts,
        )
        .update(**changed)
    )
