"""Put together what asks for the same: the nearest leader, or oneself."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from faq.retrieval.analysis import words
from faq.retrieval.bm25 import key_of

# Words share these columns; two of a desk's questions rarely meet by chance.
_COLUMNS = 2_048


def grouped(
    leaders: NDArray[np.float32], rows: NDArray[np.float32], threshold: float
) -> list[int]:
    """Return for each row the number of its leader; who is near none leads from then.

    Args:
        leaders: Those there are, float32 (leaders, dimensions), of length 1.
        rows: In the order of coming, likewise.
        threshold: Least cosine to a leader.
    """
    known = np.zeros((len(leaders) + len(rows), rows.shape[1]), np.float32)
    known[: len(leaders)] = leaders
    count, chosen = len(leaders), []
    for row in rows:
        cosines = known[:count] @ row
        best = int(cosines.argmax()) if count else 0
        if not count or cosines[best] < threshold:
            known[count] = row
            best, count = count, count + 1
        chosen.append(best)
    return chosen


def middle_of(rows: NDArray[np.float32]) -> int:
    """Return the number of the row that is nearest to the middle of all."""
    return int((rows @ rows.mean(axis=0)).argmax())


def word_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the words of each text, weighed by how rare they are, of length 1."""
    counted = [Counter(words(text)) for text in texts]
    having = Counter(word for counts in counted for word in counts)
    vectors = np.zeros((len(texts), _COLUMNS), np.float32)
    for row, counts in zip(vectors, counted, strict=True):
        for word, times in counts.items():
            rarity = np.log1p(len(texts) / having[word])
            row[key_of(word) % _COLUMNS] += (1 + np.log(times)) * rarity
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-9))
    return unit
