"""Pages for what went wrong: for people as HTML, below `/api/` as problem details.

Named by `handler400` … `handler500` in the URLconf, so they see every failure, those
in middleware and at the final commit included, which no middleware of ours would.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import psycopg
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    UnreadablePostError,
)
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string

from foundation.limits import Limit
from foundation.metrics import UNAVAILABLE
from foundation.problems import problem_response

API_PREFIX = "/api/"
RETRY_AFTER_SECONDS = 30
# The driver's own come from what speaks to it beneath Django's cursor.
DATABASE_IS_AWAY = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
MAINTENANCE_RETRY_AFTER_SECONDS = 600
# A browser shows our page only once it could send all; beyond this it may give up.
LARGEST_DISCARDED_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what could not be read: a body too large (413), or characters in it."""
    if isinstance(exception, RequestDataTooBig):
        _discard_body(request)
        return _answer(request, 413)
    sentence = ""
    if isinstance(exception, BadRequest):
        sentence = str(exception)
    return _answer(request, 400, detail=sentence)


def permission_denied(
    request: HttpRequest,
    exception: Exception,  # noqa: ARG001 - Django's signature
) -> HttpResponse:
    return _answer(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Ask to send again, for `settings.CSRF_FAILURE_VIEW`."""
    return _answer(request, 403, template="403_csrf.html")


def page_not_found(
    request: HttpRequest,
    exception: Exception,  # noqa: ARG001 - Django's signature
) -> HttpResponse:
    return _answer(request, 404)


def method_not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    """Say where to go on from an address that only takes what a form sends."""
    response = _answer(request, 405)
    response.headers["Allow"] = allow
    return response


def too_many(request: HttpRequest, limit: Limit) -> HttpResponse:
    """Ask whoever reached a limit to come back later."""
    context = {"minutes": limit.seconds // 60}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(limit.seconds)
    return response


def see_other(to: str, *args: Any) -> HttpResponseRedirect:
    """Send the browser on with GET after a POST, so that reloading repeats nothing."""
    return HttpResponseRedirect(resolve_url(to, *args), status=HTTPStatus.SEE_OTHER)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed; 503 where the reason is a database that does not answer."""
    if any(isinstance(error, DATABASE_IS_AWAY) for error in _chain()):
        UNAVAILABLE.labels("database").inc()
        return _answer(request, 503, retry_after=RETRY_AFTER_SECONDS)
    return _answer(request, 500)


def under_maintenance(request: HttpRequest, *, until: str) -> HttpResponse:
    """Say that the portal is closed, and until when if that is known."""
    return _answer(
        request,
        503,
        template="maintenance.html",
        retry_after=MAINTENANCE_RETRY_AFTER_SECONDS,
        until=until,
    )


def _answer(
    request: HttpRequest,
    status: int,
    *,
    template: str = "",
    detail: str = "",
    retry_after: int | None = None,
    **context: Any,
) -> HttpResponse:
    """Render without request: no context processor asks session or database."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if request.path.startswith(API_PREFIX):
        return problem_response(status, detail=detail, headers=headers)
    page = render_to_string(
        template or f"{status}.html", {"sentence": detail, **context}
    )
    return HttpResponse(page, status=status, headers=headers)


def _chain() -> Iterator[BaseException]:
    error = sys.exc_info()[1]
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _discard_body(request: HttpRequest) -> None:
    """Read and forget the rest, or the browser would show a lost connection."""
    with suppress(UnreadablePostError):
        for _ in range(LARGEST_DISCARDED_BYTES // _CHUNK_BYTES):
            if not request.read(_CHUNK_BYTES):
                return
