"""Moments that a page carries back: as what somebody read was written."""

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

_NEVER = datetime.min.replace(tzinfo=UTC)


def moment_in(text: str) -> datetime | None:
    """Return the moment; None of an empty field, and of nonsense one that never was."""
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    return found if found is not None and found.tzinfo is not None else _NEVER
