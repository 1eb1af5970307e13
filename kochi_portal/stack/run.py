"""The whole portal: servers, tables, sample data, web, workers and beat."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from kochi_portal.stack.errors import PieceMissing
from kochi_portal.stack.pango import pango_environment
from kochi_portal.stack.ports import is_free
from kochi_portal.stack.processes import (
    MARK,
    PROCESSES,
    end_leftovers,
    run_until_one_ends,
)
from kochi_portal.stack.servers import chosen_port, lasting_servers
from kochi_portal.stack.state import PROJECT, only_one, state_folder


def run() -> int:
    """Bring everything up, stay until a signal or a failure, and end everything.

    Raises:
        PieceMissing: something it needs is not there.
    """
    folder = state_folder()
    _carry_mark(folder)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    running = (
        f"The portal already runs with {folder}; stop it with Ctrl-C where it was"
        " started, or start a second one: make run PORT=8001 PORTAL_STATE_DIR=…"
    )
    with only_one(folder, "run", running):
        end_leftovers(folder)
        port = chosen_port()
        if not is_free(port):
            sentence = (
                f"Port {port} is taken by another program; choose another one:"
                f" make run PORT={port + 1}"
            )
            raise PieceMissing(sentence)
        with lasting_servers() as environment:
            try:
                return _run(folder, environment)
            finally:
                end_leftovers(folder)


def _run(folder: Path, environment: dict[str, str]) -> int:
    accounts = _django(environment, "-m", "kochi_portal.stack.tables")
    if environment["SAMPLE"] == "0":
        _django(environment, "manage.py", "collectstatic", "--noinput")
    # Every ring of the beat and every task is a line, and hides the greeting.
    background = {"LOG_LEVEL": "WARNING"} | environment
    environments = dict.fromkeys(PROCESSES, background)
    environments["web"] = environment
    environments["pdf"] = background | pango_environment(folder)
    return run_until_one_ends(environments, _greeting(environment, accounts))


def _django(environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=PROJECT,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        sentence = f"{' '.join(arguments)} failed; its reason stands above."
        raise PieceMissing(sentence)
    return done.stdout


def _carry_mark(folder: Path) -> None:
    # Forks show the environment that their first ancestor was started with.
    if os.environ.get(MARK) != str(folder):
        os.environ[MARK] = str(folder)
        os.execv(sys.executable, sys.orig_argv)


def _stop(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _greeting(environment: Mapping[str, str], accounts: str) -> str:
    folder = environment["PORTAL_STATE_DIR"]
    return f"""
{"─" * 72}
  Portal     {environment["BASE_URL"]}/
  Staff      {environment["BASE_URL"]}/admin/
  API        {environment["BASE_URL"]}/api/v1/
  Mail       {environment["BASE_URL"]}/mailbox/

{accounts.rstrip()}

  Ctrl-C ends everything; the data stays in {folder}
{"─" * 72}
"""
