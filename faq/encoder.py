"""The encoder process: an OpenAI-compatible endpoint over the bundled model.

Run by gunicorn, whose master starts a worker anew when one ends: a crash costs one
answer, not the site. It knows no database, no settings and no secrets.

Questions that come together are encoded together, at half the cost of one by one.
"""

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from importlib import import_module
from threading import Condition, Thread
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from faq.retrieval.guard import ENTRY_CHARACTERS, guarded

MOST_BYTES = 1_000_000
MOST_TEXTS = 64
# How many questions share a pass, and how much of an entry comes between two passes.
MOST_QUESTIONS, STEP_CHARACTERS = 16, 400
StartResponse = Callable[[str, list[tuple[str, str]]], object]
Vector = NDArray[np.float32]


class Engine(Protocol):
    """What encodes, in this process."""

    name: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (texts, dimensions), of length 1."""
        ...


class Lanes:
    """Two queues before one engine: who waits for an answer goes before an index."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._news = Condition()
        self._questions: deque[tuple[str, Future[Vector]]] = deque()
        self._entries: deque[tuple[str, Future[Vector]]] = deque()
        # In the worker, not in the master: threads do not survive a fork.
        self._thread: Thread | None = None

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Return the vector of each text; one alone is somebody's question."""
        futures: list[Future[Vector]] = [Future() for _ in texts]
        lane = self._questions if len(texts) == 1 else self._entries
        with self._news:
            lane.extend(zip(texts, futures, strict=True))
            if self._thread is None:
                self._thread = Thread(target=self._run, daemon=True)
                self._thread.start()
            self._news.notify()
        return [future.result() for future in futures]

    def _run(self) -> None:
        while True:
            with self._news:
                while not (self._questions or self._entries):
                    self._news.wait()
                batch = self._next_batch()
            try:
                vectors = self._engine.encode([text for text, _ in batch])
            except Exception as error:  # noqa: BLE001 - told to who asked
                for _, future in batch:
                    future.set_exception(error)
            else:
                for (_, future), vector in zip(batch, vectors, strict=True):
                    future.set_result(vector)

    def _next_batch(self) -> list[tuple[str, Future[Vector]]]:
        if self._questions:
            count = min(MOST_QUESTIONS, len(self._questions))
            return [self._questions.popleft() for _ in range(count)]
        batch = [self._entries.popleft()]
        room = STEP_CHARACTERS - len(batch[0][0])
        while self._entries and len(self._entries[0][0]) <= room:
            batch.append(self._entries.popleft())
            room -= len(batch[-1][0])
        return batch


def _engine() -> Engine:
    path = os.environ.get("FAQ_ENCODER_ENGINE", "faq.backends.e5.MultilingualE5")
    module, name = path.rsplit(".", 1)
    engine: Engine = getattr(import_module(module), name)()
    return engine


_chosen = _engine()
_lanes = Lanes(_chosen)


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
    vectors = _lanes.encode([_within_guard(text) for text in texts])
    data = [
        {"object": "embedding", "index": n, "embedding": vector.tolist()}
        for n, vector in enumerate(vectors)
    ]
    answer = {"object": "list", "model": _chosen.name, "data": data}
    return _answer(start_response, "200 OK", answer)


def _within_guard(text: str) -> str:
    mark, colon, words = text.partition(": ")
    return f"{mark}{colon}{guarded(words, ENTRY_CHARACTERS)}"


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
