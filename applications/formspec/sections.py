"""Filed answers, laid out for a person to read."""

from dataclasses import dataclass

from applications.formspec.fields.base import Field, Value

NOT_ANSWERED = "（記入なし）"


@dataclass(frozen=True)
class Row:
    """One question and its answer; `slug` names the page that asks it."""

    key: str
    label: str
    lines: tuple[str, ...]
    pii: str
    slug: str
    missing: bool = False

    @property
    def text(self) -> str:
        """The answer as one text."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Section:
    """The answers of one page."""

    slug: str
    title: str
    rows: tuple[Row, ...]


def row(field: Field, value: Value | None, *, slug: str) -> Row:
    """Lay out one answer; an optional question may have none."""
    missing = value is None
    lines = (NOT_ANSWERED,) if missing else field.display(value)
    return Row(field.key, field.noun, lines, field.pii, slug, missing)
