"""Encoders: text in, vectors out; chosen by `FAQ_ENCODER`, a dotted path."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import SplitResult, urlsplit

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from faq.backends.posting import NoAnswer, post_json
from faq.errors import EncoderUnavailable
from faq.retrieval.guard import guarded_marked

_BATCH = 16


class Served:
    """An encoder in another process, by an OpenAI-compatible endpoint.

    The portal's own (`faq.encoder`), or any other: text-embeddings-inference, vLLM,
    llama.cpp, Ollama. A larger model is another address and name.
    """

    def __init__(self, url: str = "", at_once: int = 0) -> None:
        self.name: str = settings.FAQ_ENCODER_MODEL
        self._url: SplitResult = urlsplit(url or settings.FAQ_ENCODER_URL)
        self._key: str = settings.FAQ_ENCODER_KEY
        self._at_once: int = at_once or settings.FAQ_ENCODER_PROCESSES

    def encode(self, texts: Sequence[str], *, seconds: float) -> NDArray[np.float32]:
        """Ask for all texts, batch by batch, as many at once as there are processes."""
        clean = [guarded_marked(text) for text in texts]
        batches = [clean[i : i + _BATCH] for i in range(0, len(clean), _BATCH)]
        if len(batches) < 2:
            return np.concatenate([self._ask(b, seconds) for b in batches or [[]]])
        with ThreadPoolExecutor(self._at_once) as pool:
            return np.concatenate(
                list(pool.map(lambda batch: self._ask(batch, seconds), batches))
            )

    def _ask(self, texts: list[str], seconds: float) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, 0), np.float32)
        try:
            answer = post_json(
                self._url,
                "/v1/embeddings",
                {"model": self.name, "input": texts},
                key=self._key,
                seconds=seconds,
            )
            rows = sorted(answer["data"], key=lambda row: row["index"])
            values = np.array([row["embedding"] for row in rows], np.float32)
        except (NoAnswer, ValueError, KeyError, TypeError) as e:
            raise EncoderUnavailable from e
        if (
            values.ndim != 2
            or len(values) != len(texts)
            or not np.isfinite(values).all()
        ):
            raise EncoderUnavailable
        lengths = np.linalg.norm(values, axis=1, keepdims=True)
        unit: NDArray[np.float32] = values / np.maximum(lengths, np.float32(1e-9))
        return unit


class Absent:
    """No encoder: words alone are compared, and nothing is answered directly."""

    name = ""

    def encode(self, texts: Sequence[str], *, seconds: float) -> NDArray[np.float32]:
        """Refuse.

        Raises:
            EncoderUnavailable: always.
        """
        del texts, seconds
        raise EncoderUnavailable
