"""Published entries, as an index wants them."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Prefetch, QuerySet, TextField
from django.db.models.functions import MD5, Cast

from faq.index.documents import Document
from faq.models import Alternative, Entry


def documents_of(audience: str, *, using: str = "worker") -> list[Document]:
    """Return all published entries of an audience, of every body, oldest first."""
    return _documents(Entry.objects.using(using).published(audience), using)


def fingerprint_of(audience: str, *, using: str = "worker") -> str:
    """Return what changes when anything is published, withdrawn or worded anew.

    Of the whole set, and not of its newest: commits come in another order than keys.
    """
    entries = Entry.objects.using(using).published(audience)
    others = Alternative.objects.using(using).filter(entry__audience=audience)
    return f"{_digest_of(entries, 'live_id')}:{_digest_of(others, 'id')}"


def _digest_of(rows: QuerySet[Any], key: str) -> str:
    """Return the MD5 of the keys of all rows, made where the rows are."""
    keys = StringAgg(Cast(key, TextField()), delimiter="", order_by=key)
    digest: str | None = rows.order_by().aggregate(digest=MD5(keys))["digest"]
    return digest or ""


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
