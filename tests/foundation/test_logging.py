import io
import json
import logging

import pytest
import structlog
from django.db import IntegrityError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response
from structlog.contextvars import bound_contextvars

from foundation.logging import configure, logging_settings


@pytest.fixture
def lines(monkeypatch):
    """Log as the portal does; return a function that gives the lines written so far."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    before = {name: logging.getLogger(name).level for name in ("", "django")}
    configure(logging_settings("INFO"))
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    monkeypatch.undo()
    configure(logging_settings("WARNING"))
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_our_lines_and_those_of_libraries_are_json_with_the_request_id(lines):
    with bound_contextvars(request_id="r-1"):
        structlog.stdlib.get_logger("portal").info("filed", application_id=7)
        logging.getLogger("some.library").warning("slow %s", "disk")

    ours, theirs = lines()
    assert (ours["event"], ours["application_id"]) == ("filed", 7)
    assert (theirs["event"], theirs["level"]) == ("slow disk", "warning")
    assert ours["request_id"] == theirs["request_id"] == "r-1"
    assert ours["timestamp"].endswith("Z")


@pytest.mark.parametrize("key", ["email", "name", "answers", "body", "token"])
def test_keys_that_name_a_person_are_left_out_at_any_depth(lines, key):
    structlog.stdlib.get_logger().info("x", **{key: "髙知"}, deep=[{key: "髙知"}])

    (line,) = lines()
    assert "髙知" not in json.dumps(line, ensure_ascii=False)


def test_values_are_masked_whatever_their_type(lines):
    error = ValueError("hanako@example.jp")
    structlog.stdlib.get_logger().info("x", reason=error, all={"a@b.jp", "c"})

    (line,) = lines()
    assert line["reason"] == "[mail]"
    assert sorted(line["all"]) == ["[mail]", "c"]


def fail_to_save():
    try:
        int("髙知太郎")
    except ValueError as error:
        msg = "Failing row contains (髙知太郎)"
        raise IntegrityError(msg) from error


def test_an_exception_is_told_by_types_and_places_without_what_was_typed(lines):
    with pytest.raises(IntegrityError) as failed:
        fail_to_save()
    error = failed.value
    logging.getLogger("x").error("could not save: %s", error, exc_info=error)

    (line,) = lines()
    assert "髙知" not in json.dumps(line, ensure_ascii=False)
    assert [told["type"] for told in line["exception"]] == [
        "IntegrityError",
        "ValueError",
    ]
    assert line["exception"][0]["frames"][-1].endswith(" fail_to_save")
    assert line["event"] == "could not save: IntegrityError"


def test_an_exception_about_machines_keeps_its_message(lines):
    error = OperationalError("connection to server at 203.0.113.7 refused")
    structlog.stdlib.get_logger().error("database", exc_info=error)

    (line,) = lines()
    assert line["exception"][0]["message"] == (
        "connection to server at 203.0.113.0/24 refused"
    )


def test_the_framework_logs_the_route_and_not_the_address_of_the_page(lines, rf):
    request = rf.get("/inquiry/髙知/s3cret/")
    failed, gone = HttpResponse(status=500), HttpResponse(status=404)
    error = ZeroDivisionError()
    log_response(
        "Failed: %s", request.path, request=request, response=failed, exception=error
    )
    log_response("Gone: %s", request.path, request=request, response=gone)

    (line,) = lines()  # the other is told by the access log
    assert line["event"] == "Failed: unresolved"
    assert "s3cret" not in json.dumps(line)


FORM = "application/x-www-form-urlencoded"


def sent(body):
    return {"data": body, "content_type": FORM}


@pytest.mark.urls("tests.foundation.failing_urls")
@pytest.mark.parametrize(
    ("mistake", "request_made"),
    [
        ("DisallowedHost", {"headers": {"host": "hanako.example"}}),
        ("RequestDataTooBig", sent("hanako=" + "a" * 2_000_000)),
        ("TooManyFieldsSent", sent("&".join(["hanako=1"] * 3_000))),
    ],
)
def test_a_mistake_of_the_clients_warns_without_raising_an_alarm(
    lines, settings, mistake, request_made
):
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False

    Client().post("/failing/form/", **request_made)

    told = [line for line in lines() if line["logger"].startswith("django")]
    assert [(line["event"], line["level"]) for line in told] == [(mistake, "warning")]
    assert "exception" not in told[0]
    assert "hanako" not in json.dumps(told)


def test_who_asks_for_errors_alone_hears_of_no_client_s_mistakes(lines):
    logging.getLogger("django").setLevel("ERROR")
    logging.getLogger("django.security.DisallowedHost").error("Invalid: hanako")

    assert lines() == []


def test_the_values_of_database_statements_are_never_logged():
    levels = logging_settings("DEBUG")["loggers"]

    assert levels["django.db.backends"]["level"] == "WARNING"
    assert levels["django"]["level"] == "DEBUG"


@pytest.fixture
def rf():
    return RequestFactory()
