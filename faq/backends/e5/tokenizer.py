"""SentencePiece's unigram tokenizer, in NumPy."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LONGEST_PIECE = 16
META = "\u2581"  # what SentencePiece writes for a space
HASH_SEED = np.uint64(0xCBF29CE484222325)
HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Tokenizer:
    """Splits text as SentencePiece's unigram model does: the likeliest pieces.

    Pieces are looked up by a hash of their code points, for all starts of a text at
    once; 250,000 strings in a dict would cost each process 40 MB more.
    """

    def __init__(
        self, pieces: str, starts: NDArray[np.int64], scores: Floats, unknown: int
    ) -> None:
        """Takes all pieces end to end, and len(scores) + 1 places where each starts."""
        points, lengths = _points(pieces), np.diff(starts)
        hashes = np.full(len(scores), HASH_SEED)
        for offset in range(LONGEST_PIECE):
            alive = np.flatnonzero(lengths > offset)
            hashes[alive] *= HASH_FACTOR
            hashes[alive] += points[starts[alive] + offset]
        known = np.flatnonzero((lengths > 0) & (np.arange(len(scores)) != unknown))
        self._ids = known[np.argsort(hashes[known])]
        self._hashes = hashes[self._ids]
        self._scores = scores
        self._unknown, self._unknown_score = unknown, float(scores.min()) - 10

    def ids(self, text: str) -> list[int]:
        """The pieces of a text in which META stands for spaces, without specials."""
        points, size = _points(text), len(text)
        best, came = [-np.inf] * (size + 1), [(0, 0)] * (size + 1)
        best[0] = 0.0
        for start, end, piece, score in self._candidates(points):
            if best[start] + score > best[end]:
                best[end], came[end] = best[start] + score, (start, piece)
        found, end = [], size
        while end:
            end, piece = came[end]
            found.append(piece)
        return found[::-1]

    def _candidates(
        self, points: NDArray[np.uint64]
    ) -> Iterator[tuple[int, int, int, float]]:
        """Start, end, piece and score, by start; one of length 1 at every start."""
        size, hashes = len(points), np.full(len(points), HASH_SEED)
        columns = []
        for length in range(1, min(LONGEST_PIECE, size) + 1):
            hashes = hashes[: size - length + 1] * HASH_FACTOR + points[length - 1 :]
            at = np.searchsorted(self._hashes, hashes).clip(max=len(self._hashes) - 1)
            hit, ids = self._hashes[at] == hashes, self._ids[at]
            scores = self._scores[ids].astype(np.float64)
            if length == 1:
                ids = np.where(hit, ids, self._unknown)
                scores = np.where(hit, scores, self._unknown_score)
                hit = np.ones(size, bool)
            start = np.flatnonzero(hit)
            columns.append((start, start + length, ids[start], scores[start]))
        if columns:
            merged = [np.concatenate(column) for column in zip(*columns, strict=True)]
            order = np.argsort(merged[0], kind="stable")
            yield from zip(*(column[order].tolist() for column in merged), strict=True)


def _points(text: str) -> NDArray[np.uint64]:
    """Code points; halves of surrogate pairs, which no piece has, are let through."""
    encoded = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, "<u4").astype(np.uint64)
