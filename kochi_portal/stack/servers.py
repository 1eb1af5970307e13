"""Bring the servers up for one command, and lend it the environment to use them."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from kochi_portal.stack.errors import PieceMissing
from kochi_portal.stack.postgres import ROLES, Postgres, postgres_home
from kochi_portal.stack.state import (
    as_a_user,
    in_turn,
    nobody_else,
    private_folder,
    state_folder,
    stored_secrets,
    throwaway_folder,
)
from kochi_portal.stack.valkey import Valkey, valkey_program

DEFAULT_PORT = "8000"


def chosen_port() -> int:
    """Read the port of the web server from the environment.

    Raises:
        PieceMissing: it is no port.
    """
    given = os.environ.get("PORT", DEFAULT_PORT)
    is_number = given.isascii() and given.isdecimal()
    if not is_number or not 0 < int(given) < 65536:
        sentence = f"PORT={given} is no port; choose a number: make run PORT=8001"
        raise PieceMissing(sentence)
    return int(given)


@contextmanager
def lasting_servers() -> Iterator[dict[str, str]]:
    """Lend the servers of the state folder; several commands may share them.

    What the caller's environment says (DEBUG, SAMPLE, EMAIL_URL, …) is left as it is.
    """
    folder = state_folder()
    with _servers(folder, durable=True) as addresses:
        yield {**stack_defaults(folder), **os.environ, **addresses}


@contextmanager
def throwaway_servers(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Lend empty servers that vanish afterwards; durable ones to measure speed.

    The caller's environment decides nothing but what replaces a server: a test must
    not pass or fail because of it.
    """
    with (
        throwaway_folder() as folder,
        _servers(folder, durable=durable) as addresses,
    ):
        yield {**os.environ, **stack_defaults(folder), "SAMPLE": "0", **addresses}


@contextmanager
def _servers(folder: Path, *, durable: bool) -> Iterator[dict[str, str]]:
    secrets = stored_secrets(folder)
    addresses = _given_addresses()
    servers: list[Postgres | Valkey] = []
    if "DATABASE_URL" not in addresses:
        home = postgres_home(folder)
        servers.append(
            Postgres(home=home, state=folder, secrets=secrets, durable=durable)
        )
    if "REDIS_URL" not in addresses:
        program = valkey_program()
        servers.append(
            Valkey(program=program, state=folder, secrets=secrets, durable=durable)
        )
    with ExitStack() as ending:
        with in_turn(folder):
            users = ending.enter_context(as_a_user(folder))
            ending.callback(_stop_unless_in_use, folder, users, servers)
            for server in servers:
                server.start()
                addresses |= server.addresses()
        yield addresses


def _stop_unless_in_use(
    folder: Path, users: IO[str], servers: list[Postgres | Valkey]
) -> None:
    with in_turn(folder), _undisturbed():
        if nobody_else(users):
            for server in reversed(servers):
                server.stop()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a second Ctrl-C wait until the servers have ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _given_addresses() -> dict[str, str]:
    given = {name: os.environ[name] for name in ROLES if name in os.environ}
    missing = [name for name in ROLES if name not in given]
    if "DATABASE_URL" not in given:
        given = {}
    elif missing:
        sentence = (
            f"DATABASE_URL is set, so {', '.join(missing)} must be set too; make the"
            " roles with: psql --file=kochi_portal/bootstrap.sql (its head says how),"
            " or unset DATABASE_URL to use the embedded PostgreSQL."
        )
        raise PieceMissing(sentence)
    if "REDIS_URL" in os.environ:
        given["REDIS_URL"] = os.environ["REDIS_URL"]
    return given


def stack_defaults(folder: Path) -> dict[str, str]:
    port = chosen_port()
    secrets = stored_secrets(folder)
    return {
        "DJANGO_SETTINGS_MODULE": "kochi_portal.settings",
        "SECRET_KEY": secrets["SECRET_KEY"],
        "INQUIRY_KEYS": secrets["INQUIRY_KEYS"],
        "DEBUG": "0",
        "SAMPLE": "1",
        "PORT": str(port),
        "BASE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "EMAIL_URL": f"filemail://{private_folder(folder, 'mail')}",
        "EMAIL_FROM": "高知県版ポータル <portal@localhost>",
        "DOCUMENT_DIR": str(private_folder(folder, "documents")),
        "FAQ_ENCODER_URL": f"unix:{private_folder(folder, 'encoder') / 'socket'}",
        "PORTAL_STATE_DIR": str(folder),
    }
