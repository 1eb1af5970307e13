"""A passkey signs in; whatever else is posted in its place is told so, in Japanese."""

import json
from copy import deepcopy

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.forms import NOT_THE_PASSKEY
from tests import factories
from tests.factories import MUROTO
from tests.factories.passkeys import Passkey

pytestmark = pytest.mark.django_db

LOGIN, ADD, AGAIN, FACTOR = (
    "mfa_login_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_authenticate",
)
DEEP = 1500
JUNK = [
    "",
    "null",
    "1",
    '"text"',
    "[]",
    "{}",
    "{",
    "[" * DEEP,
    '{"a":' * DEEP + "1" + "}" * DEEP,
    '{"id": 1}',
    '{"id": "AA"}',
    '{"id": "AA", "rawId": "AA"}',
    '{"id": "AA", "rawId": "AA", "response": {}}',
    '{"id": "AA", "rawId": "AA", "response": []}',
    '{"id": "AA", "rawId": "AA", "response": "x", "type": "public-key"}',
    '{"id": [], "rawId": [], "response": null, "type": {}}',
    '{"rawId": "鍵", "response": {"clientDataJSON": "鍵"}}',
    '{"rawId": "AA", "type": "public-key", "response": {"userHandle": "AA"}}',
    '{"rawId": 99999999999999, "response": {}}',
    '{"id": NaN}',
    '{"id": 1e999}',
    '{"id": ' + "9" * 5000 + "}",
    r'{"id": "\u0000"}',
    r'{"id": "\ud800"}',
]


@pytest.fixture
def owner():
    return factories.staff("clerk", organization=MUROTO)


@pytest.fixture
def passkey(owner):
    """Have the owner add one, through the page."""
    client, passkey = signed_in(owner), Passkey()
    answer = passkey.answer_to_creation(options(client, ADD))
    response = post(client, ADD, answer)
    assert response.status_code == 302, response.content.decode()
    return passkey


def signed_in(user):
    client = Client()
    client.force_login(user)
    confirmed = {"password": factories.PASSWORD}
    client.post(reverse("account_reauthenticate"), confirmed)
    return client


def options(client, page):
    if page == LOGIN:
        asked = client.get(reverse(page), headers={"accept": "application/json"})
        return asked.json()["request_options"]
    data = client.get(reverse(page)).context["js_data"]
    return data.get("creation_options") or data["request_options"]


def post(client, page, answer, **more):
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return client.post(reverse(page), {"credential": text, **more})


def at(page, user):
    """Return a browser that stands before `page`, having been asked for a passkey."""
    client = Client()
    if page == FACTOR:
        credentials = {"login": user.email, "password": factories.PASSWORD}
        client.post(reverse("admin:login"), credentials)
    elif page != LOGIN:
        client = signed_in(user)
    options(client, page)
    return client


def test_a_passkey_alone_opens_the_desk(owner, passkey):
    client = Client()
    answer = passkey.answer_to_request(options(client, LOGIN), owner)

    post(client, LOGIN, answer)

    assert client.get(reverse("admin:index")).status_code == 200


def test_a_passkey_is_a_second_factor(owner, passkey):
    client = at(FACTOR, owner)
    answer = passkey.answer_to_request(options(client, FACTOR), owner)

    post(client, FACTOR, answer)

    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_junk_at_the_door_is_answered_with_what_to_do(junk):
    client = at(LOGIN, None)

    response = client.post(reverse(LOGIN), {"credential": junk}, follow=True)

    assert response.redirect_chain == [(reverse("account_login"), 302)]
    assert NOT_THE_PASSKEY in response.content.decode()


@pytest.mark.parametrize("page", [ADD, FACTOR, AGAIN])
def test_junk_inside_is_answered_with_what_to_do(page, owner, passkey):
    client = at(page, owner)
    for junk in JUNK:
        cache.clear()  # the limits are tested elsewhere

        response = client.post(reverse(page), {"credential": junk}, follow=True)

        assert response.status_code in {200, 422}, junk
        assert NOT_THE_PASSKEY in response.content.decode(), junk


def places(answer, path=()):
    """Return the way to every value of the answer."""
    if not isinstance(answer, dict):
        return [path]
    inner = [place for key in answer for place in places(answer[key], (*path, key))]
    return [*([path] if path else []), *inner]


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.text(max_size=20),
    st.binary(max_size=90).map(lambda data: data.hex()),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=3),
)


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("page", [LOGIN, ADD])
def test_an_answer_with_one_odd_value_never_fails_nor_harms_later_pages(
    page, owner, passkey, data
):
    cache.clear()  # the limits are tested elsewhere
    client = signed_in_once(owner) if page == ADD else Client()
    asked = options(client, page)
    if page == ADD:
        answer = Passkey().answer_to_creation(asked)
    else:
        answer = passkey.answer_to_request(asked, owner)
    answer = deepcopy(answer)
    *way, last = data.draw(st.sampled_from(places(answer)))
    where = answer
    for step in way:
        where = where[step]
    where[last] = data.draw(ODD)

    response = post(client, page, answer)

    assert response.status_code in {200, 302}
    kept = Authenticator.objects.filter(user=owner, type="webauthn")
    assert [one.wrap().is_passwordless for one in kept]


_browsers: dict[int, Client] = {}


def signed_in_once(user):
    if user.pk not in _browsers:
        _browsers[user.pk] = signed_in(user)
    return _browsers[user.pk]


def test_who_answers_wrongly_too_often_is_told_that_and_not_that_it_is_wrong(
    owner, passkey
):
    client = at(FACTOR, owner)
    answer = passkey.answer_to_request(options(client, FACTOR), owner)
    answer["response"]["signature"] = "AAAA"

    told = [post(client, FACTOR, answer).content.decode() for _ in range(6)]

    assert all(NOT_THE_PASSKEY in page for page in told[:5])
    assert "ログインの失敗が続いたため" in told[5]
