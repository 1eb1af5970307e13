"""The shared cache, with a Redis-protocol server that really hangs and really dies."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress

import pytest
import redis
from allauth.core.internal import ratelimit
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import RequestFactory, override_settings

import foundation.cache
from foundation.cache import QUIET_SECONDS
from kochi_portal.stack.ports import LOOPBACK, free_port
from kochi_portal.stack.valkey import valkey_program


class Server:
    """One that can be stopped, killed and started again on its port."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://{LOOPBACK}:{self.port}/0"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [valkey_program(), "--port", str(self.port), "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with suppress(redis.ConnectionError), redis.Redis.from_url(self.url) as it:
                it.ping()
                return
        pytest.fail("Valkey did not start")

    def end(self, how=signal.SIGKILL):
        os.kill(self.process.pid, how)
        if how == signal.SIGKILL:
            self.process.wait()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(foundation.cache, "_silent_until", 0.0)
    server = Server()
    yield server
    with suppress(ProcessLookupError):
        server.end()


@pytest.fixture
def cache(server):
    entry = {"BACKEND": "foundation.cache.SharedCache", "LOCATION": server.url}
    with override_settings(CACHES={"default": entry}):
        yield caches["default"]
        LocMemCache(foundation.cache.__name__, {}).clear()


def test_while_redis_answers_all_processes_share_it(server, cache):
    cache.set("k", "v")

    with redis.Redis.from_url(server.url) as other:
        assert other.dbsize() == 1


def test_operations_share_a_client(cache):
    cache.set("k", "v")
    client = cache._cache._shared.get_client("k")
    cache.get("k")

    assert cache._cache._shared.get_client("other") is client


def test_while_redis_is_dead_a_process_counts_for_itself(server, cache):
    server.end()

    assert cache.add("k", 1)
    assert not cache.add("k", 1)
    assert cache.incr("k") == 2
    assert cache.get_many(["k", "other"]) == {"k": 2}
    assert cache.delete("k")
    assert cache.get("k", "none") == "none"


def test_a_dead_redis_locks_nobody_out_and_still_limits(server, cache):
    server.end()
    request = RequestFactory().post("/accounts/login/")

    answers = [
        bool(
            ratelimit.consume(
                request,
                app="allauth.account",
                action="login",
                config={"login": "2/m/ip"},
            )
        )
        for _ in range(3)
    ]

    assert answers == [True, True, False]


def test_a_hanging_redis_delays_one_request_and_not_the_next(server, cache):
    server.end(signal.SIGSTOP)
    begun = time.perf_counter()
    cache.set("k", "v")
    first = time.perf_counter() - begun
    for _ in range(50):
        cache.get("k")
    others = time.perf_counter() - begun - first

    assert first < 3 * foundation.cache.TIMEOUT_SECONDS
    assert others < 0.2


def test_redis_is_asked_again_after_a_few_seconds(server, cache, monkeypatch):
    server.end()
    cache.set("k", "local")
    server.start()
    assert cache.get("k") == "local"

    later = time.monotonic() + QUIET_SECONDS
    monkeypatch.setattr(foundation.cache, "monotonic", lambda: later)

    assert cache.get("k") is None
    cache.set("k", "shared")
    with redis.Redis.from_url(server.url) as other:
        assert other.dbsize() == 1


def test_a_server_that_speaks_no_redis_takes_no_page_down(monkeypatch):
    monkeypatch.setattr(foundation.cache, "_silent_until", 0.0)
    with socket.socket() as deaf:
        deaf.bind((LOOPBACK, 0))
        deaf.listen()
        entry = {
            "BACKEND": "foundation.cache.SharedCache",
            "LOCATION": f"redis://{LOOPBACK}:{deaf.getsockname()[1]}/0",
        }
        with override_settings(CACHES={"default": entry}):
            caches["default"].set("k", 1)

            assert caches["default"].get("k") == 1
