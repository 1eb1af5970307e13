"""Pages of a list by the row where one left off: no page is slower than the first.

`OFFSET` reads and throws away all that came before; a count reads everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db import connections
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)

_ONWARD, _BACK = "n", "p"


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """Rows of one page, and cursors to its neighbours; empty where there is none."""

    rows: list[M]
    previous: str
    next: str


def keyset_page(
    rows: QuerySet[M], order: Sequence[str], *, cursor: str, size: int
) -> KeysetPage[M]:
    """Return the page that `cursor` names; the first page for any other text.

    Args:
        rows: What is paged through.
        order: Names of columns or annotations, never NULL, the last of them unique;
            a leading hyphen sorts downwards.
        cursor: From a neighbouring page. It is signed: no one makes up a position.
        size: Rows on a page.
    """
    salt = f"{rows.model._meta.label}:{','.join(order)}"
    way, position = _read(cursor, salt)
    order = [_reversed(name) for name in order] if way == _BACK else list(order)
    found = rows.order_by(*order)
    if position:
        found = found.filter(_beyond(order, position))
    _plan_for_these_values(found.db)
    page = list(found[: size + 1])
    more, page = len(page) > size, page[:size]
    if way == _BACK:
        page.reverse()
    before, after = (more, True) if way == _BACK else (bool(position), more)

    def cursor_at(row: M, way: str) -> str:
        values = [getattr(row, name.lstrip("-")) for name in order]
        return signing.dumps([way, [_text(value) for value in values]], salt=salt)

    return KeysetPage(
        page,
        cursor_at(page[0], _BACK) if page and before else "",
        cursor_at(page[-1], _ONWARD) if page and after else "",
    )


def _plan_for_these_values(alias: str) -> None:
    """Let no statement of this transaction run by a plan made for other values.

    A prepared statement is planned for all values alike: by the plan that finds a page
    of the many closed cases, one looks through all of them for the few withdrawn.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")


def _read(cursor: str, salt: str) -> tuple[str, list[Any]]:
    try:
        way, position = signing.loads(cursor, salt=salt)
    except signing.BadSignature:
        return _ONWARD, []
    return way, position


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], position: Sequence[Any]) -> Q:
    """Return the condition on rows after `position`, its first part for the index."""
    beyond = Q()
    for name, value in reversed(list(zip(order, position, strict=True))):
        column, way = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        ahead = Q((f"{column}__{way}", value))
        beyond = ahead | (Q((column, value)) & beyond) if beyond else ahead
    first = order[0]
    column, way = first.lstrip("-"), "lte" if first.startswith("-") else "gte"
    return Q((f"{column}__{way}", position[0])) & beyond
