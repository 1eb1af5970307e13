"""BM25 over sparse arrays: what a word's presence in an entry is worth.

Source: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009; idf as in Lucene, which never is negative.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75


@dataclass(frozen=True)
class Statistics:
    """What a collection knows of its words; a delta borrows its base's.

    Args:
        documents: How many there are.
        length: Their mean length in words.
        frequency: Term key → in how many documents it stands.
    """

    documents: int
    length: float
    frequency: dict[int, int]


@dataclass(frozen=True)
class Postings:
    """For each term (sorted keys, uint64) the documents that have it and its worth.

    `starts` has one number more than `terms`; document numbers are int32, impacts
    float32. Any of the arrays may be mapped from a file.
    """

    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    impacts: NDArray[np.float32]

    def scores(self, tokens: Iterable[str], size: int) -> NDArray[np.float32]:
        """Return the score of each of the `size` documents for the tokens asked."""
        scores = np.zeros(size, np.float32)
        for token, times in Counter(tokens).items():
            key = key_of(token)
            at = int(np.searchsorted(self.terms, np.uint64(key)))
            if at < len(self.terms) and int(self.terms[at]) == key:
                held = slice(int(self.starts[at]), int(self.starts[at + 1]))
                scores[self.documents[held]] += times * self.impacts[held]
        return scores


def key_of(token: str) -> int:
    """Return the 64 bits that stand for a token in every index."""
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest())


def statistics_of(documents: Sequence[Sequence[str]]) -> Statistics:
    """Count the words of a collection."""
    frequency: Counter[int] = Counter()
    for tokens in documents:
        frequency.update({key_of(token) for token in tokens})
    length = sum(map(len, documents)) / max(len(documents), 1)
    return Statistics(len(documents), length, dict(frequency))


def postings_of(documents: Sequence[Sequence[str]], statistics: Statistics) -> Postings:
    """Weigh every word of every document once, so that asking only adds."""
    keys: list[int] = []
    numbers: list[int] = []
    impacts: list[float] = []
    known: dict[str, int] = {}
    for number, tokens in enumerate(documents):
        longer = K1 * (1 - B + B * len(tokens) / (statistics.length or 1))
        for token, times in Counter(tokens).items():
            key = known.setdefault(token, 0) or key_of(token)
            known[token] = key
            keys.append(key)
            numbers.append(number)
            impacts.append(_idf(key, statistics) * times / (times + longer))
    order = np.argsort(np.array(keys, np.uint64), kind="stable")
    terms, first = np.unique(np.array(keys, np.uint64)[order], return_index=True)
    return Postings(
        terms=terms,
        starts=np.append(first, len(keys)).astype(np.int64),
        documents=np.array(numbers, np.int32)[order],
        impacts=np.array(impacts, np.float32)[order],
    )


def _idf(key: int, statistics: Statistics) -> float:
    having = statistics.frequency.get(key, 0)
    return float(np.log1p((statistics.documents - having + 0.5) / (having + 0.5)))
