"""Record what happened, tell those who listen, seal what was committed."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from django.db import connections, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from foundation.request_id import current_request_id
from foundation.tenancy.scope import Scope, scoped
from journal.errors import NotInTransaction
from journal.events import Event, subscribers_of, type_by_name
from journal.models import Entry, Seal, Undelivered, Unsealed
from journal.queries import GENESIS, digest_of

logger = logging.getLogger(__name__)

_SEALING_LOCK = 6_010_001  # any constant: one sealer at a time
_LONGEST_WAIT_SECONDS = 3600


class Actor(Protocol):
    """Who did it: a user, an API client; `actor_kind` tells which."""

    actor_kind: str
    pk: object


ring: list[Callable[[], object]] = []
"""What to call after a commit that recorded something; `journal.tasks` fills it."""


def record(event: Event, *, by: Actor | None) -> Entry:
    """Append what happened, in the transaction of the change itself.

    Args:
        event: The fact.
        by: Who did it; None for a visitor without an account or the portal itself.

    Raises:
        NotInTransaction: the change and its record could part ways.
    """
    if not transaction.get_connection().in_atomic_block:
        message = f"{event.name} recorded outside a transaction"
        raise NotInTransaction(message)
    entry = Entry(
        organization_id=event.organization_id,
        name=event.name,
        subject_id=event.subject_id,
        actor_kind=by.actor_kind if by else "nobody",
        actor_id=str(by.pk) if by else "",
        payload=event.payload(),
        request_id=current_request_id(),
        recorded_at=timezone.now(),
    )
    entry.save(force_insert=True)
    for bell in ring:
        # A lost ring delays delivery until the next tick of the clock.
        transaction.on_commit(bell, robust=True)
    return entry


def deliver_due(*, batch: int = 50) -> int:
    """Tell subscribers of every entry whose turn has come; return how many.

    At least once, and in order for each subject: an entry waits while an earlier one
    of its subject is still undelivered.
    """
    delivered = 0
    while heads := _deliver_heads(batch):
        delivered += heads
    return delivered


def _deliver_heads(batch: int) -> int:
    earlier = Undelivered.objects.filter(
        subject_id=OuterRef("subject_id"), position__lt=OuterRef("position")
    )
    with transaction.atomic(using="worker"):
        waiting = list(
            Undelivered.objects.using("worker")
            .filter(~Exists(earlier), due_at__lte=timezone.now())
            .order_by("position")
            .select_for_update(skip_locked=True)[:batch]
        )
        entries = Entry.objects.using("worker").in_bulk([w.entry_id for w in waiting])
        return sum(_deliver(row, entries[row.entry_id]) for row in waiting)


def _deliver(row: Undelivered, entry: Entry) -> int:
    try:
        event = type_by_name(entry.name).from_payload(entry.payload)
        with scoped(Scope(organization_ids=frozenset({entry.organization_id}))):
            for subscriber in subscribers_of(entry.name):
                subscriber(event, entry.pk)
    except Exception:
        # Whatever a subscriber raises, the others' subjects must not wait for it.
        row.attempts += 1
        wait_seconds = min(2**row.attempts, _LONGEST_WAIT_SECONDS)
        row.due_at = timezone.now() + timedelta(seconds=wait_seconds)
        row.save(using="worker", update_fields=["attempts", "due_at"])
        logger.exception(
            "delivery failed", extra={"entry": str(entry.pk), "event_name": entry.name}
        )
        return 0
    row.delete(using="worker")
    return 1


def seal_committed(*, batch: int = 1000) -> int:
    """Chain the committed entries that are not sealed yet; return how many."""
    sealed = 0
    while links := _seal_batch(batch):
        sealed += links
    return sealed


@transaction.atomic(using="worker")
def _seal_batch(batch: int) -> int:
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALING_LOCK])
    waiting = list(Unsealed.objects.using("worker").order_by("position")[:batch])
    entries = Entry.objects.using("worker").in_bulk([w.entry_id for w in waiting])
    last = Seal.objects.using("worker").order_by("-position").first()
    position, digest = (last.position, bytes(last.digest)) if last else (0, GENESIS)
    links, now = [], timezone.now()
    for row in waiting:
        position, digest = position + 1, digest_of(entries[row.entry_id], digest)
        links.append(
            Seal(position=position, entry_id=row.entry_id, digest=digest, sealed_at=now)
        )
    Seal.objects.using("worker").bulk_create(links)
    Unsealed.objects.using("worker").filter(
        position__in=[w.position for w in waiting]
    ).delete()
    return len(links)
