"""What nothing answers goes to people, once, with what was asked before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import time_machine
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from faq.actions.asking import (
    Circumstances,
    ask_question,
    begin_conversation,
)
from faq.actions.desks import close_desk
from faq.actions.handing import hand_over, write_to_ticket
from faq.errors import DeskUnusable, MessageEmpty, TicketClosed
from faq.models import Calibration, Desk, Reply, Ticket
from faq.queries.asked import conversation_code, replies_of, ticket_by_number
from faq.queries.finding import asking_as_resident
from foundation.numbering import is_arrival_number
from foundation.tenancy.scope import NOBODY, capability_of, opened_by, scoped
from journal.models import Entry as JournalEntry
from organizations.queries import scope_for
from tests import factories
from tests.factories import PREFECTURE
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)


@pytest.fixture
def conversation():
    return begin_conversation()


def asked(text, conversation):
    with scoped(NOBODY):
        return ask_question(
            text,
            asking=asking_as_resident(text),
            around=Circumstances(conversation=conversation),
        )


def handed_over(question, conversation, **written):
    with scoped(NOBODY), opened_by(conversation.token):
        return hand_over(question, by=None, **written).ticket


def names():
    return [one.name for one in JournalEntry.objects.using("owner").order_by("pk")]


def test_a_ticket_has_a_number_that_checks_itself(conversation):
    desk(code="administration")

    ticket = handed_over(asked("夜間の騒音", conversation), conversation)

    assert ticket.number.startswith(f"Q-{PREFECTURE}-")
    assert is_arrival_number(ticket.number.removeprefix("Q-"))


def test_a_reply_is_promised_in_days_on_which_somebody_works(conversation):
    desk(code="administration", reply_days=3)

    with time_machine.travel("2026-11-20 10:00+09:00", tick=False):
        ticket = handed_over(asked("夜間の騒音", conversation), conversation)

    # Monday the 23rd is 勤労感謝の日.
    assert ticket.due_on == date(2026, 11, 26)


def test_handed_over_twice_it_is_one_ticket(conversation):
    desk(code="administration")
    question = asked("夜間の騒音", conversation)

    first = handed_over(question, conversation, message="困っています")
    second = handed_over(question, conversation, message="困っています")

    assert first == second
    with scoped(NOBODY), opened_by(conversation.token):
        assert Reply.objects.count() == 1
    assert names() == ["faq.question_handed_over"]


def test_of_two_at_once_one_makes_the_ticket(conversation):
    desk(code="administration")
    question = asked("夜間の騒音", conversation)

    def give(number):
        del number
        try:
            with scoped(NOBODY), opened_by(conversation.token):
                return hand_over(question, by=None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(give, range(2))

    assert first.ticket == second.ticket
    assert {first.is_new, second.is_new} == {True, False}


def test_the_conversation_until_then_goes_with_it_masked(conversation):
    found = entry(desk(code="administration"), "騒音の相談はどこにできますか")
    with scoped(NOBODY):
        Calibration.objects.create(audience="resident", answer_from=1, offer_from=-1)
    indexed()
    asked("夜間の騒音", conversation)
    last = asked("電話は090-1234-5678です。騒音の相談", conversation)
    asked("あとの質問", conversation)
    asked("ほかの人の質問", begin_conversation())

    ticket = handed_over(last, conversation, message="taro@example.jpへ")

    told = [(one["question"], one["outcome"]) for one in ticket.transcript]
    assert [question for question, _ in told] == [
        "夜間の騒音",
        "電話は［電話番号］です。騒音の相談",
    ]
    assert ticket.transcript[-1]["shown"] == [found.live.question]
    with scoped(NOBODY), opened_by(conversation.token):
        assert [one.text for one in replies_of(ticket)] == ["［メールアドレス］へ"]


def test_whoever_asked_writes_again_and_it_is_the_desks_turn(conversation):
    desk(code="administration")
    ticket = handed_over(asked("夜間の騒音", conversation), conversation)
    with scoped(NOBODY), opened_by(conversation.token):
        Ticket.objects.filter(pk=ticket.pk).update(state="answered")

        write_to_ticket(ticket, text="まだ続いています", by=None)

        assert Ticket.objects.get().state == "waiting"
        assert [one.text for one in replies_of(ticket)] == ["まだ続いています"]
    assert names() == ["faq.question_handed_over", "faq.ticket_followed_up"]


def test_without_the_key_it_was_made_with_a_code_is_told_no_more(
    conversation, settings
):
    desk(code="administration")
    question = asked("夜間の騒音", conversation)
    old = settings.INQUIRY_KEYS

    settings.INQUIRY_KEYS = ["new", *old]
    assert conversation_code(question) == conversation.token
    settings.INQUIRY_KEYS = ["new"]
    assert conversation_code(question) is None


def test_an_impatient_finger_writes_once(conversation):
    desk(code="administration")
    ticket = handed_over(asked("夜間の騒音", conversation), conversation)
    with scoped(NOBODY), opened_by(conversation.token):
        first = write_to_ticket(ticket, text="電話は090-1234-5678です", by=None)
        second = write_to_ticket(ticket, text="電話は090-1234-5678です ", by=None)
        other = write_to_ticket(ticket, text="まだ続いています", by=None)

        assert first == second != other
        assert replies_of(ticket) == [first, other]
    assert names().count("faq.ticket_followed_up") == 2


def test_a_closed_ticket_takes_no_message_and_none_is_empty(conversation):
    desk(code="administration")
    ticket = handed_over(asked("夜間の騒音", conversation), conversation)
    with scoped(NOBODY), opened_by(conversation.token):
        with pytest.raises(MessageEmpty):
            write_to_ticket(ticket, text=" 　", by=None)
        Ticket.objects.filter(pk=ticket.pk).update(state="closed")

        with pytest.raises(TicketClosed):
            write_to_ticket(ticket, text="まだ続いています", by=None)


def test_a_ticket_is_found_by_its_number_and_its_code_alone(conversation):
    desk(code="administration")
    ticket = handed_over(asked("夜間の騒音", conversation), conversation)

    with scoped(NOBODY), opened_by(conversation.token):
        code = conversation_code(ticket.question)
    assert code == conversation.token
    with scoped(NOBODY), opened_by(code):
        capability = capability_of(code)
        assert ticket_by_number(ticket.number, capability, "resident") == ticket
        assert ticket_by_number(ticket.number, capability, "staff") is None
    wrong = begin_conversation().token
    with scoped(NOBODY), opened_by(wrong):
        found = ticket_by_number(ticket.number, capability_of(wrong), "resident")
        assert found is None


def test_nothing_is_handed_to_a_desk_that_has_been_closed(conversation):
    office = desk(code="administration")
    question = asked("夜間の騒音", conversation)
    Desk.objects.using("owner").update(closed_at=timezone.now())

    with pytest.raises(DeskUnusable, match="廃止"):
        handed_over(question, conversation)
    other = desk(code="noise")

    assert handed_over(question, conversation, desk=other).desk_id == other.pk
    assert office.pk != other.pk


def test_a_resident_s_question_goes_to_no_desk_of_staff(conversation):
    desk(code="administration")
    question = asked("夜間の騒音", conversation)

    with pytest.raises(DeskUnusable):
        handed_over(question, conversation, desk=desk(audience="staff"))


def test_a_desk_that_closes_while_a_question_goes_over_gets_none(conversation):
    office = desk(code="administration")
    question = asked("夜間の騒音", conversation)
    administrator = factories.staff("administrator", organization=PREFECTURE)

    def give():
        try:
            return handed_over(question, conversation, desk=office)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with scoped(scope_for(administrator)), transaction.atomic():
            close_desk(office, by=administrator)
            given = pool.submit(give)
            while not (somebody_waits() or given.done()):
                pass
        with pytest.raises(DeskUnusable, match="廃止"):
            given.result(30)
    with scoped(NOBODY), opened_by(conversation.token):
        assert not Ticket.objects.exists()


def somebody_waits():
    """Tell whether another is held up by what this transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.rowcount > 0


def test_a_desk_closes_once_what_goes_over_to_it_has_come(conversation):
    office = desk(code="administration")
    question = asked("夜間の騒音", conversation)
    administrator = factories.staff("administrator", organization=PREFECTURE)

    def close():
        try:
            with scoped(scope_for(administrator)), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '300ms'")
                close_desk(office, by=administrator)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with scoped(NOBODY), opened_by(conversation.token), transaction.atomic():
            hand_over(question, by=None)
            with pytest.raises(OperationalError, match="lock timeout"):
                pool.submit(close).result(30)
        pool.submit(close).result(30)
