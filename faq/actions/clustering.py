"""Put questions that nothing answered together, for staff to answer them at once."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import numpy as np
from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone
from numpy.typing import NDArray

from accounts.models import User
from faq.actions.authoring import check_writes
from faq.errors import EncoderUnavailable
from faq.events import ClusterSettled
from faq.index.building import centred
from faq.index.documents import Filter
from faq.index.encoding import ENTRY_SECONDS, encoder
from faq.models import Audience, Cluster, Desk, Question, QuestionQuerySet
from faq.queries.finding import store
from faq.retrieval.grouping import grouped, middle_of, word_vectors
from faq.retrieval.guard import QUERY
from journal.actions import record
from organizations.queries import PREFECTURE

logger = logging.getLogger(__name__)

# What was asked longer ago is asked no more, or is asked again.
LOOKED_BACK = timedelta(days=90)
# Cosine from which two questions ask for the same. Measured on the sample's own test
# questions and wordings: of pairs that ask for something else .4 % lie above (mean-
# centred vectors), and .2 % (words).
NEAR_BY_VECTORS, NEAR_BY_WORDS = 0.5, 0.25
# Of one desk, the newest; a night is not longer.
_MOST_QUESTIONS = 5_000
_ENCODED_AT_ONCE = 64
_MOST_READINGS = 3
_LOCK = 6_010_003  # any constant: of a desk, one at a time
Vectors = dict[str, NDArray[np.float32]]


def desks_to_group() -> list[UUID]:
    """Return the desks with unanswered questions, or with clusters of such."""
    counted = Cluster.objects.using("worker").filter(size__gt=0)
    found = _unanswered().order_by().values_list("desk_id", flat=True)
    return sorted({*found.distinct(), *counted.values_list("desk_id", flat=True)})


def group_desk(desk_id: UUID) -> int:
    """Group the unanswered questions of a desk; return how many are grouped.

    A question that is in a cluster stays there, and a cluster keeps what staff made of
    it. While the encoder is away nothing changes.
    """
    desk = Desk.objects.using("worker").get(pk=desk_id)
    encoded: Vectors = {}
    try:
        for _ in range(_MOST_READINGS):
            # Slow, and so before the transaction; what is asked meanwhile, once more.
            encoded = _encoded(_texts(*_read(desk)), encoded)
            with transaction.atomic(using="worker"):
                if not _is_my_turn(desk):
                    return 0
                questions, clusters = _read(desk)
                texts = _texts(questions, clusters)
                if not encoder().name or encoded.keys() >= set(texts):
                    return _group(desk, questions, clusters, encoded)
        logger.warning("desk %s is asked faster than is encoded; it waits", desk_id)
    except EncoderUnavailable:
        logger.warning("encoder unavailable; questions stay as they are grouped")
    return 0


def _group(
    desk: Desk, questions: list[Question], clusters: list[Cluster], encoded: Vectors
) -> int:
    if not questions and not clusters:
        return 0
    texts = _texts(questions, clusters)
    vectors = _vectors(desk, texts, encoded)
    new = [question for question in questions if question.cluster_id is None]
    chosen = grouped(
        _stacked(vectors, [cluster.title for cluster in clusters]),
        _stacked(vectors, [question.text for question in new]),
        NEAR_BY_VECTORS if encoder().name else NEAR_BY_WORDS,
    )
    for question, number in zip(new, chosen, strict=True):
        if number == len(clusters):
            clusters.append(_begun_by(question))
        question.cluster = clusters[number]
    begun = [cluster for cluster in clusters if cluster._state.adding]  # noqa: SLF001
    Cluster.objects.using("worker").bulk_create(begun)
    _join(new)
    held: dict[UUID | None, list[Question]] = defaultdict(list)
    for question in questions:
        held[question.cluster_id].append(question)
    for cluster in clusters:
        _refresh(cluster, held[cluster.pk], vectors)
        if cluster.state == Cluster.State.OPEN and held[cluster.pk]:
            vector = encoded.get(cluster.title)
            nearest = _nearest(cluster.title, vector, desk)
            cluster.nearest_id, cluster.nearest_cosine = nearest
    columns = ["title", "size", "first_at", "last_at", "nearest_id", "nearest_cosine"]
    Cluster.objects.using("worker").bulk_update(clusters, columns)
    return len(questions)


def _unanswered() -> QuestionQuerySet:
    since = timezone.now() - LOOKED_BACK
    return Question.objects.using("worker").unanswered().filter(asked_at__gte=since)


def _read(desk: Desk) -> tuple[list[Question], list[Cluster]]:
    """Return the desk's newest unanswered questions, oldest first; its clusters.

    Settled clusters too, for what is asked in them again; but none that holds nothing
    any more, and so never more than questions.
    """
    of_desk = {"organization_id": desk.organization_id, "desk": desk}
    newest = _unanswered().filter(**of_desk).order_by("-asked_at")
    questions = list(reversed(newest[:_MOST_QUESTIONS]))
    holding = {question.cluster_id for question in questions} - {None}
    clusters = Cluster.objects.using("worker").filter(
        Q(size__gt=0) | Q(pk__in=holding), **of_desk
    )
    return questions, list(clusters.order_by("id"))


def _is_my_turn(desk: Desk) -> bool:
    lock = "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))"
    with connections["worker"].cursor() as cursor:
        cursor.execute(lock, [_LOCK, str(desk.pk)])
        return bool(cursor.fetchone()[0])


def _texts(questions: Sequence[Question], clusters: Sequence[Cluster]) -> list[str]:
    texts = [cluster.title for cluster in clusters]
    return list(dict.fromkeys(texts + [question.text for question in questions]))


def _encoded(texts: Sequence[str], known: Vectors) -> Vectors:
    """Return text → vector, as the encoder makes it; people's words are kept nowhere.

    Raises:
        EncoderUnavailable: there is one, and it is away.
    """
    if not encoder().name:
        return {}
    new = [text for text in texts if text not in known]
    found = dict(known)
    for at in range(0, len(new), _ENCODED_AT_ONCE):
        batch = new[at : at + _ENCODED_AT_ONCE]
        marked = [QUERY + text for text in batch]
        made = encoder().encode(marked, seconds=ENTRY_SECONDS)
        found |= dict(zip(batch, made, strict=True))
    return found


def _vectors(desk: Desk, texts: list[str], encoded: Vectors) -> Vectors:
    """Return text → vector, without what all questions of the audience share."""
    if not encoded:
        return dict(zip(texts, word_vectors(texts), strict=True))
    raw = np.stack([encoded[text] for text in texts])
    index = store(desk.audience).current()
    if index is not None and index.model == encoder().name and len(index):
        raw = centred(raw, index.segments[0].means[0])
    return dict(zip(texts, raw, strict=True))


def _stacked(vectors: Vectors, texts: list[str]) -> NDArray[np.float32]:
    width = len(next(iter(vectors.values())))
    if not texts:
        return np.zeros((0, width), np.float32)
    return np.stack([vectors[text] for text in texts])


def _begun_by(question: Question) -> Cluster:
    return Cluster(
        organization_id=question.organization_id,
        desk_id=question.desk_id,
        title=question.text,
        first_at=question.asked_at,
        last_at=question.asked_at,
    )


def _join(questions: list[Question]) -> None:
    """Write down which cluster each question is in."""
    Question.objects.using("worker").bulk_update(questions, ["cluster"])


def _refresh(cluster: Cluster, questions: list[Question], vectors: Vectors) -> None:
    """Count again, and say what the cluster asks in the words of its middle."""
    cluster.size = len(questions)
    if not questions:
        return
    cluster.first_at = min(question.asked_at for question in questions)
    cluster.last_at = max(question.asked_at for question in questions)
    if cluster.state == Cluster.State.OPEN:
        texts = [question.text for question in questions]
        cluster.title = texts[middle_of(_stacked(vectors, texts))]


def _nearest(
    text: str, vector: NDArray[np.float32] | None, desk: Desk
) -> tuple[UUID | None, float | None]:
    """Return the entry that comes nearest to answering, with its cosine."""
    index = store(desk.audience).current()
    if index is None:
        return None, None
    bodies = {desk.organization_id}
    if desk.audience == Audience.RESIDENT:
        bodies.add(PREFECTURE)
    allowed = Filter(organizations=sorted(bodies), on=timezone.localdate())
    if encoder().name != index.model:
        vector = None
    matches = index.search(text, vector, allowed, most=1).matches
    return (matches[0].id, matches[0].cosine) if matches else (None, None)


@transaction.atomic
def settle_cluster(cluster: Cluster, state: str, *, by: User) -> Cluster:
    """Note what staff made of it; the same once more changes nothing.

    Raises:
        RoleMissing: `by` writes nothing for the body.
    """
    check_writes(by, cluster.organization_id)
    cluster = Cluster.objects.select_for_update().get(
        organization_id=cluster.organization_id, pk=cluster.pk
    )
    if cluster.state != state:
        cluster.state = state
        if state == Cluster.State.OPEN:
            cluster.learned_id = None
        cluster.save(update_fields=["state", "learned_id"])
        event = ClusterSettled(
            organization_id=cluster.organization_id,
            cluster_id=cluster.pk,
            state=state,
        )
        record(event, by=by)
    return cluster
