"""Make a segment of documents and their vectors."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from faq.index.documents import ALTERNATIVE_PENALTY, Document
from faq.index.segments import FIELDS, Basis, Segment, Vectors
from faq.retrieval.analysis import sounds, words
from faq.retrieval.bm25 import Postings, Statistics, postings_of, statistics_of
from faq.retrieval.guard import PASSAGE, QUERY

# A text to encode, marked for its side of a search.
Lookup = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts with their marks → float32 (texts, dimensions), of length 1."""


def texts_of(document: Document) -> dict[str, list[str]]:
    """Return what is encoded of a document, by field, marked."""
    return {
        "question": [QUERY + text for text in _questions(document)],
        "whole": [PASSAGE + document.whole],
        "chunks": [PASSAGE + chunk for chunk in document.chunks],
    }


def _questions(document: Document) -> list[str]:
    return [document.question, *document.alternatives]


def build(
    documents: Sequence[Document],
    *,
    lookup: Lookup | None,
    model: str = "",
    basis: Basis | None = None,
    retired: Sequence[UUID] = (),
) -> tuple[Segment, Basis]:
    """Build a segment; without `lookup` only words can be compared.

    Args:
        documents: What it holds.
        lookup: Returns the vectors of texts.
        model: Name of what made them.
        basis: Of the base, for a delta.
        retired: Entries of the base that the delta replaces or removes.
    """
    if not documents:
        lookup = None
    spoken = [words(document.lexical) for document in documents]
    read = [
        sounds(" ".join([*_questions(document), *document.keywords]))
        for document in documents
    ]
    found = basis or Basis(
        statistics_of(spoken), statistics_of(read), np.zeros((0, 0), np.float32)
    )
    vectors: dict[str, Vectors] = {}
    means = found.means
    if lookup is not None:
        raw = {kind: _encoded(kind, documents, lookup) for kind in FIELDS}
        if not means.size:
            means = np.stack([_mean(values) for values in raw.values()])
        vectors = {
            kind: _vectors(kind, documents, values, mean)
            for (kind, values), mean in zip(raw.items(), means, strict=True)
        }
    segment = Segment(
        ids=_identities([document.id for document in documents]),
        organization=np.array([d.organization for d in documents], np.int32),
        desk=_identities([document.desk for document in documents]),
        valid_from=_ordinals([d.valid_from for d in documents], date.min),
        valid_until=_ordinals([d.valid_until for d in documents], date.max),
        words=_postings(spoken, found.words),
        sounds=_postings(read, found.sounds),
        vectors=vectors,
        means=means,
        retired=_identities(list(retired)),
        model=model if lookup is not None else "",
    )
    return segment, found._replace(means=means)


def _encoded(
    kind: str, documents: Sequence[Document], lookup: Lookup
) -> NDArray[np.float32]:
    texts = [text for document in documents for text in texts_of(document)[kind]]
    return lookup(texts)


def _mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
    mean: NDArray[np.float32] = values.mean(axis=0, dtype=np.float32)
    return mean


def _vectors(
    kind: str,
    documents: Sequence[Document],
    raw: NDArray[np.float32],
    mean: NDArray[np.float32],
) -> Vectors:
    counts = [len(texts_of(document)[kind]) for document in documents]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    penalty = np.zeros(len(raw), np.float32)
    if kind == "question":
        penalty[:] = ALTERNATIVE_PENALTY
        penalty[starts[:-1]] = 0
    values = centred(raw, mean)
    scale = np.abs(values).max(axis=1, initial=1e-9) / np.float32(127)
    return Vectors(
        values=np.round(values / scale[:, None]).astype(np.int8),
        scale=scale,
        signs=np.ascontiguousarray(signs_of(values).T),
        owner=np.repeat(np.arange(len(documents), dtype=np.int32), counts),
        penalty=penalty,
        starts=starts,
    )


def centred(
    values: NDArray[np.float32], mean: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the vectors without what all have in common, of length 1 again."""
    moved = values - mean
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = moved / np.maximum(lengths, np.float32(1e-9))
    return unit


def signs_of(values: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return one bit for each value: 384 of them are six uint64."""
    return np.packbits(values > 0, axis=-1).view(np.uint64)


def _identities(ids: Sequence[UUID]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(i.bytes for i in ids), np.uint8).reshape(-1, 16)


def _ordinals(days: Sequence[date | None], missing: date) -> NDArray[np.int32]:
    return np.array([(day or missing).toordinal() for day in days], np.int32)


def _postings(tokens: list[list[str]], statistics: Statistics) -> Postings:
    return postings_of(tokens, statistics)
