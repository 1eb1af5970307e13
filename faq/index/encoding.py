"""The encoder: text in, vectors out; chosen by `FAQ_ENCODER`, a dotted path."""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string
from numpy.typing import NDArray

# Somebody waits for a question; nobody for an entry.
QUESTION_SECONDS, ENTRY_SECONDS = 2.0, 60.0


class Encoder(Protocol):
    """What turns texts into vectors.

    `name` stands for model and version: vectors of different names never meet.
    """

    name: str

    def encode(self, texts: Sequence[str], *, seconds: float) -> NDArray[np.float32]:
        """Return float32 (texts, dimensions), of length 1.

        Args:
            texts: Each with its mark, `query: ` or `passage: `.
            seconds: How long to wait for each request.

        Raises:
            EncoderUnavailable: it is down, slow, or answers nonsense.
        """
        ...


def encoder() -> Encoder:
    """Return the encoder that the settings name."""
    return _made(settings.FAQ_ENCODER)


@cache
def _made(path: str) -> Encoder:
    made: Encoder = import_string(path)()
    return made
