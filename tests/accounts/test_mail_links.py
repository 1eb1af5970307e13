"""Links in mails lead to the portal, whatever the visitor's Host header says."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

BASE = "https://portal.example"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.BASE_URL = BASE
    settings.ALLOWED_HOSTS = ["localhost"]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("door", "field"),
    [
        ("account_login", "login"),
        ("account_signup", "email"),
        ("account_reset_password", "email"),
    ],
)
def test_no_mail_repeats_the_host_of_the_visitor(door, field, known):
    address = "nobody@example.jp"
    if known:
        address = factories.staff("clerk", organization=MUROTO).email

    Client().post(reverse(door), {field: address}, headers={"host": "localhost:6666"})

    [letter] = mail.outbox
    assert "6666" not in letter.body
    links = re.findall(r"\S+://\S+", letter.body)
    assert all(link.startswith(f"{BASE}/accounts/") for link in links)
    has_code = re.search(r"^[A-Z0-9-]{6,}$", letter.body, re.MULTILINE)
    assert len(links) == (0 if has_code else 1)


def test_the_link_for_a_new_password_opens_its_page():
    clerk = factories.staff("clerk", organization=MUROTO)
    client = Client(headers={"host": "localhost"})
    client.post(reverse("account_reset_password"), {"email": clerk.email})

    [link] = re.findall(r"\S+://\S+", mail.outbox[0].body)
    page = client.get(link.removeprefix(BASE), follow=True)

    assert page.status_code == 200
    assert "password1" in page.content.decode()
