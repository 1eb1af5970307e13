"""Entries that ask the same already, or nearly."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import F, Func, Q, QuerySet, TextField, Value

from faq.models import UNFINISHED, Alternative, Desk, Entry, Revision, State
from faq.queries.finding import Asking, index_of, search
from faq.retrieval.guard import guarded

# Source: measured on the 163 sample entries of two desks, all different in substance:
# nine in a hundred have another so near by meaning, two by words. Nobody is stopped by
# it, only asked.
NEAR_COSINE = 0.62
NEAR_SHARE = 0.6
MOST_SHOWN = 5
_MOST_DRAFTS = 2_000

_IN_USE = (State.PUBLISHED, *UNFINISHED)
# What does not tell two questions apart, to PostgreSQL and to Python alike.
_SILENT = r"[\s、。,.?!？！・「」『』()（）…〜~｡､]"


@dataclass(frozen=True)
class Near:
    """An entry that may answer the same.

    Args:
        entry: It, with its desk.
        question: How it asks.
        state: Of the words that are near, in Japanese.
    """

    entry: Entry
    question: str
    state: str


def plain(text: str) -> str:
    """Return what is left of a question once spaces and punctuation are gone."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(_SILENT, "", folded)


def _plain_in_sql(name: str) -> Func:
    folded = Func(
        Func(
            F(name),
            function="normalize",
            template="%(function)s(%(expressions)s, NFKC)",
        ),
        function="lower",
    )
    return Func(
        folded,
        Value(_SILENT),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )


def same_questions(
    organization_id: int, texts: Iterable[str], *, but: Entry | None = None
) -> list[Entry]:
    """Return entries of the body that ask one of `texts` in just these words.

    Those withdrawn and past revisions do not count; other wordings do.
    """
    wanted = [kept for kept in map(plain, texts) if kept]
    if not wanted:
        return []
    words = _of_body(Revision.objects, organization_id, but).filter(state__in=_IN_USE)
    others = _of_body(Alternative.objects, organization_id, but).exclude(
        entry__withdrawn_at__isnull=False
    )
    asked = words.annotate(plain=_plain_in_sql("question")).filter(plain__in=wanted)
    also = others.annotate(plain=_plain_in_sql("text")).filter(plain__in=wanted)
    found = Q(pk__in=asked.values("entry")) | Q(pk__in=also.values("entry"))
    return list(
        Entry.objects.filter(found, organization_id=organization_id)
        .select_related("desk", "live")
        .order_by("pk")[:MOST_SHOWN]
    )


def questions_asked(organization_id: int) -> dict[str, str]:
    """Return the plain question of every entry in use → its code; wordings too."""
    words = Revision.objects.filter(
        organization_id=organization_id, state__in=_IN_USE
    ).values_list("question", "entry__code")
    others = Alternative.objects.filter(
        organization_id=organization_id, entry__withdrawn_at__isnull=True
    ).values_list("text", "entry__code")
    return {plain(text): code for text, code in [*others, *words]}


def _of_body(rows: Any, organization_id: int, but: Entry | None) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.filter(organization_id=organization_id)
    return found if but is None else found.exclude(entry=but)


def near_questions(
    desk: Desk, question: str, *, by: Any, but: Entry | None = None
) -> list[Near]:
    """Return up to five entries of the body that may answer the same.

    By meaning where the encoder answers, by shared words where it does not; drafts,
    which no index knows, by words.
    """
    question = guarded(question)
    if not question:
        return []
    asking = Asking(
        audience=desk.audience, organizations=(desk.organization_id,), user=by
    )
    index = index_of(asking)
    matches = search(index, question, asking).matches if index else []
    cosines = {match.id: match.cosine for match in matches}
    published = _words(desk, but).filter(state=State.PUBLISHED, entry__in=cosines)
    drafts = _words(desk, but).filter(state__in=UNFINISHED).order_by("-pk")
    found = [
        (max(cosines[words.entry_id] or 0.0, share), words)
        for words in published
        for share in [shared(question, words.question)]
        if (cosines[words.entry_id] or 0.0) >= NEAR_COSINE or share >= NEAR_SHARE
    ]
    found += [
        (share, words)
        for words in drafts[:_MOST_DRAFTS]
        for share in [shared(question, words.question)]
        if share >= NEAR_SHARE
    ]
    found.sort(key=lambda one: -one[0])
    near: dict[Any, Near] = {}
    for _, words in found:
        state = State(words.state).label
        near.setdefault(words.entry_id, Near(words.entry, words.question, state))
    return list(near.values())[:MOST_SHOWN]


def _words(desk: Desk, but: Entry | None) -> QuerySet[Revision]:
    rows = _of_body(Revision.objects, desk.organization_id, but)
    return rows.filter(audience=desk.audience).select_related("entry__desk")


def shared(one: str, other: str) -> float:
    """Return how much two questions share of their pairs of characters (Dice)."""
    pairs, others = _pairs(plain(one)), _pairs(plain(other))
    whole = sum(pairs.values()) + sum(others.values())
    return 2 * sum((pairs & others).values()) / whole if whole else 0.0


def _pairs(text: str) -> Counter[str]:
    return Counter(map("".join, pairwise(text)))
