"""An event of the tests' own, and who hears of it."""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from journal import events
from journal.actions import record
from journal.models import Entry
from tests.factories import MUROTO


@dataclass(frozen=True, kw_only=True)
class Happened(events.Event):
    """Something happened to a thing."""

    name: ClassVar[str] = "tests.happened"
    subject: ClassVar[str] = "thing_id"
    thing_id: UUID
    what: str


@contextmanager
def heard_by(*subscribers):
    """Let these functions hear of it, for the while."""
    before = events._SUBSCRIBERS.get(Happened.name, [])
    events._SUBSCRIBERS[Happened.name] = list(subscribers)
    try:
        yield
    finally:
        events._SUBSCRIBERS[Happened.name] = before


def happen(*whats, thing_id=None, organization_id=MUROTO) -> list[Entry]:
    """Record that it happened, each time in a transaction of its own."""
    thing_id = thing_id or new_id()
    entries = []
    for what in whats or ("something",):
        with scoped(Scope(organization_ids=frozenset({organization_id}))):
            event = Happened(
                organization_id=organization_id, thing_id=thing_id, what=what
            )
            entries.append(record(event, by=None))
    return entries
