"""One log line and one measurement for each request."""

from collections.abc import Callable
from time import perf_counter

import structlog
from django.http import HttpRequest, HttpResponse

from foundation.metrics import REQUEST_SECONDS, REQUESTS
from foundation.routes import method_of, route_of

logger = structlog.stdlib.get_logger(__name__)


class AccessMiddleware:
    """Tell method, route, status and duration; never path, query, body or client."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = perf_counter()
        response = self.get_response(request)
        seconds = perf_counter() - begun
        method, route = method_of(request), route_of(request)
        REQUESTS.labels(method, route, response.status_code).inc()
        REQUEST_SECONDS.labels(method, route).observe(seconds)
        logger.info(
            "request",
            method=method,
            route=route,
            status=response.status_code,
            duration_ms=round(seconds * 1000, 1),
        )
        return response
