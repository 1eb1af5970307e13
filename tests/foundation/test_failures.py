"""Every failure as its visitor sees it, through the real middleware.

Where a test is not marked for the database, a page that asked it would fail.
"""

import json

import psycopg
import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import connections
from django.test import Client

from foundation.views import RETRY_AFTER_SECONDS, bad_request
from kochi_portal.stack.ports import LOOPBACK, free_port
from tests.conftest import EVERY_ROLE

pytestmark = pytest.mark.urls("tests.foundation.failing_urls")


@pytest.fixture(autouse=True)
def _plain_http(settings, tmp_path):
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    # Nothing is collected here.
    settings.STATIC_ROOT = tmp_path
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("how", ["lost", "closed", "driver", "wrapped"])
def test_without_the_database_a_page_says_when_to_come_back(client, how):
    response = client.get(f"/failing/{how}/")

    assert response.status_code == 503
    assert response["Retry-After"] == str(RETRY_AFTER_SECONDS)
    assert "ただいまご利用いただけません" in response.content.decode()
    assert "髙知太郎" not in response.content.decode()


@pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
def test_a_database_that_cannot_be_reached_is_503(client, monkeypatch):
    database = connections["default"]
    database.close()
    gone = {**database.settings_dict, "HOST": LOOPBACK, "PORT": str(free_port())}
    with monkeypatch.context() as patch:
        patch.setattr(database, "settings_dict", gone)
        response = client.get("/failing/database/")
        database.close()

    assert response.status_code == 503


@pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
def test_a_database_lost_at_the_final_commit_is_503(client, monkeypatch):
    def lost():
        msg = "server closed the connection"
        raise psycopg.OperationalError(msg)

    database = connections["default"]
    database.ensure_connection()
    with monkeypatch.context() as patch:
        patch.setattr(database.connection, "commit", lost)
        response = client.get("/failing/database/")

    assert response.status_code == 503


@pytest.mark.parametrize(
    ("where", "status", "sentence"),
    [
        ("bug/", 500, "申し訳ありません。エラーが起きました"),
        ("denied/", 403, "このページは表示できません"),
        ("a/b/c/", 404, "ページが見つかりません"),
        ("%00/", 400, "制御文字"),
        ("form/?q=%00", 400, "制御文字"),
    ],
)
def test_every_failure_has_a_page_that_says_what_to_do(client, where, status, sentence):
    response = client.get(f"/failing/{where}")

    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert '<html lang="ja">' in page
    assert "髙知太郎" not in page


@pytest.mark.parametrize(
    ("where", "status"),
    [("lost/", 503), ("bug/", 500), ("denied/", 403), ("x/y/", 404)],
)
def test_below_the_api_every_failure_is_a_problem_document(client, where, status):
    response = client.get(f"/api/failing/{where}")

    problem = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert problem["status"] == response.status_code == status
    assert problem["request_id"] == response["X-Request-ID"]
    assert "髙知太郎" not in response.content.decode()


def test_ten_megabytes_of_text_are_answered_with_what_to_do(client):
    response = client.post("/failing/form/", {"text": "あ" * 3_500_000})
    plain = client.post(
        "/failing/form/",
        "text=" + "a" * 10_000_000,
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == plain.status_code == 413
    assert "文章を短くするか" in plain.content.decode()


def test_a_body_too_large_is_read_to_its_end_so_that_the_browser_listens(rf):
    request = rf.post("/failing/form/", {"text": "a" * 2_000_000})

    bad_request(request, RequestDataTooBig())

    assert request.read(1) == b""


def test_nul_in_a_form_is_answered_with_what_to_do(client):
    response = client.post("/failing/form/", {"text": "山\x00田"})

    assert response.status_code == 400
    assert "制御文字" in response.content.decode()


def test_a_forged_form_is_asked_for_again():
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/failing/form/", {"text": "x"})

    assert response.status_code == 403
    assert "もう一度送信してください" in response.content.decode()


def test_an_address_for_buttons_alone_says_so_to_people(client):
    response = client.get("/failing/button/")

    page = response.content.decode()
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "もう一度ボタンを押してください" in page
    assert '<html lang="ja">' in page


def test_below_the_api_a_wrong_method_is_a_problem_document(client):
    response = client.get("/api/failing/button/")

    assert response.status_code == json.loads(response.content)["status"] == 405
    assert response["Allow"] == "POST"


def test_a_405_that_says_something_is_left_as_it_is(client):
    response = client.get("/failing/said/")

    assert (response.status_code, response.content) == (405, b"said")
