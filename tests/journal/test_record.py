import pytest
from django.db import DatabaseError, connections, transaction

from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from journal.actions import record, seal_committed
from journal.errors import NotInTransaction
from journal.events import Event
from journal.models import Entry, Undelivered, Unsealed
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO
from tests.journal.happenings import Happened, happen

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)


def an_event():
    return Happened(organization_id=MUROTO, thing_id=new_id(), what="it")


def test_nothing_is_recorded_outside_the_transaction_of_the_change():
    with pytest.raises(NotInTransaction):
        record(an_event(), by=None)


def test_what_is_rolled_back_never_happened():
    with pytest.raises(ZeroDivisionError), scoped(Scope()):
        record(an_event(), by=None)
        _ = 1 / 0

    assert not Entry.objects.using("worker").exists()
    assert not Undelivered.objects.using("worker").exists()


def test_an_entry_waits_for_its_delivery_and_for_its_seal():
    [entry] = happen()

    assert Undelivered.objects.using("worker").get().entry_id == entry.pk
    assert Unsealed.objects.using("worker").get().entry_id == entry.pk


def test_an_entry_says_who_did_it():
    user = factories.resident()
    with scoped(Scope()):
        entry = record(an_event(), by=user)

    stored = Entry.objects.using("worker").get(pk=entry.pk)
    assert (stored.actor_kind, stored.actor_id) == ("user", str(user.pk))


def test_an_entry_holds_ids_and_codes_and_gives_the_event_back():
    [entry] = happen("what")
    stored = Entry.objects.using("worker").get(pk=entry.pk)
    event = Happened.from_payload(stored.payload)

    assert event.thing_id == entry.subject_id
    assert Happened.from_payload({**stored.payload, "added_later": 1}) == event
    assert issubclass(Happened, Event)


@pytest.mark.parametrize("role", ["default", "worker", "owner"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
    ],
    ids=["update", "delete", "truncate"],
)
@pytest.mark.parametrize(
    ("table", "column"), [("journal_entry", "name"), ("journal_seal", "digest")]
)
def test_nobody_changes_or_removes_an_entry_or_a_seal(role, sql, table, column):
    happen()
    seal_committed()
    everything = Scope(organization_ids=frozenset({MUROTO}))

    with (
        pytest.raises(DatabaseError, match=r"append only|permission denied"),
        scoped(everything),
        transaction.atomic(using=role),
        connections[role].cursor() as cursor,
    ):
        cursor.execute(sql.format(table=table, column=column))

    assert Entry.objects.using("worker").count() == 1


def test_a_body_reads_its_own_entries_only():
    happen(organization_id=MUROTO)
    happen(organization_id=AKI)

    with scoped(Scope(organization_ids=frozenset({AKI}))):
        assert {entry.organization_id for entry in Entry.objects.all()} == {AKI}
