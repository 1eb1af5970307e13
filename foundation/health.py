"""Is this process alive, and can it do its work?"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

SMALLEST_FREE_BYTES = 500 * 1024 * 1024
REDIS_TIMEOUT_SECONDS = 0.5

_migrations_seen_applied = False


class _NotReadyError(Exception):
    """A check failed; `str()` is a word for the operator."""


@dataclass(frozen=True)
class Check:
    """One thing the portal needs.

    Args:
        state: `ok`, or one word for what is wrong.
        vital: Without it nothing can be filed.
    """

    state: str
    vital: bool
    duration_ms: float


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer that the process answers; touch nothing."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer 200 while people can file, 503 otherwise, with the state of each part."""
    checks = {
        name: _run(check, vital=vital)
        for name, check, vital in (
            ("database", _ask_database, True),
            ("migrations", _ask_migrations, True),
            ("redis", _ask_redis, False),
            ("documents", _ask_documents, False),
        )
    }
    failed = [check for check in checks.values() if check.state != "ok"]
    down = any(check.vital for check in failed)
    status = "down" if down else "degraded" if failed else "ok"
    return JsonResponse(
        {
            "status": status,
            "checks": {name: asdict(check) for name, check in checks.items()},
        },
        status=503 if down else 200,
    )


def _run(check: Callable[[], None], *, vital: bool) -> Check:
    begun = perf_counter()
    try:
        check()
    except _NotReadyError as error:
        state = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
        state = type(error).__name__
    else:
        state = "ok"
    return Check(state, vital, round((perf_counter() - begun) * 1000, 1))


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_migrations() -> None:
    """Look until all are applied; they stay so for the life of the process."""
    global _migrations_seen_applied  # noqa: PLW0603 - the life of the process
    if _migrations_seen_applied:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        msg = "pending"
        raise _NotReadyError(msg)
    _migrations_seen_applied = True


def _ask_redis() -> None:
    with redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
    ) as client:
        client.ping()


def _ask_documents() -> None:
    with tempfile.TemporaryFile(dir=settings.DOCUMENT_DIR) as file:
        file.write(b"ready?")
    if shutil.disk_usage(settings.DOCUMENT_DIR).free < SMALLEST_FREE_BYTES:
        msg = "nearly-full"
        raise _NotReadyError(msg)
