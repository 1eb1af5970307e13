"""Web, workers and beat: what runs, how it ends, and what a crash leaves behind."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Message, Printer

from kochi_portal.stack.state import PROJECT

# Every process of a run carries its state folder in this variable, so that the next
# run finds what a crash left.
MARK = "PORTAL_RUN"
GRACE_SECONDS = 4  # honcho kills after five

# A development machine may be root's; celery would warn at length about it.
_CELERY = (
    *(sys.executable, "-W", "ignore:::celery.platforms", "-m", "celery"),
    *("--app=kochi_portal", "--quiet"),
)
# docker-compose.yml starts the same ones.
PROCESSES = {
    "web": (sys.executable, "-m", "gunicorn", "--config=kochi_portal/gunicorn.py"),
    "encoder": (sys.executable, "-m", "gunicorn", "--config=kochi_portal/encoder.py"),
    "worker": (*_CELERY, "worker", "--queues=default,mail", "--concurrency=1"),
    "pdf": (
        *(*_CELERY, "worker", "--queues=pdf", "--concurrency=1"),
        "--hostname=pdf@%h",
    ),
    "index": (
        *(*_CELERY, "worker", "--queues=index", "--concurrency=1"),
        "--hostname=index@%h",
    ),
    "beat": (*_CELERY, "beat", "--scheduler=celery.beat:Scheduler"),
}


def run_until_one_ends(
    environments: Mapping[str, Mapping[str, str]], greeting: str
) -> int:
    """Run all processes until a signal comes or one of them ends; then end the others.

    Args:
        environments: one for each of PROCESSES.
        greeting: printed once the portal can be reached.

    Returns:
        0 after a signal, else 1.
    """
    manager = PatientManager(printer=_Greeter(greeting))
    for name, command in PROCESSES.items():
        # exec: a signal reaches the program, not a shell in front of it.
        line = f"exec {shlex.join(command)}"
        manager.add_process(name, line, env=environments[name], cwd=str(PROJECT))
    manager.loop()
    asked_to_stop = manager.returncode in {128 + signal.SIGINT, 128 + signal.SIGTERM}
    return 0 if asked_to_stop else 1


def end_leftovers(folder: Path) -> None:
    """End every process that a run in this state folder left, gently first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + GRACE_SECONDS
        left = _marked(folder)
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, number)
        while _marked(folder) and time.monotonic() < deadline:
            time.sleep(0.05)


def _marked(folder: Path) -> list[int]:
    mark = os.fsencode(f"{MARK}={folder}")
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        # Other people's processes, and those just gone, cannot be read.
        with suppress(OSError):
            if mark in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return [process for process in found if process != os.getpid()]


class PatientManager(Manager):  # type: ignore[misc]  # honcho has no types
    """End the processes once all have begun, if asked before.

    Honcho's own fails then, for it does not know yet whom to end.
    """

    _asked = False

    def terminate(self) -> None:
        """End all processes; in five seconds kill those that are left."""
        self._asked = True
        if self._all_started():
            super().terminate()

    def _any_stopped(self) -> bool:
        # What honcho's loop waits for to end the others, and to count the seconds.
        return self._asked or bool(super()._any_stopped())


class _Greeter(Printer):  # type: ignore[misc]  # honcho has no types
    """Print a text once the web server listens."""

    def __init__(self, greeting: str) -> None:
        super().__init__(sys.stdout)
        self._greeting = greeting

    def write(self, message: Message) -> None:
        super().write(message)
        if message.name == "web" and b"Listening at" in message.data:
            print(self._greeting, flush=True)
