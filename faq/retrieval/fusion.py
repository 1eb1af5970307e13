"""One score of several that have nothing in common but that more is better."""

import numpy as np
from numpy.typing import NDArray

# z(BM25) + 4/3·(z(question) + z(whole entry) + z(answer chunks))
# Source: the design, fixed without labels: nDCG@10 .655 on 749 residents' questions.
# Vectors of hiragana alone say little: there sounds weigh as much as all fields.
# Source: docs/decisions/0009-what-retrieval-adds.md.
WEIGHTS = {"words": (1.0, 4 / 3), "sounds": (2.5, 5 / 6)}

# A wording as near as this is the same question, whatever else an entry says.
SAME_WORDING, SAME_WORDING_BONUS = 0.85, 10.0


def fused(
    compared: NDArray[np.float32] | None,
    fields: list[NDArray[np.float32]],
    kind: str = "words",
) -> NDArray[np.float32]:
    """Return the fused score of each entry of a union.

    Args:
        compared: BM25 of each entry; None where only vectors were compared.
        fields: Cosines of each entry in each field, the question's first; empty
            without an encoder.
        kind: What BM25 compared, of `WEIGHTS`.
    """
    of_compared, of_field = WEIGHTS[kind]
    weighted = [of_field * _standardized(field) for field in fields]
    if compared is not None:
        weighted.append(of_compared * _standardized(compared))
    total: NDArray[np.float32] = np.sum(weighted, axis=0, dtype=np.float32)
    if fields:
        total[fields[0] >= SAME_WORDING] += np.float32(SAME_WORDING_BONUS)
    return total


def _standardized(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    spread = scores.std()
    standard: NDArray[np.float32] = (scores - scores.mean()) / (spread or 1)
    return standard
