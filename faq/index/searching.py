"""Ask an index: filter, rank in four lists, fuse their union."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from faq.index.building import centred, signs_of
from faq.index.documents import Filter, Match
from faq.index.segments import FIELDS, Segment, Vectors
from faq.retrieval.analysis import is_hiragana_only, is_japanese, sounds, words
from faq.retrieval.fusion import fused

# How many of each list meet in the union.
LIST_LENGTH = 100
# How many rows are compared exactly; the nearest by sign bits where there are more.
EXACT_ROWS = 2_048
_FARTHEST = 1_024


@dataclass(frozen=True)
class Found:
    """What an index has for a question.

    Args:
        matches: Best first.
        confidence: The highest cosine in the question field of all that may answer;
            None without an encoder.
        by_words: Words, or sounds, were compared.
    """

    matches: list[Match]
    confidence: float | None
    by_words: bool = False


@dataclass(frozen=True)
class Index:
    """A base and at most one delta; those of the delta stand for those it retires."""

    segments: tuple[Segment, ...]

    def __len__(self) -> int:
        return sum(len(segment) for segment in self.segments)

    @property
    def model(self) -> str:
        """Name of the encoder whose vectors it holds; empty without."""
        return self.segments[0].model if self.segments else ""

    def is_intact(self) -> bool:
        """Tell whether every file is as it was."""
        return all(segment.is_intact() for segment in self.segments)

    def search(
        self,
        question: str,
        vector: NDArray[np.float32] | None,
        allowed: Filter,
        *,
        most: int = 10,
    ) -> Found:
        """Return the best entries for a question.

        Args:
            question: As typed, within the guard.
            vector: The encoder's, float32 (dimensions,); None compares words alone.
            allowed: What may answer.
            most: How many to return.
        """
        retired = {bytes(row) for s in self.segments for row in s.retired}
        parts = [
            _Part(segment, _allowed(segment, allowed, retired if n == 0 else set()))
            for n, segment in enumerate(self.segments)
        ]
        parts = [part for part in parts if part.allowed.any()]
        if not parts:
            return Found([], None)
        compared = _words_to_compare(question)
        for part in parts:
            part.rank(compared, vector)
        return _merged(parts, compared[0] if compared else None, most=most)


def _words_to_compare(question: str) -> tuple[str, list[str]] | None:
    """Return which postings are asked, with the tokens; None: words say nothing.

    Without kana or kanji there are no words of ours; in hiragana alone nobody can
    tell where one ends, and sounds are compared instead.
    """
    if not is_japanese(question):
        return None
    if is_hiragana_only(question):
        return "sounds", sounds(question)
    return "words", words(question)


def _allowed(
    segment: Segment, allowed: Filter, retired: set[bytes]
) -> NDArray[np.bool_]:
    day = allowed.on.toordinal()
    mask: NDArray[np.bool_] = (segment.valid_from <= day) & (segment.valid_until >= day)
    if allowed.organizations is not None:
        mask &= np.isin(segment.organization, list(allowed.organizations))
    if allowed.desks is not None:
        mask &= _are_among(segment.desk, [desk.bytes for desk in allowed.desks])
    if retired:
        mask &= ~_are_among(segment.ids, sorted(retired))
    return mask


def _are_among(ids: NDArray[np.uint8], wanted: Sequence[bytes]) -> NDArray[np.bool_]:
    keys = np.ascontiguousarray(ids).view("V16").ravel()
    return np.isin(keys, np.array(wanted, "V16"))


class _Part:
    """One segment while it is being asked."""

    def __init__(self, segment: Segment, allowed: NDArray[np.bool_]) -> None:
        self.segment, self.allowed = segment, allowed
        self.words: NDArray[np.float32] | None = None
        self.queries: dict[str, NDArray[np.float32]] = {}
        self.union: NDArray[np.int64] = np.zeros(0, np.int64)
        self.confidence: float | None = None

    def rank(
        self,
        compared: tuple[str, list[str]] | None,
        vector: NDArray[np.float32] | None,
    ) -> None:
        """Take the best of each list into the union."""
        lists: list[NDArray[np.int64]] = []
        if compared is not None:
            kind, tokens = compared
            scores = getattr(self.segment, kind).scores(tokens, len(self.segment))
            self.words = np.where(self.allowed, scores, 0)
            lists.append(_best(self.words, self.words > 0))
        if vector is not None and self.segment.vectors:
            # Freed of what all questions have in common, not of what all entries have.
            query = centred(vector, self.segment.means[0])
            for kind in FIELDS:
                self.queries[kind] = query
                rows = self.segment.vectors[kind]
                near = _near_rows(rows, query, self.allowed)
                cosines = _cosines(rows, near, query)
                best = np.full(len(self.segment), -np.inf, np.float32)
                np.maximum.at(best, rows.owner[near], cosines)
                lists.append(_best(best, np.isfinite(best)))
                if kind == FIELDS[0] and len(cosines):
                    self.confidence = float(cosines.max())
        self.union = np.unique(np.concatenate(lists)) if lists else self.union

    def field(self, kind: str) -> NDArray[np.float32]:
        """Return the exact best cosine of each entry of the union in a field."""
        rows = self.segment.vectors[kind]
        first, last = rows.starts[self.union], rows.starts[self.union + 1]
        counts = last - first
        begins = np.cumsum(counts) - counts
        wanted = np.repeat(first - begins, counts) + np.arange(counts.sum())
        cosines = _cosines(rows, wanted, self.queries[kind])
        best: NDArray[np.float32] = np.maximum.reduceat(cosines, begins)
        return best


def _near_rows(
    rows: Vectors, query: NDArray[np.float32], allowed: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the rows to compare exactly: all, or the nearest by their signs."""
    open_rows = np.flatnonzero(allowed[rows.owner])
    if len(open_rows) <= EXACT_ROWS:
        return open_rows
    differing = np.zeros(len(rows.owner), np.int16)
    for signs, wanted in zip(rows.signs, signs_of(query), strict=True):
        differing += np.bitwise_count(signs ^ wanted)
    differing = np.where(allowed[rows.owner], differing, _FARTHEST)
    return np.argpartition(differing, EXACT_ROWS)[:EXACT_ROWS]


def _cosines(
    rows: Vectors, wanted: NDArray[np.int64], query: NDArray[np.float32]
) -> NDArray[np.float32]:
    values = rows.values[wanted].astype(np.float32)
    cosines: NDArray[np.float32] = values @ query * rows.scale[wanted]
    return cosines - rows.penalty[wanted]


def _best(
    scores: NDArray[np.float32], eligible: NDArray[np.bool_]
) -> NDArray[np.int64]:
    candidates = np.flatnonzero(eligible)
    if len(candidates) <= LIST_LENGTH:
        return candidates
    held = scores[candidates]
    return candidates[np.argpartition(-held, LIST_LENGTH)[:LIST_LENGTH]]


def _merged(parts: list[_Part], kind: str | None, *, most: int) -> Found:
    """Fuse over the union of all segments, and return the best.

    Args:
        parts: As ranked.
        kind: Which postings were asked; None: none.
        most: How many to return.
    """
    parts = [part for part in parts if len(part.union)]
    if not parts:
        return Found([], None)
    asked = list(parts[0].queries)
    fields = [np.concatenate([part.field(name) for part in parts]) for name in asked]
    spoken = np.concatenate([_of_union(part) for part in parts]) if kind else None
    total = fused(spoken, fields, kind or "words")
    ids = np.concatenate([part.segment.ids[part.union] for part in parts])
    order = np.argsort(-total, kind="stable")[:most]
    cosines = fields[0] if fields else None
    matches = [
        Match(
            id=UUID(bytes=ids[at].tobytes()),
            score=float(total[at]),
            cosine=float(cosines[at]) if cosines is not None else None,
        )
        for at in order
    ]
    known = [part.confidence for part in parts if part.confidence is not None]
    return Found(matches, max(known) if known else None, by_words=bool(kind))


def _of_union(part: _Part) -> NDArray[np.float32]:
    scores = part.words if part.words is not None else np.zeros(0, np.float32)
    return scores[part.union]
