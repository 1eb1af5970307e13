from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.db import connections
from django.utils import timezone

from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from notifications.actions import (
    LAST_ATTEMPT,
    messages,
    queue_message,
    send_due_messages,
)
from notifications.models import Message, MessageState, Template
from tests.conftest import EVERY_ROLE
from tests.factories import MUROTO
from tests.factories.mail import mail_server

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONTEXT = {
    "number": "392022-26-0000001-7",
    "filed_at": "令和8年11月23日（2026年）14時05分09秒",
    "procedure": "水道使用開始・中止届",
    "organization": "室戸市",
    "office": "上下水道課",
    "phone": "0887-22-0000",
    "due_on": "令和8年11月27日（2026年）",
    "correct_by": "",
}


@pytest.fixture
def sink(settings):
    """Send through real SMTP to a real server."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        yield server


def queue(address="hanako@example.jp", *, subject_id=None, key=None):
    message = Message(
        key=key or str(new_id()),
        template=Template.RECEIVED,
        organization_id=MUROTO,
        subject_id=subject_id or new_id(),
        address=address,
        context=CONTEXT,
    )
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        queue_message(message)
    return message


def stored(message):
    return Message.objects.using("worker").get(pk=message.pk)


def let_time_pass():
    """Make every message due, as if its lease or its wait had ended."""
    waiting = Message.objects.using("worker").exclude(sent_at__isnull=False)
    waiting.update(due_at=timezone.now())


def test_a_message_arrives_as_a_mail_that_nobody_answers(sink, settings):
    settings.DEFAULT_FROM_EMAIL = "高知県版ポータル <portal@kochi.example>"
    message = queue()

    assert send_due_messages() == 1

    [mail] = sink.accepted
    assert mail["To"] == "hanako@example.jp"
    assert parseaddr(str(mail["From"])) == ("高知県版ポータル", "portal@kochi.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].startswith(f"<{message.pk}@")
    assert "【受付のお知らせ】水道使用開始・中止届" in mail["Subject"]
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert "令和8年11月23日（2026年）14時05分09秒" in mail.get_content()
    assert stored(message).state == MessageState.SENT
    assert stored(message).sent_at
    assert send_due_messages() == 0


def test_a_title_cannot_add_a_header(sink):
    message = queue()
    Message.objects.using("worker").filter(pk=message.pk).update(
        context={**CONTEXT, "procedure": "届\nBcc: everyone@example.jp"}
    )
    send_due_messages()

    assert all("Bcc" not in mail for mail in sink.accepted)


def test_a_batch_uses_one_connection(sink):
    for _ in range(10):
        queue()

    assert send_due_messages() == 10
    assert sink.connections == 1


def test_messages_of_one_subject_go_out_in_order(sink):
    subject_id = new_id()
    first, second = (queue(subject_id=subject_id) for _ in range(2))
    other = queue()
    Message.objects.using("worker").filter(pk=first.pk).update(
        due_at=timezone.now() + timedelta(minutes=1)
    )

    send_due_messages()
    assert [stored(m).state for m in (first, second, other)] == [
        MessageState.QUEUED,
        MessageState.QUEUED,
        MessageState.SENT,
    ]
    let_time_pass()
    send_due_messages()

    assert [sink.ids.index(id_of(m)) for m in (other, first, second)] == [0, 1, 2]


def id_of(message):
    return f"<{message.pk}@localhost>"


def test_the_order_holds_when_the_clocks_of_two_machines_differ(sink):
    subject_id = new_id()
    later_id, earlier_id = sorted((new_id(), new_id()), reverse=True)
    for message_id in (later_id, earlier_id):  # said first by the clock that is ahead
        message = Message(
            id=message_id,
            key=str(message_id),
            template=Template.RECEIVED,
            organization_id=MUROTO,
            subject_id=subject_id,
            address="hanako@example.jp",
            context=CONTEXT,
        )
        with scoped(Scope(organization_ids=frozenset({MUROTO}))):
            queue_message(message)

    assert send_due_messages() == 2
    assert sink.ids == [f"<{i}@localhost>" for i in (later_id, earlier_id)]


def test_an_address_that_the_server_refuses_is_not_tried_again(sink):
    refused, wanted = queue("550.nobody@example.jp"), queue()

    assert send_due_messages() == 1

    assert stored(refused).state == MessageState.FAILED
    assert stored(refused).failure == "550"
    assert stored(wanted).state == MessageState.SENT
    let_time_pass()
    assert send_due_messages() == 0


def test_a_refusal_does_not_hold_back_what_is_said_next(sink):
    subject_id = new_id()
    queue("550.nobody@example.jp", subject_id=subject_id)
    queue(subject_id=subject_id)
    send_due_messages()

    assert send_due_messages() + len(sink.accepted) == 1


def test_a_server_that_is_busy_is_asked_again_ever_later(sink, caplog):
    message = queue("451.later@example.jp")
    for seconds in (2, 4, 8, 16):
        let_time_pass()
        before = timezone.now()
        assert send_due_messages() == 0
        wait = timedelta(seconds=seconds)
        assert before <= stored(message).due_at - wait <= timezone.now()

    assert stored(message).state == MessageState.QUEUED
    assert stored(message).failure == "SMTPRecipientsRefused"
    assert "later@example.jp" not in caplog.messages


def test_a_server_that_is_away_costs_one_try_for_the_whole_batch(
    settings, sink, caplog
):
    messages = [queue() for _ in range(5)]
    settings.EMAIL_PORT = 9  # nobody listens there
    assert send_due_messages() == 0
    assert caplog.messages == ["mail server unreachable"]
    assert {stored(m).attempts for m in messages} == {1}
    assert {stored(m).state for m in messages} == {MessageState.QUEUED}

    settings.EMAIL_PORT = sink.port
    let_time_pass()
    assert send_due_messages() == 5


def test_after_days_of_failures_a_message_is_given_up_visibly(sink, caplog):
    message = queue("451.later@example.jp")
    Message.objects.using("worker").update(attempts=LAST_ATTEMPT - 1)

    send_due_messages()

    assert stored(message).state == MessageState.FAILED
    assert "message given up" in caplog.messages


def test_days_lie_between_the_first_try_and_giving_up():
    waits = [min(2**n, 3600) for n in range(1, LAST_ATTEMPT)]

    assert timedelta(days=4) < timedelta(seconds=sum(waits)) < timedelta(days=5)


def test_a_worker_that_never_came_back_is_replaced_when_its_lease_ends(sink):
    message = queue()
    assert messages._claim()

    assert send_due_messages() == 0
    let_time_pass()
    assert send_due_messages() == 1
    assert stored(message).attempts == 2


def test_a_worker_that_comes_back_late_does_not_undo_what_another_did(sink):
    message = queue()
    [late] = messages._claim()
    let_time_pass()
    send_due_messages()

    messages._postpone(late, TimeoutError())

    assert stored(message).state == MessageState.SENT


def test_a_message_that_cannot_be_written_does_not_stop_the_others(sink, caplog):
    broken, whole = queue(), queue()
    Message.objects.using("worker").filter(pk=broken.pk).update(template="unknown")

    assert send_due_messages() == 1
    assert stored(whole).state == MessageState.SENT
    assert stored(broken).state == MessageState.QUEUED


def test_many_workers_at_once_say_everything_once(sink):
    subjects = [new_id() for _ in range(10)]
    messages = [queue(subject_id=subject) for _ in range(4) for subject in subjects]

    def work(_):
        try:
            return send_due_messages()
        finally:
            connections.close_all()

    sent = 0
    while sent < len(messages):
        with ThreadPoolExecutor(4) as pool:
            sent += sum(pool.map(work, range(4)))

    assert sent == len(messages)
    assert sorted(sink.ids) == sorted(id_of(m) for m in messages)
    for subject in subjects:
        own = [id_of(m) for m in messages if m.subject_id == subject]
        assert [i for i in sink.ids if i in own] == own
