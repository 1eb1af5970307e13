"""The commands of the stack; `make help` shows them as make targets."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kochi_portal.stack.check import check
from kochi_portal.stack.errors import PieceMissing
from kochi_portal.stack.pango import pango_environment
from kochi_portal.stack.run import run
from kochi_portal.stack.servers import lasting_servers, throwaway_servers
from kochi_portal.stack.state import PROJECT, state_folder


def test(arguments: Sequence[str]) -> int:
    """Run pytest against throw-away servers."""
    with throwaway_servers() as environment:
        return _call(
            [sys.executable, "-m", "pytest", "--numprocesses=2", *arguments],
            environment | pango_environment(state_folder()),
        )


def bench(arguments: Sequence[str]) -> int:
    """Run every module of bench/, or those named, each against servers of its own."""
    modules = sorted(path.stem for path in Path(PROJECT, "bench").glob("[!_]*.py"))
    for module in arguments or modules:
        with throwaway_servers(durable=True) as environment:
            failed = _call(
                [sys.executable, "-m", f"bench.{module}"],
                environment | pango_environment(state_folder()),
            )
        if failed:
            return failed
    return 0


def shell(arguments: Sequence[str]) -> int:
    """Run any command, or a shell, against the servers of the state folder."""
    with lasting_servers() as environment:
        return _call(arguments or ["bash"], environment)


def _call(command: Sequence[str], environment: Mapping[str, str]) -> int:
    process = subprocess.Popen(command, env=environment, cwd=PROJECT)
    # Ctrl-C reaches the command too, which decides what it means.
    signal.signal(signal.SIGINT, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: process.terminate())
    return process.wait()


COMMANDS = {
    "run": lambda _: run(),
    "test": test,
    "check": check,
    "bench": bench,
    "shell": shell,
}


def main(arguments: Sequence[str]) -> int:
    """Carry out one command and return its exit code."""
    name, *rest = arguments or [""]
    if name not in COMMANDS:
        usage = f"usage: python -m kochi_portal.stack {'|'.join(COMMANDS)} [ARGUMENT…]"
        sys.stderr.write(f"{usage}\n")
        return 2
    try:
        return COMMANDS[name](rest[1:] if rest[:1] == ["--"] else rest)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except PieceMissing as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
