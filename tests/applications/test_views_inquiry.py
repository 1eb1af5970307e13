"""Finding a filing by its two numbers, without an account."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from applications.queries import inquiry_code_of
from applications.views import inquiry
from applications.views.inquiry import NOT_FOUND, PER_NETWORK, PER_NUMBER
from foundation.numbering import in_groups
from tests import factories
from tests.factories import AKI, KOCHI, MUROTO

pytestmark = pytest.mark.django_db

URL = "/inquiry/"
WRONG_CODE = "ABCDEFGHJKLMNPQR"


def ask(client, number, code, **headers):
    return client.post(URL, {"number": number, "inquiry_code": code}, **headers)


def test_both_numbers_open_the_filing_in_this_browser(client):
    filed = factories.application(MUROTO)

    response = ask(client, filed.number, inquiry_code_of(filed))

    assert response.status_code == 303
    assert response.url == reverse("applications:case", args=[filed.pk])
    assert response.cookies["filing"]["path"] == response.url
    assert filed.number in client.get(response.url).content.decode()


def test_numbers_are_read_however_they_are_typed(client):
    filed = factories.application(MUROTO)
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    code = in_groups(inquiry_code_of(filed)).lower()

    response = ask(client, f" {filed.number.translate(wide)} ", f" {code} ")

    assert response.status_code == 303


def test_a_wrong_number_and_a_wrong_code_read_the_same(client):
    filed, other = factories.application(MUROTO), factories.application(AKI)
    code = inquiry_code_of(filed)

    pages = [
        ask(client, number, tried)
        for number, tried in (
            (filed.number, WRONG_CODE),
            ("392022-26-9999999-1", code),
            (other.number, code),
        )
    ]

    for response in pages[:1] + pages[2:]:
        assert response.status_code == 422
        assert NOT_FOUND in response.content.decode()
        assert "filing" not in response.cookies


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [
        ("", "", "到達番号を入力してください。"),
        ("12345", WRONG_CODE, "到達番号の数字をお確かめください。"),
        ("392022-26-0000001-8", "ABC", "英字と数字で16文字です。"),
        ("392022-26-0000001-8", "0" * 16, "英字と数字で16文字です。"),
        ("あ" * 61, WRONG_CODE, "到達番号"),
        ("٣٩٢٠٢٢-٢٦-٠٠٠٠٠٠١-٨", WRONG_CODE, "到達番号"),
    ],
)
def test_what_cannot_be_a_number_is_said_without_counting(client, number, code, told):
    response = ask(client, number, code)

    assert response.status_code == 422
    assert told in response.content.decode()


def test_guessing_at_one_number_is_stopped_for_a_while(client):
    filed, other = factories.application(MUROTO), factories.application(MUROTO)
    for _ in range(PER_NUMBER.attempts):
        assert ask(client, filed.number, WRONG_CODE).status_code == 422

    stopped = ask(client, filed.number, inquiry_code_of(filed))
    elsewhere = ask(client, other.number, inquiry_code_of(other))

    assert stopped.status_code == 429
    assert stopped.headers["Retry-After"] == str(PER_NUMBER.seconds)
    assert "15分ほど待ってから" in stopped.content.decode()
    assert elsewhere.status_code == 303


def test_staff_of_the_body_need_the_code_like_anybody_else():
    filed = factories.application(MUROTO)
    clerk = factories.staff("clerk", organization=MUROTO)

    response = ask(factories.browser_of(clerk), filed.number, WRONG_CODE)

    assert response.status_code == 422
    assert "filing" not in response.cookies


def test_guessing_from_one_line_is_stopped_whatever_the_number(client, monkeypatch):
    monkeypatch.setattr(inquiry, "PER_NETWORK", replace(PER_NETWORK, attempts=3))
    filed = factories.application(MUROTO)
    for body in (MUROTO, AKI, KOCHI):
        ask(client, factories.application(body).number, WRONG_CODE)

    assert ask(client, filed.number, inquiry_code_of(filed)).status_code == 429
    assert (
        ask(
            Client(REMOTE_ADDR="203.0.113.9"), filed.number, inquiry_code_of(filed)
        ).status_code
        == 303
    )


def test_success_uses_up_no_attempt(client):
    filed = factories.application(MUROTO)
    for _ in range(PER_NUMBER.attempts + 2):
        assert ask(client, filed.number, inquiry_code_of(filed)).status_code == 303


def test_the_page_says_where_the_numbers_are(client):
    page = client.get(URL).content.decode()

    assert "番号がわからないとき" in page
    assert 'aria-current="page"' in page
