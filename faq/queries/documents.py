"""Published entries, as an index wants them."""

import json

from django.db.models import Count, Max, Prefetch, QuerySet, TextField
from django.db.models.functions import Cast

from faq.index.documents import Document
from faq.models import Alternative, Entry


def documents_of(audience: str, *, using: str = "worker") -> list[Document]:
    """Return all published entries of an audience, of every body, oldest first."""
    return _documents(Entry.objects.using(using).published(audience), using)


def fingerprint_of(audience: str, *, using: str = "worker") -> str:
    """Return what changes when anything is published, withdrawn or worded anew.

    Keys sort by time, so the newest and the number of each tell; no row is read.
    """
    text = Cast("id", TextField())
    entries = Entry.objects.using(using).published(audience)
    counted = entries.aggregate(
        n=Count("id"),
        live=Max(Cast("live_id", TextField())),
        latest=Max("published_at"),
    )
    others = Alternative.objects.using(using).filter(entry__audience=audience)
    also = others.aggregate(n=Count("id"), newest=Max(text))
    return json.dumps([*counted.values(), *also.values()], default=str)


def _documents(entries: QuerySet[Entry], using: str) -> list[Document]:
    alternatives = Alternative.objects.using(using).order_by("id")
    rows = (
        entries.select_related("live")
        .prefetch_related(Prefetch("alternatives", alternatives))
        .order_by("id")
    )
    return [document_of(entry) for entry in rows]


def document_of(entry: Entry) -> Document:
    """Return what is indexed of an entry: its own words in all languages."""
    live = entry.live
    if live is None:
        message = f"entry {entry.pk} is published without words"
        raise ValueError(message)
    others = [live.question_easy, live.question_en]
    others += [alternative.text for alternative in entry.alternatives.all()]
    return Document(
        id=entry.pk,
        organization=entry.organization_id,
        desk=entry.desk_id,
        question=live.question,
        answer=live.answer,
        alternatives=tuple(text for text in others if text),
        keywords=tuple(live.keywords),
        valid_from=live.valid_from,
        valid_until=live.valid_until,
    )
