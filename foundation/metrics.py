"""What Prometheus may ask: how many requests, how long, what failed, what waits.

The workers count nothing: what is left for them to do stands in the database, and is
true even when none of them lives.
"""

import logging
import os
import secrets
from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.module_loading import import_string
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

logger = logging.getLogger(__name__)

REQUESTS = Counter(
    "portal_requests", "Requests answered.", ["method", "route", "status"]
)
REQUEST_SECONDS = Histogram(
    "portal_request_seconds",
    "Time from the first byte to the answer.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
UNAVAILABLE = Counter(
    "portal_unavailable", "Times that a server did not answer us.", ["server"]
)


def metrics(request: HttpRequest) -> HttpResponse:
    """Show the figures of all worker processes to those who may see them."""
    if not (_has_token(request) or _is_from_this_machine(request)):
        return HttpResponseNotFound()
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    # First what may add to the others.
    figures = (generate_latest(part) for part in (_BACKLOGS, registry))
    return HttpResponse(b"".join(figures), content_type=CONTENT_TYPE_LATEST)


class _Backlogs:
    """Asks what waits for the workers, whoever is asked: all processes say the same."""

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of `settings.METRICS_BACKLOGS`.

        Without the database those of the requests are still worth having.
        """
        for backlog in settings.METRICS_BACKLOGS:
            try:
                with transaction.atomic():
                    figures = list(import_string(backlog)())
            except DatabaseError:
                UNAVAILABLE.labels("database").inc()
                logger.warning("backlog unknown", exc_info=True)
                return
            yield from figures


_BACKLOGS = CollectorRegistry(auto_describe=False)
_BACKLOGS.register(_Backlogs())


def _has_token(request: HttpRequest) -> bool:
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(
        given.encode(), expected.encode()
    )


def _is_from_this_machine(request: HttpRequest) -> bool:
    """Tell whether nobody stands between us and this machine's own loopback.

    Behind a proxy on the same machine every request comes from there.
    """
    if {"X-Forwarded-For", "Forwarded"} & set(request.headers):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
