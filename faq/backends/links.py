"""Whether an address still answers: asked of the public Internet, and of nothing else.

Addresses are typed by people of many bodies; a request from inside the house must not
reach what only the house can (a database, a cloud's own metadata).
"""

import http.client
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import Timer
from typing import Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.module_loading import import_string

from faq.models import LinkStatus
from foundation.addresses import is_public

SECONDS, LONGEST_SECONDS = 5.0, 8.0
MOST_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
# Servers that do not know HEAD, or that take it for an attack, are asked by GET.
_ASK_AGAIN = {400, 403, 405, 406, 429, 500, 501, 503}
# What is there, and only not for programs.
_THERE = {401, 403, 429}
_AGENT = "KochiPortal-LinkCheck/1.0"


@dataclass(frozen=True)
class Looked:
    """What came of one look, and how it is told."""

    status: str
    told: str = ""


class LinkChecker(Protocol):
    """Looks whether addresses still answer."""

    def look(self, url: str) -> Looked:
        """Return what came of it; never raises."""


@cache
def _made(path: str) -> LinkChecker:
    made: LinkChecker = import_string(path)()
    return made


def link_checker() -> LinkChecker:
    """Return the checker that `settings.FAQ_LINK_CHECKER` names."""
    return _made(settings.FAQ_LINK_CHECKER)


class _NotPublic(Exception):
    """The address leads to no public server."""


class Internet:
    """The public Internet, by HEAD and then GET, through at most three redirects."""

    def look(self, url: str) -> Looked:
        """Follow the address as far as a server of the public answers."""
        try:
            for _ in range(MOST_REDIRECTS + 1):
                status, location = self._ask(url)
                if status not in _REDIRECTS or not location:
                    return _read(status)
                url = urljoin(url, location)
        except _NotPublic:
            return Looked(LinkStatus.REFUSED, "公開のサーバーではありません")
        except ssl.SSLError:
            return Looked(LinkStatus.UNREACHABLE, "証明書を確かめられません")
        except TimeoutError:
            return Looked(LinkStatus.UNREACHABLE, "時間内に返事がありません")
        except (OSError, http.client.HTTPException, ValueError):
            return Looked(LinkStatus.UNREACHABLE, "サーバーにつながりません")
        return Looked(LinkStatus.UNREACHABLE, "転送が多すぎます")

    def _ask(self, url: str) -> tuple[int, str]:
        parts = urlsplit(iri_to_uri(url))
        status, location = self._request("HEAD", parts)
        if status in _ASK_AGAIN:
            status, location = self._request("GET", parts)
        return status, location

    def _request(self, method: str, parts: SplitResult) -> tuple[int, str]:
        connection = self._connection(parts)
        # A server that answers a letter at a time is never late by any one of them.
        bell = Timer(LONGEST_SECONDS, _hang_up, [connection.sock])
        bell.daemon = True
        bell.start()
        try:
            path = parts.path or "/"
            target = f"{path}?{parts.query}" if parts.query else path
            headers = {"User-Agent": _AGENT, "Accept": "*/*", "Connection": "close"}
            connection.request(method, target, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or ""
        finally:
            bell.cancel()
            connection.close()

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        """Connect to the very address that was found to be public.

        To look the name up again would let its owner answer otherwise the second time.
        """
        usual = _PORTS.get(parts.scheme)
        if usual is None or not parts.hostname or parts.username is not None:
            raise _NotPublic
        port = parts.port or usual
        address = self.public_address(parts.hostname, port)
        plain = socket.create_connection((address, port), SECONDS)
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=SECONDS)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            try:
                plain = context.wrap_socket(plain, server_hostname=parts.hostname)
            except BaseException:
                plain.close()
                raise
        connection.sock = plain
        return connection

    def public_address(self, host: str, port: int) -> str:
        """Return an address of the host; refuse a host that has any other than public.

        Raises:
            _NotPublic: it is, or also is, inside.
        """
        if port not in _PORTS.values():
            raise _NotPublic
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        if not addresses or not all(map(is_public, addresses)):
            raise _NotPublic
        return addresses[0]


def _hang_up(plain: socket.socket) -> None:
    with suppress(OSError):
        plain.shutdown(socket.SHUT_RDWR)


def _read(status: int) -> Looked:
    told = f"HTTP {status}"
    if status < 400 or status in _THERE:
        return Looked(LinkStatus.FOUND, told)
    if status in _GONE:
        return Looked(LinkStatus.GONE, told)
    return Looked(LinkStatus.UNREACHABLE, told)
