"""What is indexed, and what is asked of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faq.retrieval.analysis import joined

# A chunk says one or two things; an encoder blurs what says more.
CHUNK_CHARACTERS = 160
_SENTENCE_ENDS = re.compile(r"(?<=[。！？!?\n])")
# Another wording counts a little less than the question as written.
ALTERNATIVE_PENALTY = 0.05


@dataclass(frozen=True, kw_only=True)
class Document:
    """An entry as the index sees it.

    Args:
        id: The entry's.
        organization: Code of its body.
        desk: Its desk.
        question: The question as written.
        answer: The answer as written.
        alternatives: Other wordings, in any language.
        keywords: Related words that are neither in question nor answer.
        valid_from: First day it may answer; None: ever.
        valid_until: Last day it may answer; None: for ever.
    """

    id: UUID
    organization: int
    desk: UUID
    question: str
    answer: str
    alternatives: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def lexical(self) -> str:
        """What its words are compared in."""
        spoken = [self.question, *self.alternatives, " ".join(self.keywords)]
        return joined([*spoken, self.answer])

    @property
    def whole(self) -> str:
        """What is encoded as the whole entry."""
        return joined([self.question, self.answer])

    @property
    def chunks(self) -> list[str]:
        """The answer, in pieces of whole sentences."""
        return chunked(self.answer)


def chunked(text: str, limit: int = CHUNK_CHARACTERS) -> list[str]:
    """Return `text` in pieces of whole sentences, of about `limit` characters."""
    pieces: list[str] = []
    for sentence in _SENTENCE_ENDS.split(text):
        if pieces and len(pieces[-1]) + len(sentence) <= limit:
            pieces[-1] += sentence
        elif sentence.strip():
            pieces.append(sentence)
    return [piece.strip() for piece in pieces if piece.strip()] or [text]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which entries may answer at all; applied before anything is ranked.

    Args:
        organizations: Codes of the bodies; None: all of the index.
        desks: Those within a topic; None: all.
        on: The day of asking.
    """

    organizations: Sequence[int] | None = None
    desks: Sequence[UUID] | None = None
    on: date


@dataclass(frozen=True)
class Match:
    """One entry that was found.

    Args:
        id: The entry's.
        score: Fused score, best first; comparable within one answer only.
        cosine: Of the question field, mean-centred; None without an encoder.
    """

    id: UUID
    score: float
    cosine: float | None
