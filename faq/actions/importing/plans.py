"""What a table would change: rows, and all of them together."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from faq.actions.importing.reading import Line
from faq.models import UNFINISHED, Desk, Entry, Revision

_DIGITS = 12


@dataclass
class Row:
    """One row, and what it would do.

    Args:
        line: As it was read.
        code: Of the entry; empty where one is to be made up.
        question: To tell rows apart.
        desk: Of a new entry.
        entry: That is worded anew.
        words: What would be written.
        wordings: Other wordings that would be added.
        changed: Names of what changes.
        last: Words of the entry as they are now: unfinished ones, or those that answer.
        errors: Why it cannot be taken.
    """

    line: Line
    code: str = ""
    question: str = ""
    desk: Desk | None = None
    entry: Entry | None = None
    words: dict[str, Any] = field(default_factory=dict)
    wordings: list[tuple[str, str]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    last: Revision | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def replaced(self) -> Revision | None:
        """Unfinished words that would be written over."""
        unfinished = self.last is not None and self.last.state in UNFINISHED
        return self.last if unfinished else None

    @property
    def digest(self) -> str:
        """What changes when anything that would be written, or written over, does."""
        last = self.last
        told = (
            *(self.line.number, self.code, str(self.words), self.wordings),
            *(self.changed, self.errors),
            (last.pk, last.state, last.written_at) if last is not None else None,
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:_DIGITS]

    @property
    def is_new(self) -> bool:
        """Whether it would make an entry."""
        return not self.errors and self.entry is None

    @property
    def changes(self) -> bool:
        """Whether anything would be written."""
        return not self.errors and (self.entry is None or bool(self.changed))


@dataclass(frozen=True)
class Plan:
    """What a table would change."""

    headings: list[str]
    rows: list[Row]
    unknown: list[str]
    """Headings that mean nothing here, and are left out."""

    @property
    def new(self) -> list[Row]:
        """Rows that make an entry."""
        return [row for row in self.rows if row.is_new]

    @property
    def changed(self) -> list[Row]:
        """Rows that word an entry anew."""
        return [row for row in self.rows if row.changes and not row.is_new]

    @property
    def unchanged(self) -> int:
        """How many rows say what is there already."""
        return sum(1 for row in self.rows if not row.errors and not row.changes)

    @property
    def bad(self) -> list[Row]:
        """Rows that cannot be taken."""
        return [row for row in self.rows if row.errors]

    @property
    def digest(self) -> str:
        """The digests of the rows."""
        return ",".join(row.digest for row in self.rows)

    def moved_since(self, digest: str) -> list[Row]:
        """Return the rows that somebody has changed since the plan had this digest."""
        before = set(digest.split(","))
        return [row for row in self.rows if row.digest not in before]
