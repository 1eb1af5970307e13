"""The commands of the stack: run, test, shell, bench."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from kochi_portal.stack.errors import PieceMissing
from kochi_portal.stack.servers import lasting_servers, throwaway_servers
from kochi_portal.stack.state import PROJECT


def main(arguments: Sequence[str]) -> int:
    """Carry out one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m kochi_portal.stack")
    commands = parser.add_subparsers(dest="command", required=True)
    test = commands.add_parser("test", help="run pytest against throw-away servers")
    test.add_argument("arguments", nargs=argparse.REMAINDER)
    shell = commands.add_parser("shell", help="run a command against the servers")
    shell.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    try:
        return COMMANDS[chosen.command](_without_dashes(chosen.arguments))
    except PieceMissing as error:
        sys.stderr.write(f"{error}\n")
        return 1


def test(arguments: list[str]) -> int:
    with throwaway_servers() as environment:
        return run([sys.executable, "-m", "pytest", "-n", "2", *arguments], environment)


def shell(arguments: list[str]) -> int:
    with lasting_servers() as environment:
        return run(arguments or ["bash"], environment)


COMMANDS = {"test": test, "shell": shell}


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    process = subprocess.Popen(command, env=environment, cwd=PROJECT)
    # Ctrl-C reaches both; the command decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: process.terminate())
    return process.wait()


def _without_dashes(arguments: list[str]) -> list[str]:
    return arguments[1:] if arguments[:1] == ["--"] else arguments


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
