"""Answers as a person reads them, to be checked or looked up again."""

from collections.abc import Callable
from typing import Any

from applications.formspec import FormSpec, Row

# Beyond this many answers a list needs headings for people to find their way in it.
LONGEST_PLAIN_LIST = 20


def answer_groups(
    spec: FormSpec,
    answers: dict[str, Any],
    *,
    change_url: Callable[[Row], str] = lambda _: "",
) -> list[dict[str, Any]]:
    """Return the answers as lists of rows under headings; a short form as one list.

    Args:
        spec: The form that asked.
        answers: What was answered.
        change_url: Where an answer may be changed; empty where it may not.
    """
    groups = [
        {
            "title": section.title,
            "rows": [_shown(row, change_url) for row in section.rows],
        }
        for section in spec.sections(answers)
    ]
    rows = [row for group in groups for row in group["rows"]]
    if len(rows) <= LONGEST_PLAIN_LIST:
        return [{"title": "", "rows": rows}]
    return groups


def _shown(row: Row, change_url: Callable[[Row], str]) -> dict[str, Any]:
    return {
        "label": row.label,
        "value": row.text,
        "missing": row.missing,
        "url": change_url(row),
    }
