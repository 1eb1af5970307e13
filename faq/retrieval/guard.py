"""The one gate between what people type and everything that reads it.

A tokenizer in C ends the process on some strings, a NUL cuts others short, and a
megabyte costs seconds. Nothing reaches an encoder but through here.
"""

import re
import unicodedata

# What the encoder is told a text is, in front of it.
QUERY, PASSAGE = "query: ", "passage: "
QUESTION_CHARACTERS = 500
ENTRY_CHARACTERS = 4_000
# NFKC joins marks to letters and so may shorten: cut wide before, exactly after.
_WIDEST = 4
_SPACES = re.compile(r"\s+")
# Controls, formats, surrogates, private and unassigned.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def guarded(text: str, limit: int = QUESTION_CHARACTERS) -> str:
    """Return `text` in NFKC, printable, on one line, of at most `limit` characters."""
    text = unicodedata.normalize("NFKC", text[: limit * _WIDEST])
    text = _SPACES.sub(" ", text)
    return printable(text)[:limit].strip()


def printable(text: str) -> str:
    """Return `text` without what no database and no eye can hold; lines stay."""
    return "".join(
        c for c in text if c == "\n" or unicodedata.category(c) not in _UNPRINTABLE
    )


def guarded_marked(text: str) -> str:
    """Return a text for the encoder, within the gate, its mark (if any) before it."""
    mark = next((mark for mark in (QUERY, PASSAGE) if text.startswith(mark)), "")
    return mark + guarded(text[len(mark) :], ENTRY_CHARACTERS)
