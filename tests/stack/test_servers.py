"""Servers start from nothing, are shared, survive crashes and leave nothing behind."""

import os
import signal
import subprocess

import psycopg
import redis

from kochi_portal.stack import postgres
from kochi_portal.stack.servers import lasting_servers
from tests.stack.conftest import processes_of

WAIT_WITH_ADDRESS = "import os; print(os.environ['REDIS_URL'], flush=True); input()"


def test_data_outlives_the_command_that_wrote_it(state):
    with lasting_servers() as first:
        with psycopg.connect(first["OWNER_DATABASE_URL"]) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 'still here' AS word")
        with redis.Redis.from_url(first["REDIS_URL"]) as valkey:
            valkey.set("kept", "still here")

    with lasting_servers() as second:
        with psycopg.connect(second["DATABASE_URL"]) as app:
            assert app.execute("SELECT word FROM kept").fetchone() == ("still here",)
        with redis.Redis.from_url(second["REDIS_URL"]) as valkey:
            assert valkey.get("kept") == b"still here"
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["INQUIRY_KEYS"] == second["INQUIRY_KEYS"]
    assert processes_of(state) == []


def test_servers_stay_until_their_last_user_has_gone(state, stack):
    first = stack("shell", "python3", "-c", WAIT_WITH_ADDRESS)
    address = first.stdout.readline()
    second = stack("shell", "python3", "-c", WAIT_WITH_ADDRESS)
    assert second.stdout.readline() == address

    first.communicate("\n", timeout=30)
    with redis.Redis.from_url(address.strip()) as valkey:
        assert valkey.ping()

    second.communicate("\n", timeout=30)
    assert processes_of(state) == []


def test_the_next_command_takes_over_what_a_killed_one_left(state, stack):
    killed = stack("shell", "sh", "-c", "echo up; read line")
    assert killed.stdout.readline() == "up\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=30)
    assert processes_of(state) != []

    with (
        lasting_servers() as environment,
        psycopg.connect(environment["DATABASE_URL"]) as app,
    ):
        assert app.execute("SELECT 1").fetchone() == (1,)
    assert processes_of(state) == []


def test_a_database_server_that_crashed_recovers(state, stack):
    with (
        lasting_servers() as environment,
        psycopg.connect(environment["OWNER_DATABASE_URL"]) as owner,
    ):
        owner.execute("CREATE TABLE kept AS SELECT 1 AS one")
    killed = stack("shell", "sh", "-c", "echo up; read line")
    assert killed.stdout.readline() == "up\n"
    postmaster = (state / "postgres/data/postmaster.pid").read_text().split()[0]
    os.kill(int(postmaster), signal.SIGKILL)
    killed.send_signal(signal.SIGKILL)

    with (
        lasting_servers() as environment,
        psycopg.connect(environment["DATABASE_URL"]) as app,
    ):
        assert app.execute("SELECT one FROM kept").fetchone() == (1,)


def test_what_the_caller_says_wins_but_for_the_addresses(state, monkeypatch):
    monkeypatch.setenv("SAMPLE", "0")
    monkeypatch.setenv("WORKER_DATABASE_URL", "postgresql://nowhere")

    with lasting_servers() as environment:
        assert environment["SAMPLE"] == "0"
        assert environment["WORKER_DATABASE_URL"].endswith("/portal")


def test_binaries_that_the_servers_user_cannot_reach_are_copied(state, monkeypatch):
    monkeypatch.setattr(postgres, "server_user_reaches", lambda _: False)

    home = postgres.postgres_home(state)

    assert home.is_relative_to(state)
    told = subprocess.run([home / "bin/psql", "--version"], check=True, stdout=-1)
    assert b"18." in told.stdout
    assert postgres.postgres_home(state) == home
