"""Whatever is sent, the API answers with a problem that says what to do."""

import pytest

from applications.models import Draft
from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

MINE = "/api/v1/applications/"
JSON = "application/json"


@pytest.fixture
def caller():
    return factories.Caller(factories.token_of(factories.resident()))


@pytest.fixture
def offering():
    made = factories.offering(MUROTO)
    factories.form(made.procedure)
    return made


def post(caller, content, content_type=JSON, **headers):
    return caller.generic(
        "POST",
        MINE,
        content,
        content_type,
        headers={"Idempotency-Key": str(new_id()), **headers},
    )


def assert_problem(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "nonsense",
        '{"offering": NaN}',
        '{"offering": 1e}',
        b"\xff\xfe{",
        b'{"answers": {"place": "\xed\xa0\x80"}}',
        '{"answers": {"place": "\\ud800"}}',
        '{"answers": {"place": "a\\u0000b"}}',
        '{"answers": {"a\\u0000b": 1}}',
        '{"answers": ' + "9" * 5000 + "}",
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        "[" * 900 + "]" * 900,
    ],
    ids=range(15),
)
def test_what_cannot_be_read_is_a_problem(caller, content):
    response = post(caller, content)

    assert response.status_code in {400, 422}
    assert_problem(response, response.status_code)


@pytest.mark.parametrize("content", ["[]", '"text"', "1", "true", "null", "[[[]]]"])
def test_json_that_is_no_object_is_a_problem(caller, content):
    assert_problem(post(caller, content), 422)


@pytest.mark.parametrize("depth", [10, 100, 300, 450, 600, 800, 950])
@pytest.mark.parametrize("key", ["name", "place"])
def test_deep_answers_are_a_problem(caller, offering, depth, key):
    nested = "[" * depth + "]" * depth
    answers = factories.filed_answers()
    del answers[key]
    inner = ", ".join(f'"{k}": null' for k in answers)
    content = (
        f'{{"offering": "{offering.pk}", "answers": {{{inner}, "{key}": {nested}}}}}'
    )
    response = post(caller, content)

    assert response.status_code in {400, 422}
    assert_problem(response, response.status_code)


@pytest.mark.parametrize(
    "charset",
    ["utf-16", "shift_jis", "zlib", "base64", "rot13", "nothing", "'"],
)
def test_whatever_the_charset_says_json_is_utf8(caller, offering, charset):
    content = f'{{"offering": "{offering.pk}", "answers": {{"place": "室戸"}}}}'
    response = post(caller, content, f"{JSON}; charset={charset}")

    assert_problem(response, 422)
    assert "#/answers/place" not in [e["pointer"] for e in response.json()["errors"]]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded; charset=zlib",
        "bogus",
        "",
        "application/json, text/plain",
    ],
)
def test_only_json_is_read(caller, content_type):
    assert_problem(post(caller, '{"a": 1}', content_type), 415)


def test_ten_megabytes_are_too_much(caller):
    content = '{"answers": {"place": "' + "あ" * 3_500_000 + '"}}'

    assert_problem(post(caller, content), 413)


def test_many_keys_are_all_refused(caller, offering):
    keys = ", ".join(f'"k{n}": 1' for n in range(20_000))
    content = f'{{"offering": "{offering.pk}", "answers": {{{keys}}}}}'
    response = post(caller, content)

    assert_problem(response, 422)


@pytest.mark.parametrize("where", ["?state=%00", "?cursor=%00", "%00/", "?%00=1"])
def test_nul_in_the_address_is_a_problem(caller, where):
    response = caller.get(f"{MINE}{where}")

    assert response.status_code in {400, 404}
    assert_problem(response, response.status_code)


def test_a_problem_repeats_nothing_of_what_was_sent(caller, offering):
    secret = "090-1234-5678"
    content = f'{{"offering": "{offering.pk}", "answers": {{"email": "{secret}"}}}}'

    assert secret not in post(caller, content).content.decode()


def test_a_refused_filing_writes_no_draft(caller, offering):
    post(caller, f'{{"offering": "{offering.pk}", "answers": {{"place": "x"}}}}')

    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        assert not Draft.objects.exists()
