"""The whole portal from one command, as a process with a terminal would run it."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

import pytest

from kochi_portal.stack.ports import free_port
from kochi_portal.stack.state import PROJECT
from tests.stack.conftest import SET_BY_THE_RUN, lent_folder, processes_of

START_TIMEOUT_SECONDS = 180


class Run:
    """A running `make run`, without make."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.log = folder / "said.log"
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in SET_BY_THE_RUN
        }
        environment |= {"PORTAL_STATE_DIR": str(folder), "PORT": str(self.port)}
        environment |= {"WEB_WORKERS": "1"}  # each costs seconds of start
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kochi_portal.stack", "run"],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self):
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                address = f"http://127.0.0.1:{self.port}/readyz"
                with urllib.request.urlopen(address, timeout=5) as answer:
                    return answer.status
            except OSError:
                time.sleep(0.1)
        pytest.fail(self.said())

    def said(self):
        return self.log.read_text()

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def folder():
    with lent_folder() as folder:
        yield folder


@pytest.fixture
def run(folder):
    running = Run(folder)
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGTERM)


def test_ctrl_c_ends_everything(run, folder):
    assert run.wait_until_ready() == 200
    assert f"http://localhost:{run.port}/admin/" in run.said()
    assert "hanako@resident.example" in run.said()  # a sample account

    assert run.end(signal.SIGINT) == 0
    assert processes_of(folder) == []


def test_a_crash_leaves_nothing_that_the_next_start_cannot_end(run, folder):
    run.wait_until_ready()
    second = Run(folder)
    assert second.process.wait(timeout=60) == 1
    assert "already runs" in second.said()

    run.end(signal.SIGKILL)
    # What is left goes on serving, and its lines fill a pipe that nobody reads.
    for _ in range(300):
        with suppress(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{run.port}/nowhere", timeout=5)

    again = Run(folder)
    assert again.wait_until_ready() == 200
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{run.port}/readyz", timeout=5)

    beat = next(p for p in processes_of(folder) if "beat" in p.cmdline())
    beat.kill()  # one part that ends ends all
    assert again.process.wait(timeout=60) == 1
    assert processes_of(folder) == []
