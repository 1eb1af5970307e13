"""The web server as it is started for real."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from kochi_portal.stack.ports import LOOPBACK, free_port
from kochi_portal.stack.state import PROJECT

REQUEST_ID = "0199d2f4-5c1a-7abc-8def-0123456789ab"


@pytest.fixture
def server(tmp_path):
    """Lend a server with two workers; return its address and how to end it."""
    port, log = free_port(), tmp_path / "log"
    environment = {
        **os.environ,
        "PORT": str(port),
        "WEB_WORKERS": "2",
        "LOG_LEVEL": "INFO",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "figures"),
    }
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "kochi_portal/gunicorn.py"],
            cwd=PROJECT,
            env=environment,
            stdout=file,
            stderr=file,
        )
    address = f"http://{LOOPBACK}:{port}"

    def end():
        process.send_signal(signal.SIGTERM)
        return process.wait(timeout=20), log.read_text(encoding="utf-8")

    try:
        wait_for(address)
        yield address, end
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_for(address):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(URLError, ConnectionError):
            urlopen(f"{address}/healthz")  # noqa: S310
            return
        time.sleep(0.05)
    pytest.fail("gunicorn did not start")


def test_a_server_counts_over_its_workers_logs_json_and_ends_at_once(server, tmp_path):
    address, end = server
    headers = {"X-Request-ID": REQUEST_ID}
    for _ in range(20):
        with suppress(URLError):
            urlopen(Request(f"{address}/api/hanako@example.jp?q=1", headers=headers))  # noqa: S310
    with urlopen(f"{address}/metrics") as answer:  # noqa: S310
        figures = answer.read().decode()
    code, log = end()

    labels = 'method="GET",route="unresolved",status="404"'
    assert f"portal_requests_total{{{labels}}} 20.0" in figures
    assert code == 0
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert lines[0]["event"].startswith("Starting gunicorn")
    assert REQUEST_ID in {line.get("request_id") for line in lines}
    assert "hanako" not in log
    assert not (tmp_path / "figures").exists()
