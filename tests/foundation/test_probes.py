import json

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler
from django.http import HttpResponse
from django.test import RequestFactory

from foundation import health
from foundation.metrics import REQUESTS
from foundation.middleware.probes import ProbesMiddleware
from kochi_portal.stack.ports import LOOPBACK, free_port


def ask(path, **extra):
    request = getattr(RequestFactory(), extra.pop("method", "get"))(path, **extra)
    return ProbesMiddleware(lambda _: HttpResponse("page"))(request)


def states(response):
    checks = json.loads(response.content)["checks"]
    return {name: check["state"] for name, check in checks.items()}


def test_a_living_process_says_so_without_asking_anything():
    response = ask("/healthz", headers={"host": "10.0.0.7:8000"})

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("method", ["post", "delete"])
def test_a_probe_only_reads(method):
    assert ask("/healthz", method=method).content == b"page"


@pytest.fixture
def documents(settings, tmp_path):
    settings.DOCUMENT_DIR = tmp_path


@pytest.fixture
def redis_down(settings):
    settings.REDIS_URL = f"redis://{LOOPBACK}:{free_port()}/0"


@pytest.fixture
def database_down(monkeypatch):
    gone = {**connection.settings_dict, "HOST": LOOPBACK, "PORT": str(free_port())}
    monkeypatch.setattr(
        health, "connection", ConnectionHandler({"default": gone})["default"]
    )
    monkeypatch.setattr(health, "_migrations_seen_applied", True)


@pytest.mark.django_db
def test_it_is_ready_when_all_parts_are(documents):
    response = ask("/readyz")

    assert (response.status_code, set(states(response).values())) == (200, {"ok"})


@pytest.mark.django_db
def test_without_redis_people_can_still_file(documents, redis_down):
    response = ask("/readyz")

    assert response.status_code == 200
    assert json.loads(response.content)["status"] == "degraded"
    assert states(response)["redis"] == "ConnectionError"


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["missing", "nearly full"])
def test_without_a_place_for_documents_people_can_still_file(
    documents, settings, tmp_path, monkeypatch, fault
):
    if fault == "missing":
        settings.DOCUMENT_DIR = tmp_path / "gone"
    else:
        monkeypatch.setattr(health, "SMALLEST_FREE_BYTES", 1 << 60)
    response = ask("/readyz")

    assert response.status_code == 200
    assert states(response)["documents"] in {"FileNotFoundError", "nearly-full"}


@pytest.mark.django_db
def test_without_the_database_it_is_not_ready_and_tells_no_secrets(
    documents, database_down
):
    response = ask("/readyz")

    assert response.status_code == 503
    assert states(response)["database"] == "OperationalError"
    assert str(connection.settings_dict["PASSWORD"]) not in response.content.decode()


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_makes_it_not_ready(documents, monkeypatch):
    monkeypatch.setattr(health, "_migrations_seen_applied", False)
    monkeypatch.setattr(
        MigrationExecutor, "migration_plan", lambda *_: ["0002_pending"]
    )
    response = ask("/readyz")

    assert response.status_code == 503
    assert states(response)["migrations"] == "pending"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "shown"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}, False),
        ("203.0.113.7", {}, False),
        ("", {}, False),
        ("203.0.113.7", {"authorization": "Bearer t0ken"}, True),
        ("203.0.113.7", {"authorization": "Bearer wrong"}, False),
        ("203.0.113.7", {"authorization": "Bearer "}, False),
    ],
)
def test_figures_are_shown_to_this_machine_and_to_who_has_the_token(
    settings, address, headers, shown
):
    settings.METRICS_TOKEN = "t0ken"
    REQUESTS.labels("GET", "/", 200).inc()

    response = ask("/metrics", REMOTE_ADDR=address, headers=headers)

    assert (b"portal_requests_total" in response.content) is shown
    assert response.status_code == (200 if shown else 404)


def test_without_a_token_nobody_has_it(settings):
    settings.METRICS_TOKEN = ""
    headers = {"authorization": "Bearer "}

    response = ask("/metrics", REMOTE_ADDR="203.0.113.7", headers=headers)

    assert response.status_code == 404
