"""The bodies in the API, and what every list of it does."""

import base64

import pytest

from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

ORGANIZATIONS = "/api/v1/organizations/"


def cursor(position):
    text = f"p={position}".encode()
    return base64.b64encode(text).decode()


def test_anyone_lists_the_35_bodies_by_code(client):
    answer = client.get(ORGANIZATIONS).json()

    codes = [body["code"] for body in answer["results"]]
    assert len(codes) == 35
    assert codes == sorted(codes)
    assert answer["next"] is None


def test_a_body_is_found_by_its_code(client):
    answer = client.get(f"{ORGANIZATIONS}{MUROTO}/").json()

    assert answer == {
        "code": "392022",
        "name": "室戸市",
        "kana": answer["kana"],
        "kind": "city",
        "kind_label": "市",
    }


@pytest.mark.parametrize("code", ["1", "999999", "99999999999999999999", "muroto"])
def test_a_body_that_does_not_exist_is_a_404_problem(client, code):
    response = client.get(f"{ORGANIZATIONS}{code}/")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "見つかりません"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_the_catalogue_only_answers(client, method):
    response = getattr(client, method)(ORGANIZATIONS)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["title"] == "この方法では呼び出せません"


def test_pages_lead_through_all_rows_once(client):
    seen, address = [], f"{ORGANIZATIONS}?page_size=10"
    while address:
        answer = client.get(address).json()
        seen += [body["code"] for body in answer["results"]]
        address = answer["next"]

    assert len(seen) == len(set(seen)) == 35


def test_the_previous_page_is_the_one_before(client):
    first = client.get(f"{ORGANIZATIONS}?page_size=10").json()
    second = client.get(first["next"]).json()

    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("size", ["0", "101", "-1", "ten", "１０", "", "9" * 5000])
def test_a_page_size_that_cannot_be_is_refused(client, size):
    response = client.get(ORGANIZATIONS, {"page_size": size})

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"pointer": "#/page_size", "detail": "1から100までの数字で指定してください。"}
    ]


@pytest.mark.parametrize(
    "edited",
    ["x", "あ", cursor("abc"), cursor("%00"), cursor("%20"), "b" * 10_000],
)
def test_a_cursor_that_somebody_edited_is_refused(client, edited):
    response = client.get(ORGANIZATIONS, {"cursor": edited})

    assert response.status_code == 422
    assert "そのまま使ってください" in response.json()["errors"][0]["detail"]


def test_a_cursor_beyond_every_number_is_an_empty_page(client):
    response = client.get(ORGANIZATIONS, {"cursor": cursor("9" * 40)})

    assert response.status_code == 200
    assert response.json()["results"] == []


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "bogus"])
def test_only_json_is_spoken(client, accept):
    response = client.get(ORGANIZATIONS, headers={"Accept": accept})

    assert response.status_code == 406
    assert response["Content-Type"] == "application/problem+json"


def test_an_address_that_does_not_exist_is_a_problem(client):
    response = client.get("/api/v1/nothing/")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


# Rates


@pytest.fixture
def slow(monkeypatch):
    """Two calls a minute, for everybody."""
    rates = {"anonymous": "2/min", "token": "2/min"}
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates
    )


def test_an_address_that_calls_too_often_is_told_to_wait(client, slow):
    answers = [client.get(ORGANIZATIONS) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["title"] == "短い時間に多くの操作がありました"


def test_another_address_is_counted_apart(client, slow):
    for _ in range(3):
        client.get(ORGANIZATIONS)

    assert client.get(ORGANIZATIONS, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_only_the_proxy_names_the_address_that_is_counted(client, slow):
    answers = [
        client.get(
            ORGANIZATIONS, headers={"X-Forwarded-For": f"198.51.100.{n}, 192.0.2.1"}
        )
        for n in range(3)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_a_token_is_counted_apart_from_its_address(client, slow):
    one = factories.Caller(factories.token_of(factories.resident()))
    other = factories.Caller(factories.token_of(factories.resident()))
    for _ in range(3):
        one.get(ORGANIZATIONS)

    assert one.get(ORGANIZATIONS).status_code == 429
    assert other.get(ORGANIZATIONS).status_code == 200
    assert client.get(ORGANIZATIONS).status_code == 200
