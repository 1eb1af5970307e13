"""Real workers on the test's own database and broker."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from urllib.parse import urlsplit, urlunsplit

from celery import Celery
from django.conf import settings
from django.db import connections

PATIENCE_SECONDS = 120
_URLS = {
    "DATABASE_URL": "default",
    "OWNER_DATABASE_URL": "owner",
    "WORKER_DATABASE_URL": "worker",
}


def broker_url() -> str:
    """Return a database of the broker that no other test process uses."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    parts = urlsplit(settings.REDIS_URL)
    return str(urlunsplit(parts._replace(path=f"/{8 + int(worker)}")))


class Worker:
    """A Celery worker in a process group of its own."""

    def __init__(self, queues: str, **environment: str) -> None:
        self._queues = queues
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> None:
        """Start it; it works as soon as it is up."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "--app=kochi_portal", "--quiet"),
                *("worker", f"--queues={self._queues}", "--concurrency=1"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
                *more,
            ],
            env={
                **os.environ,
                **{name: _own_database(name, alias) for name, alias in _URLS.items()},
                "REDIS_URL": broker_url(),
                "DEBUG": "0",
                "LOG_LEVEL": "ERROR",
                **self._environment,
            },
            start_new_session=True,
        )

    def pause(self) -> None:
        """Stop it where it is: what comes now it will not read."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGSTOP)

    def kill(self) -> None:
        """Kill -9 it and its children, as a power failure would."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


def _own_database(name: str, alias: str) -> str:
    test_database = connections[alias].settings_dict["NAME"]
    return urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{test_database}"))


def ring(*tasks: str) -> None:
    """Wake the workers for these tasks, as a commit or the clock does."""
    queues = {
        "notifications.tasks.send_due": "mail",
        "applications.tasks.render_documents": "pdf",
    }
    with Celery(broker=broker_url(), set_as_current=False) as app:
        for task in tasks:
            app.send_task(task, queue=queues.get(task, "default"), ignore_result=True)


@contextmanager
def worker(queues: str = "default,mail", **environment: str) -> Iterator[Worker]:
    """Lend a worker to start; whatever becomes of it, none is left."""
    with Celery(broker=broker_url(), set_as_current=False) as app:
        app.control.purge()
    lent = Worker(queues, **environment)
    try:
        yield lent
    finally:
        lent.kill()


def wait_until(is_so: Callable[[], object], what: str, *tasks: str) -> None:
    """Wait for other processes, ringing for `tasks`; fail when they need too long."""
    end, next_ring = monotonic() + PATIENCE_SECONDS, monotonic()
    while not is_so():
        if monotonic() > end:
            message = f"waited {PATIENCE_SECONDS} s in vain: {what}"
            raise TimeoutError(message)
        if tasks and monotonic() > next_ring:
            ring(*tasks)
            next_ring = monotonic() + 0.5
        sleep(0.02)
