"""Messages on the desk: how they fared, and those given up sent again."""

import pytest
from django.urls import reverse

from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from notifications.models import Message
from tests import factories
from tests.factories import MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))


@pytest.fixture
def message():
    with scoped(OURS):
        return Message.objects.create(
            organization_id=MUROTO,
            key="journal:1",
            template="received",
            subject_id="0199a000-0000-7000-8000-000000000001",
            address="hanako-secret@example.jp",
            context={"number": "392022-26-0000001-3"},
            state="failed",
            attempts=110,
            failure="550",
        )


def page(name, *args):
    return reverse(f"admin:notifications_message_{name}", args=args)


def stored(message):
    with scoped(OURS):
        return Message.objects.get(pk=message.pk)


def seat(client, *roles, organization=MUROTO):
    client.force_login(factories.staff(*roles, organization=organization))
    return client


def test_the_list_tells_how_messages_fared_without_their_addresses(client, message):
    shown = seat(client, "clerk").get(page("changelist")).content.decode()

    assert "送信できず" in shown
    assert "392022-26-0000001-3" in shown
    assert "h●●●@example.jp" in shown
    assert "hanako-secret" not in shown


@pytest.mark.parametrize("role", ["clerk", "examiner", "approver", "administrator"])
def test_what_was_given_up_is_sent_again(client, message, role):
    response = seat(client, role).post(page("step", message.pk, "resend"))

    again = stored(message)
    assert response.status_code == 303
    assert (again.state, again.attempts, again.failure) == ("queued", 0, "")
    with scoped(OURS):
        assert Entry.objects.get().name == "notifications.message_resent"


def test_what_was_not_given_up_is_not_sent_twice(client, message):
    client = seat(client, "clerk")
    client.post(page("step", message.pk, "resend"))

    told = client.post(page("step", message.pk, "resend"), follow=True)

    assert "送信できなかった通知だけ" in told.content.decode()
    with scoped(OURS):
        assert Entry.objects.count() == 1


def test_support_looks_and_sends_nothing(client, message):
    client = seat(client, "support", organization=PREFECTURE)

    assert client.get(page("change", message.pk)).status_code == 200
    assert client.post(page("step", message.pk, "resend")).status_code == 403
    assert stored(message).state == "failed"


def test_messages_are_narrowed_by_state(client, message):
    client = seat(client, "clerk")

    found = client.get(page("changelist"), {"state": "sent"})
    assert found.context["cl"].result_list == []
    found = client.get(page("changelist"), {"state": "failed"})
    assert found.context["cl"].result_list == [message]
