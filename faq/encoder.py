"""The encoder process: an OpenAI-compatible endpoint over the bundled model.

Run by gunicorn, whose master starts a worker anew when a text ends one: a crash costs
one answer, not the site. It knows no database, no settings and no secrets.
"""

import json
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

MOST_BYTES = 1_000_000
MOST_TEXTS = 64
StartResponse = Callable[[str, list[tuple[str, str]]], object]


def _engine() -> Any:
    path = os.environ.get("FAQ_ENCODER_ENGINE", "faq.backends.nano.Nano")
    module, name = path.rsplit(".", 1)
    return getattr(import_module(module), name)()


_chosen = _engine()


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
    vectors = _chosen.encode(texts)
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
    if not isinstance(texts, list) or len(texts) > MOST_TEXTS:
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
