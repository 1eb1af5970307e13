"""A state folder of its own for each test, free of what the test run itself set."""

import os
import subprocess
import sys
from contextlib import contextmanager

import psutil
import pytest

from kochi_portal.stack.postgres import ROLES
from kochi_portal.stack.servers import throwaway_servers
from kochi_portal.stack.state import PROJECT, throwaway_folder

SET_BY_THE_RUN = {
    *("PORTAL_PG_HOME", "PORTAL_REDIS_BIN", "REDIS_URL", *ROLES),
    *("ALLOWED_HOSTS", "BASE_URL", "DEBUG", "DOCUMENT_DIR", "EMAIL_FROM", "EMAIL_URL"),
    *("INQUIRY_KEYS", "PORT", "PORTAL_STATE_DIR", "SAMPLE", "SECRET_KEY"),
}


def processes_of(folder):
    """Find every process that a state folder's stack started."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.cwd(), *process.environ().values()]
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
        if any(str(folder) in word for word in words) and process.pid != os.getpid():
            found.append(process)
    return found


@contextmanager
def lent_folder():
    """Lend a state folder; end what a failed test left running in it."""
    with throwaway_folder() as folder:
        yield folder
        for process in processes_of(folder):
            process.kill()


@pytest.fixture
def state(monkeypatch):
    for name in SET_BY_THE_RUN:
        monkeypatch.delenv(name, raising=False)
    with lent_folder() as folder:
        monkeypatch.setenv("PORTAL_STATE_DIR", str(folder))
        yield folder


@pytest.fixture
def stack(state):
    """Start a command of the stack as a process of its own."""
    started = []

    def start(*arguments, **changes):
        process = subprocess.Popen(
            [sys.executable, "-m", "kochi_portal.stack", *arguments],
            cwd=PROJECT,
            env=os.environ | changes,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def servers():
    """Lend the environment of fresh servers to all tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        for name in SET_BY_THE_RUN:
            patch.delenv(name, raising=False)
        with throwaway_servers() as environment:
            yield environment
