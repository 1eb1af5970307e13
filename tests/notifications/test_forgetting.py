"""To whom a message went is forgotten; that it went is not."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from notifications.actions import ADDRESS_KEPT, forget_addresses, resend_message
from notifications.errors import MessageNotResendable
from notifications.models import Message
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)

NOW = timezone.now().replace(microsecond=0)
OURS = Scope(organization_ids=frozenset({MUROTO}))


def message(state="sent", *, tried_at=NOW, organization=MUROTO):
    with scoped(Scope(organization_ids=frozenset({organization}))):
        return Message.objects.create(
            organization_id=organization,
            key=str(new_id()),
            template="received",
            subject_id=new_id(),
            address="hanako@example.jp",
            context={"number": "392022-26-0000001-3"},
            state=state,
            due_at=tried_at,
        )


def forget(at):
    with time_machine.travel(at, tick=False):
        return forget_addresses()


def stored(message):
    return Message.objects.using("worker").get(pk=message.pk)


@pytest.mark.parametrize("state", ["sent", "failed"])
def test_the_address_is_forgotten_after_its_time_and_not_before(state):
    of_ours, of_theirs = message(state), message(state, organization=AKI)

    assert forget(NOW + ADDRESS_KEPT) == 0
    assert forget(NOW + ADDRESS_KEPT + timedelta(seconds=1)) == 2
    assert forget(NOW + ADDRESS_KEPT + timedelta(seconds=2)) == 0

    for told in (of_ours, of_theirs):
        left = stored(told)
        assert (left.address, left.state) == ("", state)
        assert left.context == told.context


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_the_address_of_what_is_still_to_be_sent_is_kept(state):
    waiting = message(state)

    assert forget(NOW + 2 * ADDRESS_KEPT) == 0
    assert stored(waiting).address == "hanako@example.jp"


def test_what_went_nowhere_cannot_be_sent_again_once_it_is_forgotten(client):
    given_up, clerk = message("failed"), factories.staff("clerk", organization=MUROTO)
    forget(NOW + 2 * ADDRESS_KEPT)
    client.force_login(clerk)

    page = client.get(reverse("admin:notifications_message_change", args=[given_up.pk]))
    with scoped(OURS), pytest.raises(MessageNotResendable, match="90日"):
        resend_message(given_up, by=clerk)

    assert page.context["step_links"] == []
    assert "●" not in page.content.decode()
    assert stored(given_up).state == "failed"


def test_the_clock_rings_for_it_every_night():
    [entry] = [
        entry
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"].startswith("notifications.tasks.forget")
    ]
    forgotten = message(tried_at=NOW - 2 * ADDRESS_KEPT)

    import_string(entry["task"])()

    assert stored(forgotten).address == ""
