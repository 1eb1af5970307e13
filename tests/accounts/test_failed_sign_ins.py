"""Wrong passwords shut out who types them, nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

TOO_MANY = "ログインの失敗が続いたため、受付を止めています。"
TOWN_HALL, ELSEWHERE = "192.0.2.1", "198.51.100.1"
WRONG = "wrong"


@pytest.fixture
def clerk():
    return factories.staff("clerk", organization=MUROTO)


def try_password(email, password, network):
    client = Client(REMOTE_ADDR=network)
    credentials = {"login": email, "password": password}
    return client, client.post(reverse("admin:login"), credentials)


def gets_in(user, network):
    _, response = try_password(user.email, factories.PASSWORD, network)
    return response.status_code == 302


def fail(user, network, times):
    for _ in range(times):
        _, response = try_password(user.email, WRONG, network)
    return response.content.decode()


def test_wrong_passwords_from_elsewhere_lock_nobody_out(clerk):
    assert TOO_MANY in fail(clerk, ELSEWHERE, 6)
    assert not gets_in(clerk, ELSEWHERE)

    assert gets_in(clerk, TOWN_HALL)


def test_whoever_guesses_is_stopped_after_five(clerk):
    assert TOO_MANY not in fail(clerk, TOWN_HALL, 5)

    assert TOO_MANY in fail(clerk, TOWN_HALL, 1)
    assert not gets_in(clerk, TOWN_HALL)


def test_one_ipv6_line_is_stopped_as_one(clerk):
    for host in range(5):
        fail(clerk, f"2001:db8::{host}", 1)

    assert not gets_in(clerk, "2001:db8::ffff")
    assert gets_in(clerk, "2001:db8:0:1::1")


def test_the_mistakes_of_a_town_hall_do_not_shut_it(clerk):
    for n in range(50):
        try_password(f"colleague{n}@example.jp", WRONG, TOWN_HALL)

    assert gets_in(clerk, TOWN_HALL)


def test_one_network_tries_so_many_accounts_a_minute(clerk):
    for n in range(60):
        try_password(f"colleague{n}@example.jp", WRONG, ELSEWHERE)

    assert not gets_in(clerk, ELSEWHERE)
    assert gets_in(clerk, TOWN_HALL)


def test_the_second_factor_is_counted_over_all_networks(clerk):
    right = factories.totp_code(clerk)
    wrong = "000000" if right != "000000" else "111111"
    for n in range(5):
        client, _ = try_password(clerk.email, factories.PASSWORD, f"192.0.2.{n}")
        client.post(reverse("mfa_authenticate"), {"code": wrong})

    client, _ = try_password(clerk.email, factories.PASSWORD, ELSEWHERE)
    response = client.post(reverse("mfa_authenticate"), {"code": right})

    assert TOO_MANY in response.content.decode()
