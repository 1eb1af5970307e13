"""A portal to measure: tables, a body that offers a form, web and workers, and load."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from kochi_portal.celery import app

PROJECT = Path(__file__).parent.parent
HEADER_END = b"\r\n\r\n"


def report(name: str, **figures: object) -> None:
    """Print one JSON line."""
    print(json.dumps({"bench": name, **figures}, ensure_ascii=False), flush=True)


def manage(*arguments: str) -> None:
    """Run one of Django's commands."""
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *arguments], check=True, cwd=PROJECT
    )


@contextmanager
def web() -> Iterator[int]:
    """Run gunicorn as production does, on a free port; yield the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["gunicorn", "--config", "kochi_portal/gunicorn.py"]
    command += [f"--bind=127.0.0.1:{port}", "kochi_portal.wsgi"]
    with _running(command, "web"):
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield port


@contextmanager
def workers() -> Iterator[None]:
    """Run the worker of all queues and the beat, at the lowest priority."""
    celery = ["celery", "-A", "kochi_portal"]
    work = [*celery, "worker", "-Q", "default,mail,pdf", "-c", "1", "-l", "ERROR"]
    beat = [*celery, "beat", "-s", str(Path(os.environ["DOCUMENT_DIR"]) / "beat")]
    Path(os.environ["DOCUMENT_DIR"]).mkdir(parents=True, exist_ok=True)
    with _running(work, "worker", nice=19), _running([*beat, "-l", "ERROR"], "beat"):
        while not app.control.ping(timeout=1):
            pass
        yield


@contextmanager
def encoder() -> Iterator[None]:
    """Run the encoder as production does, where `FAQ_ENCODER_URL` says."""
    address = Path(os.environ["FAQ_ENCODER_URL"].removeprefix("unix:"))
    with _running(["gunicorn", "--config=kochi_portal/encoder.py"], "encoder"):
        while not address.exists():
            time.sleep(0.1)
        yield


@contextmanager
def _running(command: Sequence[str], name: str, nice: int = 0) -> Iterator[None]:
    log = Path(os.environ["PORTAL_STATE_DIR"]) / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", *command], stdout=output, stderr=output, cwd=PROJECT
        ) as process,
    ):
        if nice:
            psutil.Process(process.pid).nice(nice)
        try:
            yield
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=1):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.1)
    message = f"{address} does not answer"
    raise RuntimeError(message)


@dataclass
class Outcome:
    """What a load saw: seconds in all, milliseconds each, answers by status."""

    seconds: float
    latencies_ms: list[float]
    statuses: Counter[int]

    def figures(self) -> dict[str, object]:
        """Return rate and percentiles for a report."""
        ordered = sorted(self.latencies_ms)
        return {
            "requests": len(ordered),
            "per_second": round(len(ordered) / self.seconds, 1),
            "p50_ms": round(ordered[len(ordered) // 2], 1),
            "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
            "p99_ms": round(ordered[int(len(ordered) * 0.99)], 1),
            "statuses": dict(self.statuses),
        }


def load(port: int, requests: Sequence[bytes], *, clients: int) -> Outcome:
    """Send all requests, each once, over `clients` kept connections."""
    return asyncio.run(_load(port, requests, clients))


async def _load(port: int, requests: Sequence[bytes], clients: int) -> Outcome:
    outcome = Outcome(0.0, [], Counter())
    remaining = iter(requests)
    begin = time.perf_counter()
    await asyncio.gather(*(_client(port, remaining, outcome) for _ in range(clients)))
    outcome.seconds = time.perf_counter() - begin
    return outcome


async def _client(port: int, remaining: Iterator[bytes], outcome: Outcome) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in remaining:
        begin = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(HEADER_END)
        fields = head.lower()
        if b"content-length:" in fields:
            length = int(fields.split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        outcome.latencies_ms.append((time.perf_counter() - begin) * 1000)
        outcome.statuses[int(head[9:12])] += 1
        if b"connection: close" in fields:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


def cpu_seconds() -> dict[str, float]:
    """Return CPU seconds by kind of process, of everything on this machine."""
    used: Counter[str] = Counter()
    for process in psutil.process_iter(["cmdline", "cpu_times"]):
        command = " ".join(process.info["cmdline"] or [])
        times = process.info["cpu_times"]
        if times is None:
            continue
        for kind in ("gunicorn", "celery", "postgres", "valkey", "bench."):
            if kind in command:
                used[kind.rstrip(".")] += times.user + times.system
                break
    return dict(used)
