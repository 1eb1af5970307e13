"""An encoder process of one's own, for a command or a test that needs one."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from faq.backends.encoders import Served
from faq.errors import EncoderUnavailable

_STARTS_WITHIN_SECONDS = 30


@contextmanager
def own_encoder(processes: int | None = None) -> Iterator[Served]:
    """Start the encoder on a socket of its own, lend it, and end it.

    Raises:
        EncoderUnavailable: it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="faq-encoder-") as folder:
        url = f"unix:{folder}/socket"
        count = processes or settings.FAQ_ENCODER_PROCESSES
        environment = os.environ | {
            "FAQ_ENCODER_URL": url,
            "FAQ_ENCODER_PROCESSES": str(count),
        }
        command = [sys.executable, "-m", "gunicorn", "--config=kochi_portal/encoder.py"]
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, env=environment, cwd=settings.BASE_DIR
        )
        try:
            _wait_for(Path(folder, "socket"), process)
            yield Served(url=url, at_once=count)
        finally:
            process.terminate()
            process.wait()


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise EncoderUnavailable
        time.sleep(0.05)
