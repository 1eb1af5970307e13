"""One id for all that is done on behalf of one request, in the worker as well."""

from typing import Any
from uuid import UUID

from celery.signals import before_task_publish, task_postrun, task_prerun
from structlog.contextvars import (
    bind_contextvars,
    get_contextvars,
    reset_contextvars,
)

from foundation.identifiers import new_id

HEADER = "X-Request-ID"
_KEY = "request_id"


def current_request_id() -> str:
    """Return the id of the running request or task; empty outside of both."""
    return str(get_contextvars().get(_KEY, ""))


def accepted_or_new(offered: str) -> str:
    """Return what a proxy offers if it is a UUID, which can hold no words; else new."""
    try:
        return str(UUID(offered))
    except ValueError:
        return str(new_id())


@before_task_publish.connect
def _send_along(headers: dict[str, Any], **_: Any) -> None:
    if request_id := current_request_id():
        headers[_KEY] = request_id


@task_prerun.connect
def _take_over(task: Any, task_id: str, **_: Any) -> None:
    request_id = (task.request.headers or {}).get(_KEY) or task_id
    task.request.log_context = bind_contextvars(request_id=request_id, task=task.name)


@task_postrun.connect
def _hand_back(task: Any, **_: Any) -> None:
    reset_contextvars(**task.request.log_context)
