"""Filing → journal → message → SMTP, with real workers that are killed -9."""

from collections import Counter
from random import Random

import pytest
from celery import Celery
from django.utils import timezone

import foundation.bell
import journal.actions
from accounts.identity import NOBODY
from applications.actions import withdraw_application
from foundation.bell import bell
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry, Undelivered
from notifications.models import Message, MessageState
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import MUROTO
from tests.factories.mail import mail_server
from tests.factories.workers import wait_until, worker

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
DELIVER, SEND = "journal.tasks.deliver_due", "notifications.tasks.send_due"


@pytest.fixture
def sink():
    with mail_server() as server:
        yield server


def messages():
    return Message.objects.using("worker").order_by("position")


def id_of(message):
    return f"<{message.pk}@localhost>"


def file_and_withdraw(offering, times=1):
    for _ in range(times):
        application = factories.application(MUROTO, offering=offering)
        with scoped(Scope(organization_ids=frozenset({MUROTO}))):
            withdraw_application(
                application, reason="まちがえました", by=None, identity=NOBODY
            )


def let_time_pass():
    """Make everything due, as if the dead worker's lease had ended."""
    messages().exclude(state=MessageState.SENT).update(due_at=timezone.now())


def finish(sink):
    """Ring until nothing waits any more."""

    def everything_is_said():
        let_time_pass()
        return (
            not Undelivered.objects.using("worker").exists()
            and not messages().exclude(state=MessageState.SENT).exists()
        )

    sink.may_accept.set()
    wait_until(everything_is_said, "everything is said", DELIVER, SEND)


def check_nothing_lost_nothing_said_twice(sink):
    """Hold what the server accepted against the journal; return what it got again."""
    entries = Entry.objects.using("worker").filter(
        name__in=["applications.filed", "applications.withdrawn"]
    )
    seen = Counter(sink.ids)

    # One message for each entry, and each of them arrived.
    assert {m.key for m in messages()} == {f"journal:{e.pk}" for e in entries}
    assert set(seen) == {id_of(m) for m in messages()}
    # In order for each subject, by the first time that each arrived.
    for subject_id in {m.subject_id for m in messages()}:
        own = [id_of(m) for m in messages().filter(subject_id=subject_id)]
        first_seen = sorted(own, key=sink.ids.index)
        assert first_seen == own
    return sum(seen.values()) - len(seen)


def mail_of(sink):
    return {
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "BASE_URL": "http://localhost",
    }


def hold_back_a_mail(sink, offering):
    """Bring a worker to where the server has its mail and has not answered yet."""
    sink.may_accept.clear()
    sink.receiving.clear()
    file_and_withdraw(offering)
    wait_until(sink.receiving.is_set, "a mail is handed over", DELIVER, SEND)


def kill_before_the_server_accepted(killed, sink, offering):
    hold_back_a_mail(sink, offering)
    killed.kill()
    sink.may_accept.set()


def kill_after_the_server_accepted(killed, sink, offering):
    """Let the server's 250 reach a worker that will never read it."""
    hold_back_a_mail(sink, offering)
    accepted = len(sink.accepted)
    killed.pause()
    sink.may_accept.set()
    wait_until(lambda: len(sink.accepted) > accepted, "the server accepts")
    killed.kill()


def kill_at_any_moment(killed, sink, offering, random):
    file_and_withdraw(offering, times=3)
    goal = len(sink.accepted) + random.randrange(4)
    wait_until(lambda: len(sink.accepted) >= goal, "some mails arrive", DELIVER, SEND)
    killed.kill()


def test_a_worker_killed_at_the_worst_moments_loses_nothing_and_repeats_itself_once(
    sink,
):
    offering = factories.offering(MUROTO)
    with worker(**mail_of(sink)) as killed:
        killed.start()
        kill_before_the_server_accepted(killed, sink, offering)
        killed.start()
        kill_after_the_server_accepted(killed, sink, offering)
        killed.start()
        finish(sink)

    # Only where the worker died between the server's 250 and its noting it did the
    # server get a mail again, under the same Message-ID.
    assert check_nothing_lost_nothing_said_twice(sink) == 1


def test_what_was_filed_while_the_broker_was_away_is_told_by_the_clock(
    sink, monkeypatch, tmp_path
):
    away = Celery(broker="redis://127.0.0.1:9/0", set_as_current=False)

    # Celery gives what is shared to every app of this process.
    @away.task(name="unheard", shared=False)
    def unheard():
        """Never runs: nobody hears the ring."""

    monkeypatch.setattr(foundation.bell, "_silent_until", 0.0)  # and again afterwards
    monkeypatch.setattr(journal.actions, "ring", [bell(unheard)])
    file_and_withdraw(factories.offering(MUROTO))

    with worker(**mail_of(sink)) as clocked:
        clocked.start("--beat", f"--schedule={tmp_path / 'beat'}")
        wait_until(lambda: len(sink.accepted) == 2, "both mails arrive")


@pytest.mark.verify
def test_thirty_killed_workers_lose_nothing(sink):
    offering = factories.offering(MUROTO)
    random = Random(20261123)
    with worker(**mail_of(sink)) as killed:
        killed.start()
        for number in range(30):
            if number % 3 == 0:
                kill_before_the_server_accepted(killed, sink, offering)
            elif number % 3 == 1:
                kill_after_the_server_accepted(killed, sink, offering)
            else:
                kill_at_any_moment(killed, sink, offering, random)
            killed.start()
            let_time_pass()
        finish(sink)

    again = check_nothing_lost_nothing_said_twice(sink)
    print(f"30 kill -9: {len(messages())} messages, lost 0, {again} arrived again")  # noqa: T201
    assert 10 <= again <= 20
