"""Counts of questions by what they met, and the days that they are counted over."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone


@dataclass(frozen=True)
class Tally:
    """Questions of one kind, by what they met and what people said of it.

    Args:
        key: What they have in common: a day, a desk, a language.
        label: The same, for people.
    """

    key: Any
    label: str
    answered: int = 0
    offered: int = 0
    handed: int = 0
    solved: int = 0
    unsolved: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.answered + self.offered + self.handed

    @property
    def solved_percent(self) -> int | None:
        """Of those that were judged; None where nobody said anything."""
        judged = self.solved + self.unsolved
        return round(100 * self.solved / judged) if judged else None

    def share(self, count: int) -> int:
        """Return `count` as a percentage of all."""
        return round(100 * count / self.total) if self.total else 0

    @property
    def answered_percent(self) -> int:
        """How many were answered directly, in percent."""
        return self.share(self.answered)

    @property
    def offered_percent(self) -> int:
        """How many were offered candidates, in percent."""
        return self.share(self.offered)

    @property
    def handed_percent(self) -> int:
        """How many nothing was found for, in percent."""
        return self.share(self.handed)


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days looked at, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """All of them, in order."""
        return [
            self.first + timedelta(days=n)
            for n in range((self.last - self.first).days + 1)
        ]

    def moments(self) -> tuple[datetime, datetime]:
        """Return when the first begins and the last has ended, in Japan."""
        midnight = time.min
        return (
            timezone.make_aware(datetime.combine(self.first, midnight)),
            timezone.make_aware(
                datetime.combine(self.last + timedelta(days=1), midnight)
            ),
        )
