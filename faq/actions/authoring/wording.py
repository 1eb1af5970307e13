"""Other wordings of an entry's question: found, never shown."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from faq.actions.authoring.drafts import check_writes, lock
from faq.errors import AskedAlready
from faq.events import AlternativeAdded, AlternativeRemoved
from faq.models import Alternative, Entry, Language, Origin
from faq.queries.duplicates import same_questions
from faq.retrieval.guard import guarded
from journal.actions import record, record_all


@transaction.atomic
def add_alternatives(
    entry: Entry,
    texts: Iterable[tuple[str, str]],
    *,
    origin: str = Origin.STAFF,
    by: User,
) -> list[Alternative]:
    """Let these words find the entry too; return those that it did not have yet.

    Args:
        entry: What they ask for.
        texts: Each with its language; kept within the guard, empty ones left out.
        origin: Where they come from.
        by: Who says so.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        AskedAlready: they are the question of another entry.
    """
    check_writes(by, entry.organization_id)
    kept = [(guarded(text), language) for text, language in texts]
    wanted = [text for text, _ in kept]
    if others := same_questions(entry.organization_id, wanted, but=entry):
        code = others[0].code
        message = (
            f"同じ言い方の質問が、ほかの項目（{code}）にすでにあります。"
            "この言い方を外してください。"
        )
        raise AskedAlready(message)
    return keep_wordings(entry, kept, origin=origin, by=by)


@transaction.atomic
def keep_wordings(
    entry: Entry,
    texts: Iterable[tuple[str, str]],
    *,
    origin: str = Origin.STAFF,
    by: User,
) -> list[Alternative]:
    """Keep wordings of which is known that no other entry has them."""
    lock(entry)
    known = set(entry.alternatives.values_list("text", flat=True))
    new: dict[str, str] = {}
    for text, language in texts:
        kept = guarded(text)
        if kept and kept not in known:
            new.setdefault(kept, Language(language))
    made = Alternative.objects.bulk_create(
        Alternative(
            organization_id=entry.organization_id,
            entry=entry,
            text=text,
            language=language,
            origin=origin,
            added_by=by,
        )
        for text, language in new.items()
    )
    record_all(
        [
            AlternativeAdded(
                organization_id=entry.organization_id,
                entry_id=entry.pk,
                alternative_id=alternative.pk,
            )
            for alternative in made
        ],
        by=by,
    )
    return made


@transaction.atomic
def remove_alternative(alternative: Alternative, *, by: User) -> None:
    """Let these words find the entry no more; a second time changes nothing.

    Raises:
        RoleMissing: `by` writes nothing for the body.
    """
    check_writes(by, alternative.organization_id)
    body, entry_id, pk = (
        alternative.organization_id,
        alternative.entry_id,
        alternative.pk,
    )
    gone, _ = Alternative.objects.filter(organization_id=body, pk=pk).delete()
    if gone:
        event = AlternativeRemoved(
            organization_id=body, entry_id=entry_id, alternative_id=pk
        )
        record(event, by=by)
