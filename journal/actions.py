"""Record what happened, tell those who listen, seal what was committed."""

import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from foundation.request_id import current_request_id
from foundation.tenancy.scope import Scope, scoped
from journal.errors import NotInTransaction
from journal.events import Event, subscribers_of, type_by_name
from journal.models import Entry, Seal, Undelivered, Unsealed
from journal.queries import GENESIS, Head, digest_of, head

logger = logging.getLogger(__name__)

_SEALING_LOCK = 6_010_001  # any constant: one sealer at a time
_LONGEST_WAIT_SECONDS = 3600
_LONGEST_RUN_SECONDS = 60  # a task that runs for minutes would be killed


class Actor(Protocol):
    """Who did it: a user, an API client, the portal; `actor_kind` tells which."""

    actor_kind: ClassVar[str]

    @property
    def pk(self) -> Any:
        """The key, which the journal keeps as text."""


class Portal:
    """The portal itself (システム): what it does by the clock, or as a consequence."""

    actor_kind: ClassVar[str] = "portal"
    pk = ""


PORTAL = Portal()

ring: list[Callable[[], object]] = []
"""What to call after a commit that recorded something; `journal.tasks` fills it."""


def record(event: Event, *, by: Actor | None) -> Entry:
    """Append what happened, in the transaction of the change itself.

    Args:
        event: The fact.
        by: Who did it; None for a visitor without an account.

    Raises:
        NotInTransaction: the change and its record could part ways.
    """
    [entry] = record_all([event], by=by)
    return entry


def record_all(events: Sequence[Event], *, by: Actor | None) -> list[Entry]:
    """Append several facts of one moment in one statement; as `record` otherwise.

    Raises:
        NotInTransaction: as for `record`.
    """
    if not transaction.get_connection().in_atomic_block:
        names = ", ".join(event.name for event in events)
        message = f"{names} recorded outside a transaction"
        raise NotInTransaction(message)
    now = timezone.now()
    entries = [
        Entry(
            organization_id=event.organization_id,
            name=event.name,
            subject_id=event.subject_id,
            actor_kind=by.actor_kind if by else "nobody",
            actor_id=str(by.pk) if by else "",
            payload=event.payload(),
            request_id=current_request_id(),
            recorded_at=now,
        )
        for event in events
    ]
    Entry.objects.bulk_create(entries)
    for bell in ring:
        # A lost ring delays delivery until the next tick of the clock.
        transaction.on_commit(bell, robust=True)
    return entries


def deliver_due(*, batch: int = 50) -> int:
    """Tell subscribers of every entry whose turn has come; return how many.

    At least once, and in order for each subject: an entry waits while an earlier one
    of its subject is still undelivered.
    """
    delivered, begun = 0, monotonic()
    while monotonic() - begun < _LONGEST_RUN_SECONDS:
        told = _deliver_heads(batch)
        if not told:
            break
        delivered += sum(told)
    return delivered


def _deliver_heads(batch: int) -> list[bool]:
    """Deliver the first entry of some subjects; return which could be.

    The rows stay locked meanwhile: a worker that dies lets go of them at once, and
    whoever comes next tells the same again.
    """
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
        return [_deliver(row, entries) for row in waiting]


def _deliver(row: Undelivered, entries: Mapping[UUID, Entry]) -> bool:
    try:
        _tell_subscribers(entries[row.entry_id])
    except Exception:
        # Whatever a subscriber raises, the others' subjects must not wait for it.
        row.attempts += 1
        wait_seconds = min(2**row.attempts, _LONGEST_WAIT_SECONDS)
        row.due_at = timezone.now() + timedelta(seconds=wait_seconds)
        row.save(using="worker", update_fields=["attempts", "due_at"])
        logger.exception("delivery failed", extra={"entry": str(row.entry_id)})
        return False
    row.delete(using="worker")
    return True


def _tell_subscribers(entry: Entry) -> None:
    event = type_by_name(entry.name).from_payload(entry.payload)
    with scoped(Scope(organization_ids=frozenset({entry.organization_id}))):
        for subscriber in subscribers_of(entry.name):
            subscriber(event, entry.pk)


def seal_committed(*, batch: int = 1000) -> int:
    """Chain the committed entries that are not sealed yet; return how many.

    One sealer at a time; a second one leaves at once, for the first does its work.
    """
    sealed, begun = 0, monotonic()
    while monotonic() - begun < _LONGEST_RUN_SECONDS:
        links = _seal_batch(batch)
        if not links:
            break
        sealed += links
    return sealed


@transaction.atomic(using="worker")
def _seal_batch(batch: int) -> int:
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALING_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    # An entry that was removed before its sealing stays here, for verify() to name.
    there = Exists(Entry.objects.filter(pk=OuterRef("entry_id")))
    waiting = list(
        Unsealed.objects.using("worker").filter(there).order_by("position")[:batch]
    )
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


def export_head(file: Path) -> Head:
    """Append the chain's head to a file that is kept elsewhere; say what it is.

    Whoever could rewrite the whole chain in the database cannot also change what was
    carried away: copy the file to where its keeper is another (printed, mailed, WORM).
    """
    found = head()
    line = {
        "date": timezone.localdate().isoformat(),
        "position": found.position,
        "digest": found.digest,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as heads:
        heads.write(f"{json.dumps(line)}\n")
        heads.flush()
        os.fsync(heads.fileno())
    return found
