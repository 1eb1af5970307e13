import pytest
from celery import Celery
from django.http import HttpResponse
from django.test import RequestFactory
from structlog.contextvars import bound_contextvars, get_contextvars

from foundation.middleware.request_id import RequestIdMiddleware
from foundation.request_id import current_request_id

OFFERED = "0199d2f4-5c1a-7abc-8def-0123456789ab"


def answer(request):
    """Answer with the id that the view, and so the logs, see."""
    return HttpResponse(current_request_id())


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        (OFFERED, True),
        ("", False),
        ("090-1234-5678", False),
        ("山田太郎", False),
        ("x" * 10_000, False),
    ],
)
def test_only_a_uuid_of_the_proxy_is_kept_as_the_id(offered, kept):
    request = RequestFactory().get("/", headers={"x-request-id": offered})

    response = RequestIdMiddleware(answer)(request)

    assert (response["X-Request-ID"] == offered) is kept
    assert response.content.decode() == response["X-Request-ID"]
    assert len(response["X-Request-ID"]) == 36


def test_no_request_inherits_the_id_of_the_one_before():
    first = RequestIdMiddleware(answer)(RequestFactory().get("/"))
    assert current_request_id() == ""
    second = RequestIdMiddleware(answer)(RequestFactory().get("/"))

    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.fixture
def app():
    celery = Celery("test", broker="memory://", set_as_current=False)
    yield celery
    celery.close()


def test_a_task_carries_the_id_of_the_request_that_queued_it(app):
    @app.task(name="note")
    def task():
        pass

    with bound_contextvars(request_id=OFFERED), app.connection_for_write() as broker:
        task.apply_async(connection=broker)
        message = broker.SimpleQueue("celery").get(block=False)

    assert message.headers["request_id"] == OFFERED


def test_a_task_logs_under_the_id_it_was_queued_with_and_hands_its_own_back(app):
    seen = []

    @app.task(name="note")
    def task():
        seen.append(get_contextvars())

    with bound_contextvars(request_id="outer"):
        task.apply(headers={"request_id": OFFERED})

        assert get_contextvars() == {"request_id": "outer"}
    assert seen == [{"request_id": OFFERED, "task": "note"}]


def test_a_task_of_the_beat_has_its_own_id(app):
    seen = []

    @app.task(name="note")
    def task():
        seen.append(current_request_id())

    task.apply(task_id="t-1")

    assert seen == ["t-1"]
