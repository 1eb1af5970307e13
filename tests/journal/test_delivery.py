import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Flag

import pytest
from django.db import connection, connections
from django.utils import timezone

from foundation.identifiers import new_id
from foundation.tenancy.scope import current_scope
from journal.actions import deliver_due
from journal.models import Entry, Undelivered
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO
from tests.journal.happenings import happen, heard_by

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)


def waiting():
    return Undelivered.objects.using("worker").order_by("position")


def let_time_pass():
    waiting().update(due_at=timezone.now())


class Listener:
    """Remembers what it heard; fails at what it is told to fail at."""

    def __init__(self, *fails_at):
        self.heard = []
        self.fails_at = set(fails_at)

    def __call__(self, event, _):
        if event.what in self.fails_at:
            message = "not now"
            raise ValueError(message)
        self.heard.append(event.what)


def test_every_subscriber_hears_of_every_entry_once():
    one, other = Listener(), Listener()
    with heard_by(one, other):
        happen("a", "b")

        assert deliver_due() == 2
        assert deliver_due() == 0

    assert one.heard == other.heard == ["a", "b"]
    assert not waiting().exists()


def test_entries_of_one_subject_are_told_in_order():
    listener = Listener()
    things = [new_id() for _ in range(5)]
    with heard_by(listener):
        for step in range(6):
            for number, thing_id in enumerate(things):
                happen(f"{number}.{step}", thing_id=thing_id)

        deliver_due(batch=2)

    for number in range(5):
        told = [what for what in listener.heard if what.startswith(f"{number}.")]
        assert told == [f"{number}.{step}" for step in range(6)]


def test_an_entry_that_cannot_be_delivered_holds_back_its_own_subject_only(caplog):
    listener = Listener("bad")
    with heard_by(listener):
        happen("bad", "after bad")
        happen("other")
        assert deliver_due(batch=1) == 1
        assert listener.heard == ["other"]

        let_time_pass()
        assert deliver_due() == 0

        listener.fails_at.clear()
        let_time_pass()
        assert deliver_due() == 2

    assert listener.heard == ["other", "bad", "after bad"]
    assert caplog.messages == ["delivery failed"] * 2


def test_a_failed_delivery_is_tried_again_ever_later_and_never_given_up():
    with heard_by(Listener("bad")):
        happen("bad")
        for seconds in (2, 4, 8, 16):
            let_time_pass()
            before = timezone.now()
            deliver_due()
            wait = timedelta(seconds=seconds)
            assert before <= waiting().get().due_at - wait <= timezone.now()
        waiting().update(attempts=1000)
        let_time_pass()
        deliver_due()

    assert (waiting().get().due_at - timezone.now()).total_seconds() < 3601


def test_an_entry_whose_event_nobody_knows_waits_for_a_worker_that_does(caplog):
    [entry] = happen("a")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER append_only")
        cursor.execute("UPDATE journal_entry SET name = 'tests.unknown'")
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER append_only")

    assert deliver_due() == 0
    assert waiting().get().entry_id == entry.pk


def test_an_entry_that_was_removed_does_not_hold_back_the_others(caplog):
    listener = Listener()
    with heard_by(listener):
        [removed] = happen("removed")
        happen("other")
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER append_only")
            cursor.execute("DELETE FROM journal_entry WHERE id = %s", [removed.pk])
            cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER append_only")

        assert deliver_due() == 1

    assert listener.heard == ["other"]


def test_a_subscriber_works_in_the_scope_of_the_entrys_body():
    scopes = []
    with heard_by(lambda *_: scopes.append(current_scope().organization_ids)):
        happen(organization_id=AKI)
        happen(organization_id=MUROTO)
        deliver_due()

    assert scopes == [{AKI}, {MUROTO}]


def test_what_a_failing_subscriber_wrote_is_undone(caplog):
    def writes_and_fails(event, entry_id):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procedures_operation VALUES ('x', 'half a change')"
            )
        message = "after the write"
        raise ValueError(message)

    with heard_by(writes_and_fails):
        happen()
        deliver_due()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procedures_operation WHERE code = 'x'")
        assert cursor.fetchone() == (0,)


def test_two_workers_at_once_tell_everything_once_and_in_order():
    listener = Listener()
    things = [new_id() for _ in range(12)]
    with heard_by(listener):
        for step in range(5):
            for number, thing_id in enumerate(things):
                happen(f"{number}.{step}", thing_id=thing_id)

        def work(_):
            try:
                return deliver_due(batch=3)
            finally:
                connections.close_all()

        while waiting().exists():
            with ThreadPoolExecutor(3) as pool:
                list(pool.map(work, range(3)))

    assert len(listener.heard) == len(set(listener.heard)) == 60
    for number in range(12):
        told = [what for what in listener.heard if what.startswith(f"{number}.")]
        assert told == sorted(told)


def test_a_slow_delivery_of_one_subject_does_not_hold_back_another_worker():
    slow, may_end = Flag(), Flag()

    def listener(event, entry_id):
        if event.what == "slow":
            slow.set()
            may_end.wait(10)

    def work(_):
        try:
            return deliver_due()
        finally:
            connections.close_all()

    with heard_by(listener), ThreadPoolExecutor(1) as pool:
        happen("slow")
        busy = pool.submit(work, None)
        assert slow.wait(10)
        happen("quick")

        assert deliver_due() == 1
        may_end.set()
        assert busy.result() == 1


def test_a_worker_killed_in_the_middle_leaves_the_entry_to_the_next_at_once():
    listener = Listener()
    happen("a", "b")
    killed_while_telling()

    with heard_by(listener):
        assert deliver_due() == 2
    assert listener.heard == ["a", "b"]
    assert Entry.objects.using("worker").count() == 2


def killed_while_telling():
    """Let a real process begin to tell of the first entry, and kill it -9."""
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        try:
            with heard_by(lambda *_: (os.write(writes, b"!"), signal.pause())):
                deliver_due()
        finally:
            os._exit(1)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        assert pipe.read(1) == b"!"
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
