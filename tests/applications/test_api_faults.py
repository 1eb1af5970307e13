"""What a program meets while a server is away: an answer, and nothing half-done."""

import pytest
from django.db import OperationalError, connection
from django.test import override_settings

import foundation.cache
from applications.models import Application, Draft, Submission
from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from kochi_portal.stack.ports import LOOPBACK, free_port
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

MINE = "/api/v1/applications/"


@pytest.fixture
def caller():
    made = factories.Caller(factories.token_of(factories.resident()))
    made.raise_request_exception = False
    return made


@pytest.fixture
def filing():
    offering = factories.offering(MUROTO)
    factories.form(offering.procedure)
    return {"offering": str(offering.pk), "answers": factories.filed_answers()}


@pytest.fixture
def redis_away(monkeypatch):
    monkeypatch.setattr(foundation.cache, "_silent_until", 0.0)
    entry = {
        "BACKEND": "foundation.cache.SharedCache",
        "LOCATION": f"redis://{LOOPBACK}:{free_port()}/0",
    }
    with override_settings(CACHES={"default": entry}):
        yield


def failing_at(word):
    def execute(execute, sql, params, many, context):
        if word in sql:
            raise OperationalError
        return execute(sql, params, many, context)

    return connection.execute_wrapper(execute)


def kept():
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        return [model.objects.count() for model in (Application, Draft, Submission)]


def test_while_redis_is_away_programs_file(caller, filing, redis_away):
    assert caller.send(MINE, filing).status_code == 201
    assert caller.get(MINE).status_code == 200


def test_while_redis_is_away_calls_are_still_counted(client, monkeypatch, redis_away):
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES",
        {"anonymous": "2/min", "token": "2/min"},
    )
    address = f"192.0.2.{new_id().int % 250}"
    answers = [
        client.get("/api/v1/organizations/", REMOTE_ADDR=address) for _ in range(3)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


@pytest.mark.parametrize(
    "word",
    [
        "organizations_apitoken",
        'INSERT INTO "applications_submission"',
        'INSERT INTO "applications_draft"',
        'INSERT INTO "applications_application"',
        'INSERT INTO "applications_document"',
        'INSERT INTO "journal_entry"',
    ],
)
def test_a_database_that_goes_away_leaves_nothing_half_filed(caller, filing, word):
    key = new_id()
    with failing_at(word):
        response = caller.send(MINE, filing, key=key)

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "30"
    assert kept() == [0, 0, 0]
    assert caller.send(MINE, filing, key=key).status_code == 201
    assert kept() == [1, 0, 1]
