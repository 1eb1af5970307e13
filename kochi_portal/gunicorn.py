"""How gunicorn serves the portal: `gunicorn -c kochi_portal/gunicorn.py`."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.urls import resolve
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from foundation.logging import configure, logging_settings

wsgi_app = "kochi_portal.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
# The portal loads once, not once a worker: it starts sooner and shares its memory.
preload_app = True
workers = int(os.environ.get("WEB_WORKERS") or 2 * (os.cpu_count() or 1))
threads = int(os.environ.get("WEB_THREADS") or 4)
# A worker that shows no sign of life for this long is replaced.
timeout = 60
# Its sign of life is a file: in memory, where no slow disk can delay it.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# On SIGTERM each request in hand is finished first.
graceful_timeout = 30
# Nobody commands it but by signals; the socket would need a home to lie in.
control_socket_disable = True
# Ours has no paths, queries or addresses in it.
accesslog = None


class logger_class(Logger):  # type: ignore[misc] # noqa: N801 - gunicorn's name
    """Its own lines in the form of all others, from the first to the last."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        configure(logging_settings(os.environ.get("LOG_LEVEL", "INFO")))


# Where the workers add up their figures; must be known before they import the library.
_figures = Path(
    os.environ.setdefault(
        "PROMETHEUS_MULTIPROC_DIR",
        str(Path(tempfile.gettempdir()) / f"portal-metrics-{os.getpid()}"),
    )
)
_figures.mkdir(parents=True, exist_ok=True)


def on_starting(server: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Load the addresses too before the workers fork; begin counting at nought."""
    resolve("/")
    shutil.rmtree(_figures, ignore_errors=True)
    _figures.mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Forget the gauges of a worker that has ended; its counts stay."""
    # Imported earlier, it would not see the folder above.
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:  # noqa: ARG001
    shutil.rmtree(_figures, ignore_errors=True)
