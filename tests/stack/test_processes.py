"""Processes that are to end before all of them have begun."""

import signal
import time

import pytest
from honcho.printer import Printer

from kochi_portal.stack.processes import PatientManager

# Longer than any test waits.
STUBBORN = "trap '' TERM; echo deaf; while :; do sleep 1; done"


@pytest.fixture
def manager(capsys):
    """Lend a manager; give the test's own signals back after it."""
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    yield PatientManager(printer=Printer())
    for number, handler in before.items():
        signal.signal(number, handler)


def codes(manager):
    return [process["returncode"] for process in manager._processes.values()]


def test_a_signal_during_the_start_ends_all_as_soon_as_they_have_begun(manager):
    for name in ("web", "worker"):
        manager.add_process(name, "exec sleep 60")

    manager.terminate()
    manager.loop()

    assert codes(manager) == [-signal.SIGTERM] * 2


def test_who_does_not_hear_the_signal_is_killed(manager):
    manager.add_process("web", STUBBORN)
    begun = time.monotonic()

    def ask_once_it_is_deaf(message):
        if "deaf" in str(message.data):
            manager.terminate()

    manager._printer.write = ask_once_it_is_deaf
    manager.loop()

    assert codes(manager) == [-signal.SIGKILL]
    assert time.monotonic() - begun < 20
