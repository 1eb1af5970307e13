"""The page on which a resident gives programs tokens, and takes them back."""

import re
import time

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from foundation.tenancy.scope import scoped
from organizations.models import ApiToken
from organizations.queries import scope_for
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

TOKENS = "/my/tokens/"
WANTED = {"label": "家計簿アプリ", "scopes": ["applications:read"], "days": "30"}
PASSWORD = "a-long-sample-password"  # pragma: allowlist secret
SECRET = re.compile(r"kp1_[A-Za-z0-9_-]{43}")


@pytest.fixture
def user():
    return factories.resident()


@pytest.fixture
def browser(user):
    """A browser in which the resident has just signed in by a code."""
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    return client


def text_of(response):
    return response.content.decode()


def tokens_of(user):
    with scoped(scope_for(user)):
        return list(ApiToken.objects.owned_by(user.person_id))


def test_the_secret_of_a_new_token_is_shown_once(browser, user):
    made = browser.post(TOKENS, WANTED)
    again = browser.get(TOKENS)

    [secret] = set(SECRET.findall(text_of(made)))
    [token] = tokens_of(user)
    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    assert (token.label, token.scopes) == ("家計簿アプリ", ["applications:read"])
    assert round((token.expires_at - token.created_at).total_seconds() / 86_400) == 30
    assert "家計簿アプリ" in text_of(again)
    assert not SECRET.search(text_of(again))
    assert factories.Caller(secret=secret).get("/api/v1/applications/").json() == {
        "next": None,
        "previous": None,
        "results": [],
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"label": ""}, "トークンの名前を入力してください。"),
        ({"label": "あ" * 101}, "100文字まで"),
        ({"scopes": []}, "1つ以上選んでください。"),
        ({"scopes": ["cases:read"]}, "cases:read"),
        ({"days": "9999"}, "表示されている中から"),
        ({"days": ""}, "有効期間を選んでください。"),
    ],
)
def test_what_cannot_be_made_is_said(browser, user, changed, sentence):
    response = browser.post(TOKENS, {**WANTED, **changed})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert tokens_of(user) == []


def test_nul_is_refused(browser, user):
    assert browser.post(TOKENS, {**WANTED, "label": "a\x00b"}).status_code == 400
    assert tokens_of(user) == []


def test_who_signed_in_long_ago_signs_in_again_first(browser, user):
    with time_machine.travel(time.time() + 301):
        shown = browser.get(TOKENS)
        response = browser.post(TOKENS, WANTED)

    assert shown.status_code == 200
    assert response.status_code == 422
    assert "ログインし直してください" in text_of(response)
    assert tokens_of(user) == []


def test_who_has_a_password_gives_it_again_first(client, user):
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)

    asked = client.post(TOKENS, WANTED)
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert tokens_of(user) == []

    proof = {"password": PASSWORD}
    made = client.post(asked["Location"], proof)
    assert SECRET.search(text_of(made))
    assert len(tokens_of(user)) == 1


def test_nobody_gets_in_without_signing_in(client):
    for response in (client.get(TOKENS), client.post(TOKENS, WANTED)):
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_staff_have_no_tokens_of_their_own_here(client):
    client.force_login(factories.staff("clerk", organization=MUROTO))

    assert client.get(TOKENS).status_code == 403


def test_a_token_is_taken_back(browser, user):
    issued = factories.token_of(user)
    address = f"{TOKENS}{issued.token.pk}/revoke/"

    response = browser.post(address)

    assert (response.status_code, response["Location"]) == (303, TOKENS)
    assert "使えないようにしました" in text_of(browser.get(TOKENS))
    assert factories.Caller(issued).get("/api/v1/applications/").status_code == 401
    assert browser.get(address).status_code == 405


def test_anothers_token_is_not_there(browser):
    other = factories.resident()
    issued = factories.token_of(other)

    response = browser.post(f"{TOKENS}{issued.token.pk}/revoke/")

    assert response.status_code == 404
    assert tokens_of(other)[0].revoked_at is None
    assert issued.token.prefix not in text_of(browser.get(TOKENS))


def test_a_token_of_a_body_is_not_taken_back_here(browser):
    issued = factories.token_for(MUROTO)

    assert browser.post(f"{TOKENS}{issued.token.pk}/revoke/").status_code == 404
