"""Bring entries from a file: as drafts, and after a look at what would change."""

from collections import Counter

from django.db import connection, transaction

from accounts.models import User
from faq.actions.authoring import check_writes, write_draft
from faq.actions.authoring.wording import keep_wordings
from faq.actions.importing.planning import plan_import
from faq.actions.importing.plans import Plan, Row
from faq.actions.importing.reading import (
    LARGEST_BYTES,
    MOST_ROWS,
    Table,
    read_table,
)
from faq.errors import ImportChanged
from faq.events import EntriesImported
from faq.models import Desk, Entry
from faq.queries.exchange import CODE, COLUMNS
from journal.actions import record_all

__all__ = [
    "LARGEST_BYTES",
    "MOST_ROWS",
    "Plan",
    "Row",
    "import_entries",
    "try_import",
]

_LOCK = 6_010_004  # any constant: one import of a body at a time
_MOST_NAMED = 10


def try_import(organization_id: int, content: bytes, *, by: User) -> Plan:
    """Return what a file would change; nothing changes.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        FileUnusable: it cannot be read as a table of entries.
    """
    check_writes(by, organization_id)
    return plan_import(organization_id, read_table(content))


@transaction.atomic
def import_entries(
    organization_id: int, content: bytes, *, digest: str, by: User
) -> Plan:
    """Write a draft for every row that can be taken; return what was written.

    Args:
        organization_id: The body.
        content: The file.
        digest: Of the plan that `by` has seen.
        by: The author of all of it.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        FileUnusable: it cannot be read as a table of entries.
        ImportChanged: entries have changed since the plan was seen; nothing is taken.
    """
    check_writes(by, organization_id)
    table = read_table(content)
    _hold(organization_id, table)
    plan = plan_import(organization_id, table)
    if plan.digest != digest:
        raise ImportChanged(_told(plan.moved_since(digest)))
    written = Counter[Desk]()
    for row in [*plan.new, *plan.changed]:
        revision = write_draft(
            row.words, desk=row.desk, entry=row.entry, code=row.code, by=by
        )
        keep_wordings(revision.entry, row.wordings, by=by)
        written[revision.entry.desk] += 1
    record_all(
        [
            EntriesImported(organization_id=organization_id, desk_id=desk.pk, rows=rows)
            for desk, rows in written.items()
        ],
        by=by,
    )
    return plan


def _hold(organization_id: int, table: Table) -> None:
    """Wait for who imports or rewrites just now, so that the plan stays true.

    Who imports the same file at the same moment finds its new entries there already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, organization_id])
    codes = {line.cells.get(COLUMNS[CODE], "").strip() for line in table.lines}
    held = Entry.objects.filter(organization_id=organization_id, code__in=codes)
    list(held.select_for_update().order_by("pk").values_list("pk"))


def _told(moved: list[Row]) -> str:
    named = "、".join(
        f"{row.line.number}行目（{row.code or row.question}）"
        for row in moved[:_MOST_NAMED]
    )
    if not named:
        return ImportChanged.sentence
    more = f"など{len(moved)}行" if len(moved) > _MOST_NAMED else ""
    return (
        f"{named}{more}の項目を、内容を確かめたあとにほかの人が変えました。"
        "何も取り込んでいません。もう一度、下の内容を確かめてください。"
    )
