"""The encoder process: an OpenAI-compatible endpoint over the bundled model.

Run by gunicorn, whose master starts a worker anew when one ends: a crash costs one
answer, not the site. It knows no database, no settings and no secrets.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from threading import Condition
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from faq.retrieval.guard import guarded_marked

MOST_BYTES = 1_000_000
MOST_TEXTS = 64
StartResponse = Callable[[str, list[tuple[str, str]]], object]
Vector = NDArray[np.float32]


class Engine(Protocol):
    """What encodes, in this process."""

    name: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (texts, dimensions), of length 1."""
        ...


class Turns:
    """One text at a time: who waits for an answer goes before an index."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._news = Condition()
        self._is_busy = False
        self._questions = 0

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Return the vector of each text; one alone is somebody's question."""
        is_question = len(texts) == 1
        vectors = []
        for text in texts:
            with self._turn(is_question=is_question):
                vectors.append(self._engine.encode([text])[0])
        return vectors

    @contextmanager
    def _turn(self, *, is_question: bool) -> Iterator[None]:
        with self._news:
            self._questions += is_question
            self._news.wait_for(
                lambda: not self._is_busy and (is_question or not self._questions)
            )
            self._questions -= is_question
            self._is_busy = True
        try:
            yield
        finally:
            with self._news:
                self._is_busy = False
                self._news.notify_all()


def _engine() -> Engine:
    path = os.environ.get("FAQ_ENCODER_ENGINE", "faq.backends.e5.MultilingualE5")
    module, name = path.rsplit(".", 1)
    engine: Engine = getattr(import_module(module), name)()
    return engine


_chosen = _engine()
_turns = Turns(_chosen)


def application(
    environ: dict[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    """Answer POST /v1/embeddings, and GET /health."""
    match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
        case "GET", "/health":
            return _answer(start_response, "200 OK", {"model": _chosen.name})
        case "POST", "/v1/embeddings":
            return _embed(environ, start_response)
    return _answer(start_response, "404 Not Found", {"error": "no such address"})


def _embed(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    texts = _read(environ)
    if texts is None:
        return _answer(start_response, "400 Bad Request", {"error": "unreadable input"})
    vectors = _turns.encode([guarded_marked(text) for text in texts])
    data = [
        {"object": "embedding", "index": n, "embedding": vector.tolist()}
        for n, vector in enumerate(vectors)
    ]
    answer = {"object": "list", "model": _chosen.name, "data": data}
    return _answer(start_response, "200 OK", answer)


def _read(environ: dict[str, Any]) -> list[str] | None:
    """Return the texts of the request; None where it has none that can be read."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > MOST_BYTES:
            return None
        wanted = json.loads(environ["wsgi.input"].read(length))["input"]
    except (ValueError, KeyError, TypeError):
        return None
    texts = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(texts, list) or not 0 < len(texts) <= MOST_TEXTS:
        return None
    return texts if all(isinstance(text, str) for text in texts) else None


def _answer(
    start_response: StartResponse, status: str, body: dict[str, Any]
) -> Iterable[bytes]:
    content = json.dumps(body).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(content))),
    ]
    start_response(status, headers)
    return [content]
