"""Ask another program over HTTP, within a time and a size: what all backends share."""

import http.client
import json
import socket
from time import monotonic
from typing import Any
from urllib.parse import SplitResult

MOST_BYTES = 4 * 1024 * 1024
_AT_ONCE = 64 * 1024


class NoAnswer(Exception):
    """It is down, slow, refuses, or answers nonsense."""


def _connection(url: SplitResult, seconds: float) -> http.client.HTTPConnection:
    """Return a connection to an `https:`, `http:` or `unix:` address, not yet open."""
    if url.scheme == "https":
        return http.client.HTTPSConnection(url.netloc, timeout=seconds)
    if url.scheme == "unix":
        return _UnixConnection(url.path, seconds)
    return http.client.HTTPConnection(url.netloc, timeout=seconds)


def post_json(
    url: SplitResult, path: str, body: Any, *, key: str, seconds: float
) -> Any:
    """Send JSON and return the JSON that comes back.

    Args:
        url: Where the program is.
        path: What is asked of it, below that.
        body: What is sent.
        key: Its secret, if it asks for one.
        seconds: How long all of it may take, however slowly it drips.

    Raises:
        NoAnswer: nothing usable came in time.
    """
    until = monotonic() + seconds
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    # The path of a socket is a file's, not an address's.
    base = "" if url.scheme == "unix" else url.path.rstrip("/")
    opened = _connection(url, seconds)
    try:
        opened.request("POST", base + path, json.dumps(body), headers)
        answer = opened.getresponse()
        if answer.status != http.client.OK:
            raise NoAnswer(str(answer.status))
        return json.loads(_read(answer, until))
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        opened.close()


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    """Read all of it; a timeout of the socket alone begins anew with every byte.

    Raises:
        TimeoutError: it takes longer.
        ValueError: it is larger than anything we ask for.
    """
    content = b""
    while chunk := answer.read1(_AT_ONCE):
        content += chunk
        if monotonic() > until:
            raise TimeoutError
        if len(content) > MOST_BYTES:
            message = "too large"
            raise ValueError(message)
    return content


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("local", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
