"""What two texts have in common, and what was written anew."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from faq.models import Revision

# Words as far as one sees them without a dictionary: runs of one kind of letter.
_PIECES = re.compile(r"[一-龥々]+|[ァ-ヴー]+|[ぁ-ん]|[A-Za-z0-9]+|\s|.", re.DOTALL)
# Texts so long are shown whole, before and after: comparing them would take seconds.
_MOST_PIECES = 4_000


class Piece(NamedTuple):
    """A part of a text: kept, taken out, or put in."""

    text: str
    kind: str
    """`same`, `old` or `new`."""


@dataclass(frozen=True)
class Difference:
    """One field whose words changed."""

    label: str
    pieces: list[Piece]


def pieces_of(before: str, after: str) -> list[Piece]:
    """Return both texts as one, with what was taken out and put in."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if max(len(old), len(new)) > _MOST_PIECES:
        return [Piece(before, "old"), Piece(after, "new")]
    pieces = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(old[a0:a1]), "same"))
            continue
        pieces.append(Piece("".join(old[a0:a1]), "old"))
        pieces.append(Piece("".join(new[b0:b1]), "new"))
    return [piece for piece in pieces if piece.text]


COMPARED = (
    "category",
    "question",
    "answer",
    "keywords",
    "question_easy",
    "answer_easy",
    "question_en",
    "answer_en",
    "machine_translated",
    "procedure",
    "dataset_title",
    "dataset_url",
    "contacts",
    "source",
    "source_url",
    "checked_on",
    "review_on",
    "valid_from",
    "valid_until",
    "is_sample",
)


def differences(before: Revision | None, after: Revision) -> list[Difference]:
    """Return what changed from one revision to another; from nothing, all of it."""
    found = []
    for name in COMPARED:
        old = shown(before, name) if before is not None else ""
        new = shown(after, name)
        if old != new:
            found.append(Difference(_label(name), pieces_of(old, new)))
    return found


def left_behind(before: Revision, after: Revision) -> list[str]:
    """Return the answers that stayed though the Japanese one changed."""
    if after.answer == before.answer:
        return []
    return [
        _label(name)
        for name in ("answer_easy", "answer_en")
        if getattr(after, name) and getattr(after, name) == getattr(before, name)
    ]


def _label(name: str) -> str:
    return str(getattr(Revision._meta.get_field(name), "verbose_name", name))


def shown(revision: Revision, name: str) -> str:
    """Return a field as people read it."""
    value: Any = getattr(revision, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, list):
        field: Any = Revision._meta.get_field(name)
        labels = dict(field.base_field.choices or ())
        return "、".join(str(labels.get(one, one)) for one in value)
    if hasattr(value, "isoformat"):
        return f"{value:%Y年%-m月%-d日}"
    return str(value)
