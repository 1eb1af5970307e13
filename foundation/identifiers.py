"""Keys that sort by time and are made before the row is written."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562 §5.7): its first 48 bits are Unix milliseconds."""
    return uuid7()


def first_id_at(moment: datetime) -> UUID:
    """Return what no id made at `moment` or later comes before."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def is_id(text: str) -> bool:
    """Tell whether `text` can be such a key at all; addresses hold anything."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
