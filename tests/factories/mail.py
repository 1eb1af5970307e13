"""A real mail server on a free port, that keeps what it accepts."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller

# It tells every line that is exchanged.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink:
    """What arrived, and how the server behaves while it arrives.

    Addresses that begin with a reply code are answered by it: `550.any@example.jp`.
    """

    def __init__(self) -> None:
        self.accepted: list[Any] = []
        self.connections = 0
        self.receiving = Event()  # set while a mail is being handed over
        self.may_accept = Event()  # cleared: hold every mail back
        self.may_accept.set()
        self.port = 0

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of all that arrived, in order."""
        return [mail["Message-ID"] for mail in self.accepted]

    async def handle_EHLO(self, _, session, __, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _, __, envelope, address, ___):  # noqa: N802
        code = address.partition(".")[0]
        if code.isdecimal():
            return f"{code} {address} is not wanted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _, __, envelope):  # noqa: N802
        self.receiving.set()
        while not self.may_accept.is_set():
            await _a_moment()
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.accepted.append(mail)
        return "250 OK"


async def _a_moment() -> None:
    await asyncio.sleep(0.01)


@contextmanager
def mail_server() -> Iterator[Sink]:
    """Lend a mail server on a free port of this machine."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=_free_port())
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        sink.may_accept.set()
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
