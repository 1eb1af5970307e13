"""Nobody shuts another out by asking for mails in their name; no mailbox is flooded."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.forms import BOUNDS
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

TOO_OFTEN = "このメールアドレスあてのメールが、短い時間に何度も求められました。"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.1"
DOORS = {
    "account_login": "login",
    "account_request_login_code": "email",
    "account_signup": "email",
    "account_signup_by_passkey": "email",
    "account_reset_password": "email",  # pragma: allowlist secret
}


@pytest.fixture(params=["known", "unknown"])
def address(request):
    if request.param == "known":
        return factories.staff("clerk", organization=MUROTO).email
    return "nobody@example.jp"


def ask(door, address, network):
    """Return the page without a redirect's; each time as a new visitor."""
    return Client(REMOTE_ADDR=network).post(reverse(door), {DOORS[door]: address})


def is_sent(door, address, network=HOME):
    before = len(mail.outbox)
    response = ask(door, address, network)
    sent = len(mail.outbox) > before
    assert sent == (response.status_code == 302)
    assert sent == (TOO_OFTEN not in response.content.decode())
    return sent


@pytest.mark.parametrize("door", DOORS)
def test_from_elsewhere_nobody_uses_up_the_mails_of_another(door, address):
    assert [is_sent(door, address, ELSEWHERE) for _ in range(4)] == [True] * 3 + [False]

    assert is_sent(door, address, HOME)


@pytest.mark.parametrize("door", DOORS)
def test_who_asks_too_often_is_told_when_to_try_again(door, address):
    for _ in range(3):
        ask(door, address, HOME)

    page = ask(door, address.upper(), HOME).content.decode()

    assert f"{TOO_OFTEN}1分ほど待ってから、もう一度お試しください。" in page
    assert len(mail.outbox) == 3


def test_after_the_wait_it_works_again_until_the_hour_is_used_up(address):
    minute = BOUNDS[0].limit
    for _ in range(10):
        assert is_sent("account_login", address)
        # Redis keeps its own time: a window that has closed is one that is gone.
        cache.delete(minute._name_of(f"{HOME} {address}"))

    page = ask("account_login", address, HOME).content.decode()

    assert "1時間ほど待ってから" in page
    assert is_sent("account_login", address, ELSEWHERE)


def test_the_doors_share_the_count(address):
    for door in ("account_login", "account_signup", "account_reset_password"):
        assert is_sent(door, address)

    assert not is_sent("account_request_login_code", address)


def test_all_networks_together_send_one_mailbox_so_many_an_hour(address):
    networks = [f"192.0.2.{n}" for n in range(1, 12)]

    sent = [is_sent("account_login", address, n) for n in networks for _ in range(3)]

    assert sent == [True] * 30 + [False] * 3
    page = ask("account_login", address, ELSEWHERE).content.decode()
    assert "1時間ほど待ってから" in page


def test_whole_ipv6_line_counts_as_one(address):
    for host in range(3):
        assert is_sent("account_login", address, f"2001:db8::{host + 1}")

    assert not is_sent("account_login", address, "2001:db8::ffff")
    assert is_sent("account_login", address, "2001:db8:0:1::1")


def test_behind_one_address_a_town_signs_in_at_once():
    sent = [is_sent("account_login", f"resident{n}@example.jp") for n in range(60)]

    assert all(sent)


def test_a_code_is_sent_again_however_often_others_ask_for_one():
    client = Client(REMOTE_ADDR=HOME)
    client.post(reverse("account_signup"), {"email": "new@example.jp"})
    ask("account_signup", "new@example.jp", ELSEWHERE)

    client.post(reverse("account_email_verification_sent"), {"action": "resend"})

    assert len(mail.outbox) == 3


def test_who_is_signed_in_floods_no_mailbox_either():
    client = Client(REMOTE_ADDR=HOME)
    client.force_login(factories.resident())
    new = {"email": "victim@example.jp", "action_add": ""}
    for _ in range(3):
        assert client.post(reverse("account_email"), new).status_code == 302

    response = client.post(reverse("account_email"), new)

    assert TOO_OFTEN in response.content.decode()
    assert len([m for m in mail.outbox if m.to == ["victim@example.jp"]]) == 3
