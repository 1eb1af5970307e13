"""By HTTPS to another program: signed, to public addresses only, never elsewhere."""

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
from contextlib import suppress
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from foundation.addresses import is_public
from notifications.errors import AddressNotPublic, NotTaken

TIMEOUT_SECONDS = 10.0
_TAKEN = range(200, 300)


def signature_of(secret: bytes, delivery_id: str, timestamp: int, body: bytes) -> str:
    """Return what proves that the body comes from here: `v1=` and Base64.

    Source: Standard Webhooks 1.0.0, "Signature scheme": HMAC-SHA256 over id, time and
    body, joined by full stops; https://www.standardwebhooks.com, retrieved 2026-11.
    """
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"v1={base64.b64encode(digest).decode()}"


def post(url: str, body: bytes, headers: dict[str, str]) -> None:
    """Post the body; redirects are not followed, and the answer is not read.

    Raises:
        AddressNotPublic: the address leads into a house, this one or another.
        NotTaken: the other side answered with anything but 2xx.
        OSError: it cannot be reached, or is too slow.
    """
    parts = urlsplit(url)
    connection = _Connection(parts, _address_of(parts))
    # The limit of the socket starts anew with each byte; this one ends it all.
    deadline = Timer(TIMEOUT_SECONDS, connection.cut)
    deadline.daemon = True
    deadline.start()
    try:
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (http.client.HTTPException, ValueError) as error:
        raise NotTaken(type(error).__name__) from error
    finally:
        deadline.cancel()
        connection.close()
    if status not in _TAKEN:
        raise NotTaken(str(status))


def _address_of(parts: SplitResult) -> str:
    """Resolve the host once: what was looked at is what is connected to."""
    if parts.scheme != "https" and not settings.SAMPLE:
        raise AddressNotPublic
    host, port = parts.hostname or "", _port_of(parts)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(row[4][0]) for row in found]
    if not settings.SAMPLE and not all(map(is_public, addresses)):
        raise AddressNotPublic
    return addresses[0]


def _port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


class _Connection(http.client.HTTPConnection):
    """Connects to one address, and asks it to prove that it is the host."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(parts.netloc, timeout=TIMEOUT_SECONDS)
        self._parts, self._address = parts, address
        self._raw: socket.socket | None = None

    def connect(self) -> None:
        target = (self._address, _port_of(self._parts))
        plain = self._raw = socket.create_connection(target, self.timeout)
        self.sock = plain
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            self.sock = self._raw = context.wrap_socket(
                plain, server_hostname=self._parts.hostname
            )

    def cut(self) -> None:
        """End it, whatever it is doing."""
        if self._raw is not None:
            with suppress(OSError):
                self._raw.shutdown(socket.SHUT_RDWR)
