"""Bring entries from a file: as drafts, and after a look at what would change."""

from collections import Counter

from django.db import transaction

from accounts.models import User
from faq.actions.authoring import check_writes, write_draft
from faq.actions.authoring.wording import keep_wordings
from faq.actions.importing.planning import Plan, Row, plan_import
from faq.actions.importing.reading import LARGEST_BYTES, MOST_ROWS, read_table
from faq.errors import ImportChanged
from faq.events import EntriesImported
from faq.models import Desk
from journal.actions import record_all

__all__ = [
    "LARGEST_BYTES",
    "MOST_ROWS",
    "Plan",
    "Row",
    "import_entries",
    "try_import",
]


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
        ImportChanged: entries have changed since the plan was seen.
    """
    plan = try_import(organization_id, content, by=by)
    if plan.digest != digest:
        raise ImportChanged
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
