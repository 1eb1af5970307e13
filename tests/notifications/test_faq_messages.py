"""What is told of questions that went to people: numbers and links, never words."""

import pytest
from django.urls import reverse

from faq.actions.handing import hand_over, write_to_ticket
from faq.actions.tickets import close_ticket, reply_to_ticket
from foundation.tenancy.scope import scoped
from journal.actions import deliver_due
from notifications.models import Message, Template
from notifications.queries import letter_of
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import MUROTO
from tests.factories.asked import in_body, question, ticket
from tests.factories.faq import desk

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
SECRETS = ("排水口", "大家さん", "a" * 64)


@pytest.fixture
def office():
    department = factories.department(MUROTO, email="living@muroto.example")
    return desk(MUROTO, department=department)


@pytest.fixture
def clerk():
    return factories.staff("clerk", organization=MUROTO)


def told():
    deliver_due()
    return list(Message.objects.using("worker").order_by("position"))


def handed(office, **given):
    with scoped(in_body(MUROTO)):
        return hand_over(question(office), by=None, **given).ticket


def answer(row, clerk, **given):
    with scoped(in_body(MUROTO)):
        reply_to_ticket(row, text="大家さんへ連絡を", by=clerk, **given)


def test_the_desk_hears_of_a_question_that_waits_without_its_words(office):
    row = handed(office, contact_email="hanako@example.jp")

    [message] = told()

    assert message.template == Template.TICKET_WAITING
    assert message.address == "living@muroto.example"
    assert message.person_id is None
    letter = letter_of(message)
    assert row.number in letter.subject
    assert reverse("admin:faq_ticket_change", args=[row.pk]) in letter.body
    for secret in (*SECRETS, "hanako"):
        assert secret not in letter.subject + letter.body + str(message.context)


def test_the_asker_hears_that_the_desk_has_written_without_its_words(office, clerk):
    row = handed(office, contact_email="hanako@example.jp")
    answer(row, clerk)

    *_, message = told()

    assert message.template == Template.TICKET_ANSWERED
    assert message.address == "hanako@example.jp"
    letter = letter_of(message)
    assert row.number in letter.subject
    assert reverse("faq:ticket", args=[row.pk]) in letter.body
    assert reverse("faq:tickets") in letter.body
    assert "You have a reply" not in letter.subject
    for secret in SECRETS:
        assert secret not in letter.subject + letter.body + str(message.context)


def test_who_asked_in_english_reads_it_in_english_too(office, clerk):
    row = ticket(office, language="en", contact_email="john@example.com")
    answer(row, clerk)

    *_, message = told()

    assert "You have a reply" in letter_of(message).subject
    assert "The desk has replied" in letter_of(message).body


def test_nobody_is_told_where_no_address_was_given(clerk):
    silent = desk(MUROTO)
    row = handed(silent)
    answer(row, clerk)

    assert told() == []


def test_a_question_asked_again_is_told_to_the_desk_and_an_end_to_nobody(office, clerk):
    row = handed(office)
    answer(row, clerk)
    with scoped(in_body(MUROTO)):
        write_to_ticket(row, text="まだつまっています", by=None)
        close_ticket(row, by=clerk)

    assert [m.template for m in told()] == [Template.TICKET_WAITING] * 2


def test_the_same_entry_delivered_twice_is_said_once(office, clerk):
    handed(office)
    [message] = told()
    twin = Message(
        key=message.key,
        template=message.template,
        organization_id=MUROTO,
        subject_id=message.subject_id,
        address=message.address,
    )
    with scoped(in_body(MUROTO)):
        Message.objects.bulk_create([twin], ignore_conflicts=True)

    assert len(told()) == 1


def test_a_member_of_staff_is_led_to_the_pages_of_staff(clerk):
    inner = desk(MUROTO, audience="staff")
    row = ticket(inner, contact_email="colleague@muroto.example")
    answer(row, clerk)

    *_, message = told()

    assert reverse("faq_staff:ticket", args=[row.pk]) in letter_of(message).body
