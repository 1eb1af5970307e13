"""The catalogue in the API: procedures, who offers them, what they ask."""

import pytest
from django.utils import timezone

from tests import factories
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db

PROCEDURES = "/api/v1/procedures/"
OFFERINGS = "/api/v1/offerings/"


@pytest.fixture
def water():
    """A procedure that 室戸市 offers, with its form."""
    procedure = factories.procedure(code="water", title="水道使用開始・中止届")
    offering = factories.offering(MUROTO, of=procedure)
    factories.form(procedure)
    return offering


def listed(client, address, **asked):
    response = client.get(address, asked)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_anyone_lists_what_can_be_filed(client, water):
    [procedure] = listed(client, PROCEDURES)

    assert procedure["code"] == "water"
    assert procedure["kind_label"] == "届出"
    assert procedure["url"] == "http://testserver/api/v1/procedures/water/"
    assert client.get(procedure["url"]).json() == procedure


def test_words_narrow_the_list(client, water):
    dog = factories.procedure(code="dog", title="犬の登録", summary="犬の届出です。")
    factories.offering(MUROTO, of=dog)

    assert [found["code"] for found in listed(client, PROCEDURES, q="水道 届")] == [
        "water"
    ]
    assert listed(client, PROCEDURES, q="水道 犬") == []


@pytest.mark.parametrize("q", ["100%", "_", "\\", "'", "髙", "あ" * 100])
def test_any_words_may_be_asked_for(client, water, q):
    assert client.get(PROCEDURES, {"q": q}).status_code == 200


def test_words_that_are_too_many_are_refused(client):
    assert client.get(PROCEDURES, {"q": "あ" * 101}).status_code == 422


@pytest.mark.parametrize("address", [PROCEDURES, OFFERINGS])
def test_a_misspelt_parameter_is_refused_and_not_passed_over(client, address):
    response = client.get(address, {"organisation": "392022"})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "#/organisation"


def test_what_is_not_published_is_not_there(client, water):
    hidden = factories.procedure(code="hidden", published_at=None)
    offering = factories.offering(MUROTO, of=hidden)
    quiet = factories.offering(AKI, of=water.procedure, published_at=None)
    by_its_own_body = factories.Caller(factories.token_for(MUROTO))

    for caller in (client, by_its_own_body):
        assert [one["code"] for one in listed(caller, PROCEDURES)] == ["water"]
        assert [one["id"] for one in listed(caller, OFFERINGS)] == [str(water.pk)]
        assert caller.get(f"{PROCEDURES}hidden/").status_code == 404
        for one in (offering, quiet):
            for part in ("", "form/", "schema/"):
                assert caller.get(f"{OFFERINGS}{one.pk}/{part}").status_code == 404


def test_offerings_are_narrowed_by_body_and_procedure(client, water):
    factories.offering(AKI, of=water.procedure)
    factories.offering(AKI)

    def found(**asked):
        return len(listed(client, OFFERINGS, **asked))

    assert found() == 3
    assert found(procedure="water") == 2
    assert found(organization=AKI) == 2
    assert found(organization=AKI, procedure="water") == 1
    assert found(procedure="nothing") == 0
    assert found(organization=1) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("organization", "muroto"), ("organization", "9" * 30), ("procedure", "水道")],
)
def test_a_filter_that_cannot_be_is_refused(client, name, value):
    response = client.get(OFFERINGS, {name: value})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"#/{name}"


def test_an_offering_tells_its_office_and_where_its_questions_are(client, water):
    answer = client.get(f"{OFFERINGS}{water.pk}/").json()

    assert answer["organization"]["name"] == "室戸市"
    assert answer["office"]["name"] == "住民課"
    assert answer["is_open"] is True
    assert client.get(answer["form"]).status_code == 200
    assert client.get(answer["schema"]).status_code == 200


def test_a_closed_offering_says_so(client, water):
    closed = factories.offering(
        AKI, of=water.procedure, closes_at=timezone.now() - timezone.timedelta(days=1)
    )

    assert client.get(f"{OFFERINGS}{closed.pk}/").json()["is_open"] is False


def test_the_questions_come_page_by_page(client, water):
    form = client.get(f"{OFFERINGS}{water.pk}/form/").json()

    assert form["title"] == "水道使用開始・中止届"
    assert form["revision"]["number"] == 1
    assert [page["slug"] for page in form["pages"]] == ["you", "use"]
    kind = form["pages"][1]["questions"][0]
    assert (kind["key"], kind["required"]) == ("kind", True)
    assert kind["options"] == {"start": "開始", "stop": "中止"}
    assert kind["schema"] == {"enum": ["start", "stop"]}


def test_the_schema_is_that_of_the_answers(client, water):
    response = client.get(f"{OFFERINGS}{water.pk}/schema/")

    assert response["Content-Type"] == "application/schema+json"
    assert response.json()["required"] == ["name", "kind", "place"]
    assert response.json()["$id"].endswith(f"/offerings/{water.pk}/schema/")


def test_an_offering_whose_form_is_not_published_has_no_questions(client):
    offering = factories.offering(MUROTO)

    assert client.get(f"{OFFERINGS}{offering.pk}/form/").status_code == 404
    assert client.get(f"{OFFERINGS}{offering.pk}/schema/").status_code == 404


@pytest.mark.parametrize("address", [f"{OFFERINGS}not-an-id/", f"{PROCEDURES}水道/"])
def test_an_address_that_names_nothing_is_a_problem(client, address):
    response = client.get(address)

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_pages_stay_as_they_are_while_others_are_added(client, water):
    for _ in range(4):
        factories.offering(MUROTO)
    first = client.get(OFFERINGS, {"page_size": 3}).json()
    factories.offering(AKI)
    second = client.get(first["next"]).json()

    ids = [one["id"] for one in first["results"] + second["results"]]
    assert len(ids) == len(set(ids)) == 5
    assert ids == sorted(ids, reverse=True)
