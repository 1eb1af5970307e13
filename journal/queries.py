"""Read the journal: what changed, the chain's head and its first flaw."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Never
from uuid import UUID

from django.db import connection, connections
from django.db.models import QuerySet
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from foundation.identifiers import first_id_at
from journal.errors import ChainBroken
from journal.models import Entry, Seal, Unsealed

GENESIS = bytes(32)
_COLUMNS = (
    "id",
    "organization_id",
    "name",
    "subject_id",
    "actor_kind",
    "actor_id",
    "payload",
    "request_id",
    "recorded_at",
)


def subjects_since(
    moment: datetime, *, organization_id: int, names: Collection[str]
) -> QuerySet[Any]:
    """Return the ids of what one of the named events was about, as a sub-select.

    An entry has the time at which it was made, which is a little before its commit.
    """
    return Entry.objects.filter(
        organization_id=organization_id, id__gte=first_id_at(moment), name__in=names
    ).values("subject_id")


@dataclass(frozen=True)
class Head:
    """The end of the chain: `position` links, the last one's `digest` (hex)."""

    position: int
    digest: str
    unsealed: int


MOST_SHOWN = 500


def entries_about(subject_id: UUID, *, visible_to: Any) -> list[Entry]:
    """Return what happened to one subject, oldest first, as far as one may see.

    Of a very long history the newest `MOST_SHOWN`.
    """
    newest = (
        Entry.objects.visible_to(visible_to)
        .filter(subject_id=subject_id)
        .order_by("-pk")[:MOST_SHOWN]
    )
    return list(reversed(newest))


def digest_of(entry: Entry, previous: bytes) -> bytes:
    """Return SHA-256 over the previous digest and the entry as canonical JSON."""
    row: list[Any] = [getattr(entry, column) for column in _COLUMNS]
    text = json.dumps(
        row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(previous + text.encode()).digest()


def head() -> Head:
    """Return the chain's head and how many entries still wait to be sealed."""
    last = Seal.objects.using("worker").order_by("-position").first()
    waiting = Unsealed.objects.using("worker").count()
    if last is None:
        return Head(0, GENESIS.hex(), waiting)
    return Head(last.position, bytes(last.digest).hex(), waiting)


def backlog() -> Iterator[Metric]:
    """Yield how many entries wait to be told, over all bodies, and since when."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT entries, oldest FROM journal_backlog()")
        entries, oldest = cursor.fetchone()
    waiting = (timezone.now() - oldest).total_seconds() if oldest else 0
    yield GaugeMetricFamily(
        "portal_journal_undelivered", "Entries that not all have heard.", entries
    )
    yield GaugeMetricFamily(
        "portal_journal_oldest_undelivered_seconds",
        "Since when the first of them waits.",
        max(0, waiting),
    )


def exported_heads(file: Path) -> dict[int, str]:
    """Return the heads that were written down earlier: position → digest in hex."""
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    heads = [json.loads(line) for line in lines if line]
    return {head["position"]: head["digest"] for head in heads if head["position"]}


def verify(known: dict[int, str] | None = None, *, batch: int = 1000) -> Head:
    """Walk the chain from its first link.

    Args:
        known: Heads that were exported earlier: position → digest in hex. They catch
            someone who rewrote the whole chain.
        batch: Entries held in memory at once.

    Raises:
        ChainBroken: names the first entry that is not what was sealed, or that is
            neither sealed nor waiting to be.
    """
    previous, expected, known = GENESIS, 1, known or {}
    while links := list(
        Seal.objects.using("worker")
        .filter(position__gte=expected)
        .order_by("position")[:batch]
    ):
        entries = Entry.objects.using("worker").in_bulk([x.entry_id for x in links])
        for link in links:
            previous = _check_link(link, entries.get(link.entry_id), previous, expected)
            if known.get(expected, previous.hex()) != previous.hex():
                _broken(link, "書き出した封印と一致しません")
            expected += 1
    if missing := [position for position in known if position >= expected]:
        message = f"封印 {min(missing)} 番以降が失われています。"
        raise ChainBroken(message)
    _check_the_unsealed()
    return head()


def _check_link(link: Seal, entry: Entry | None, previous: bytes, at: int) -> bytes:
    if link.position != at:
        _broken(link, f"封印 {at} 番が失われています")
    if entry is None:
        _broken(link, "記録が失われています")
    digest = digest_of(entry, previous)
    if digest != bytes(link.digest):
        _broken(link, "記録が書き換えられています")
    return digest


def _check_the_unsealed() -> None:
    slipped_in = _first_id(
        "SELECT e.id FROM journal_entry e"
        " LEFT JOIN journal_seal s ON s.entry_id = e.id"
        " LEFT JOIN journal_unsealed u ON u.entry_id = e.id"
        " WHERE s.entry_id IS NULL AND u.entry_id IS NULL ORDER BY e.id LIMIT 1"
    )
    if slipped_in:
        message = (
            f"封印を待たずに差し込まれた記録があります（ジャーナル {slipped_in}）。"
        )
        raise ChainBroken(message)
    removed = _first_id(
        "SELECT u.entry_id FROM journal_unsealed u"
        " LEFT JOIN journal_entry e ON e.id = u.entry_id"
        " WHERE e.id IS NULL ORDER BY u.position LIMIT 1"
    )
    if removed:
        message = f"封印を待つ間に消された記録があります（ジャーナル {removed}）。"
        raise ChainBroken(message)


def _first_id(sql: str) -> UUID | None:
    with connections["worker"].cursor() as cursor:
        cursor.execute(sql)
        row: tuple[UUID] | None = cursor.fetchone()
    return row[0] if row else None


def _broken(link: Seal, what: str) -> Never:
    message = f"{what}（封印 {link.position} 番、ジャーナル {link.entry_id}）。"
    raise ChainBroken(message)
