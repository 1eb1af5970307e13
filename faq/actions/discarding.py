"""Throw away what nobody wants: words that never answered anybody."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from faq.actions.authoring import check_writes
from faq.actions.authoring.reviewing import take
from faq.actions.clustering import settle_cluster
from faq.errors import RevisionNotInThisState
from faq.events import DraftDiscarded
from faq.models import Alternative, Cluster, Entry, Revision, State, Ticket
from journal.actions import record


@transaction.atomic
def discard_draft(
    revision: Revision, *, by: User, read: datetime | None = None
) -> Entry | None:
    """Delete a draft; return its entry, None where it was the entry's first words.

    With an entry that never answered its other wordings go, and what it was made of
    may become another.

    Args:
        revision: A draft, or what the reviewer gave back.
        by: Who does not want it; not only its author.
        read: When the words that `by` has seen were written; None: these.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        RevisionNotInThisState: it is in review or public, gone, or was changed since.
    """
    check_writes(by, revision.organization_id)
    entry, revision = take(revision, State.DRAFT, State.DECLINED)
    if read is not None and revision.written_at != read:
        raise RevisionNotInThisState
    event = DraftDiscarded(
        organization_id=entry.organization_id,
        entry_id=entry.pk,
        revision_id=revision.pk,
    )
    record(event, by=by)
    revision.delete()
    if entry.published_at is not None:
        return entry
    _release(entry, by)
    return None


def _release(entry: Entry, by: User) -> None:
    """Delete an entry without words, and open again what it was made of."""
    body, key = entry.organization_id, entry.pk
    Alternative.objects.filter(organization_id=body, entry=entry).delete()
    made_of = {"organization_id": body, "learned_id": key}
    for cluster in Cluster.objects.filter(**made_of):
        settle_cluster(cluster, Cluster.State.OPEN, by=by)
    Ticket.objects.filter(**made_of).update(learned_id=None)
    entry.delete()
