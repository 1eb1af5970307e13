"""Find what answers a question, within what the asker may read."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from faq.decision import Evidence, Outcome, decide
from faq.errors import EncoderUnavailable, QuestionEmpty
from faq.index.building import build
from faq.index.documents import Filter, Match
from faq.index.encoding import QUESTION_SECONDS, Encoder, encoder
from faq.index.searching import Found, Index
from faq.index.store import Store
from faq.masking import masked_question
from faq.models import Alternative, Audience, Entry
from faq.queries.documents import document_of
from faq.queries.thresholds import thresholds_of
from faq.retrieval.guard import QUERY, guarded
from organizations.queries import PREFECTURE, bodies_served, organization_names

logger = logging.getLogger(__name__)

MOST_FOUND = 10
# Without any index words are compared in the entries themselves; so many of them.
_MOST_UNINDEXED = 2_000
_UNINDEXED_SECONDS, _MOST_MADE = 60, 16
_made_of_entries: dict[Any, tuple[float, Index | None]] = {}


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks, and within what.

    Args:
        audience: Residents or staff.
        organizations: Bodies whose entries may answer.
        desks: Desks within a topic; empty: all.
        user: The member of staff; None for residents.
    """

    audience: str
    organizations: tuple[int, ...]
    desks: tuple[UUID, ...] = ()
    user: Any = None


@dataclass(frozen=True)
class Answering:
    """What a question meets.

    Args:
        question: As it was read, within the guard.
        outcome: What to do.
        entries: Best first, with their words loaded; at most ten.
        matches: What speaks for each of `entries`.
        confidence: See `faq.decision`.
    """

    question: str
    outcome: Outcome
    entries: list[Entry]
    matches: list[Match]
    confidence: float | None


def asking_as_resident(
    question: str, *, place: int | None = None, desks: Collection[UUID] = ()
) -> Asking:
    """Return what may answer a resident: the prefecture, and the town they name."""
    bodies = {PREFECTURE, *places_named(question)} | ({place} if place else set())
    return Asking(
        audience=Audience.RESIDENT,
        organizations=tuple(sorted(bodies)),
        desks=tuple(desks),
    )


def asking_as_staff(user: Any, *, desks: Collection[UUID] = ()) -> Asking:
    """Return what may answer a member of staff: the bodies they work for.

    Support reads what all of them have written, and asks nobody.
    """
    return Asking(
        audience=Audience.STAFF,
        organizations=tuple(sorted(bodies_served(user))),
        desks=tuple(desks),
        user=user,
    )


def places_named(text: str) -> list[int]:
    """Return the codes of the bodies whose full names stand in `text`."""
    return [code for code, name in organization_names().items() if name in text]


def find(text: str, asking: Asking) -> Answering:
    """Find what answers `text`.

    Raises:
        QuestionEmpty: nothing readable was asked.
    """
    question = guarded(text)
    if not question:
        raise QuestionEmpty
    index = index_of(asking)
    found = Found([], None) if index is None else search(index, question, asking)
    entries = {entry.pk: entry for entry in _readable(found.matches, asking)}
    matches = [match for match in found.matches if match.id in entries]
    confidence = found.confidence
    if confidence is not None and len(matches) < len(found.matches):
        # What is gone since the index was built must not lend its confidence.
        confidence = max((m.cosine or -1.0 for m in matches), default=-1.0)
    evidence = [Evidence(match.score, match.cosine) for match in matches]
    return Answering(
        question=question,
        outcome=decide(
            evidence,
            confidence,
            thresholds_of(asking.audience),
            by_words=found.by_words,
        ),
        entries=[entries[match.id] for match in matches],
        matches=matches,
        confidence=confidence,
    )


def search(index: Index, question: str, asking: Asking) -> Found:
    """Ask an index, with the question's vector where the encoder gives one."""
    allowed = Filter(
        organizations=asking.organizations,
        desks=asking.desks or None,
        on=timezone.localdate(),
    )
    vector = _vector(question, index.model)
    return index.search(question, vector, allowed, most=MOST_FOUND)


def _vector(question: str, model: str) -> NDArray[np.float32] | None:
    chosen: Encoder = encoder()
    if not model or chosen.name != model:
        return None
    # It may be anybody's program (FAQ_ENCODER_URL), and numbers say nothing to it.
    plain = masked_question(question)
    try:
        vectors = chosen.encode([QUERY + plain], seconds=QUESTION_SECONDS)
    except EncoderUnavailable:
        logger.warning("encoder unavailable; words alone are compared")
        return None
    vector: NDArray[np.float32] = vectors[0]
    return vector


def readable(asking: Asking) -> QuerySet[Entry]:
    """Return the entries that may answer whoever asks, now."""
    entries = Entry.objects.answering(asking.audience).filter(
        organization_id__in=asking.organizations
    )
    if asking.audience == Audience.STAFF:
        entries = entries.visible_to(asking.user)
    return entries


def _readable(matches: Sequence[Match], asking: Asking) -> QuerySet[Entry]:
    return (
        readable(asking)
        .filter(pk__in=[match.id for match in matches])
        .select_related("live", "desk__department", "desk__organization")
        .order_by()
    )


def index_of(asking: Asking) -> Index | None:
    """Return the index of the audience; of words alone where no file is whole."""
    index = store(asking.audience).current()
    return _unindexed(asking) if index is None else index


@cache
def _store(folder: Path) -> Store:
    return Store(folder)


def store(audience: str) -> Store:
    """Return where the index of an audience lies."""
    return _store(Path(settings.FAQ_INDEX_DIR) / audience)


def _unindexed(asking: Asking) -> Index | None:
    """Return an index of what the asker may read, made at most once a minute."""
    logger.error("no index; words are compared in the entries themselves")
    user = asking.user.pk if asking.user else None
    key = (settings.FAQ_INDEX_DIR, asking.audience, asking.organizations, user)
    made = _made_of_entries.get(key)
    if made is None or monotonic() - made[0] > _UNINDEXED_SECONDS:
        if len(_made_of_entries) >= _MOST_MADE:
            _made_of_entries.clear()
        made = _made_of_entries[key] = (monotonic(), _index_of_entries(asking))
    return made[1]


def _index_of_entries(asking: Asking) -> Index | None:
    no_others = Prefetch("alternatives", Alternative.objects.none())
    rows = (
        readable(asking)
        .select_related("live")
        .prefetch_related(no_others)
        .order_by("-id")[:_MOST_UNINDEXED]
    )
    documents = [replace(document_of(entry), alternatives=()) for entry in rows]
    if not documents:
        return None
    segment, _ = build(documents, lookup=None)
    return Index((segment,))
