"""Ask the index of today the questions whose right answer the desks know.

For all bodies, and so as the worker: nothing here runs within a request.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from faq.decision import Thresholds
from faq.errors import NotMeasurable
from faq.index.building import Lookup
from faq.index.documents import Filter
from faq.index.encoding import encoder
from faq.index.searching import Found
from faq.models import Audience, Entry, Expectation, Language, TestQuestion, TestSet
from faq.queries.evaluating import Case, Measured, measure
from faq.queries.finding import MOST_FOUND, asking_as_resident, store
from faq.queries.thresholds import active_thresholds
from faq.retrieval.guard import QUERY, guarded
from organizations.queries import PREFECTURE, organization_names

ALL, OF_BODY, OF_DESK, OF_LANGUAGE = "", "body:", "desk:", "language:"
_BEST, _ALSO_RIGHT = 2.0, 1.0


@dataclass(frozen=True)
class Rehearsal:
    """Questions, what the index found for each, and the keys of what it found.

    A code is an entry's within its body alone: the key says both.
    """

    cases: list[Case]
    found: dict[str, Found]
    """Key of the case → what was found."""
    keys: dict[UUID, str]
    labels: dict[str, str]
    """Group → what people call it."""

    def measured(self, thresholds: Thresholds) -> Measured:
        """Return the figures under these thresholds; nothing is asked again."""
        return measure(self.cases, self.found.__getitem__, self.keys_of, thresholds)

    def keys_of(self, found: Found) -> Sequence[str]:
        """Return the keys of what was found, best first."""
        return [self.keys.get(match.id, "") for match in found.matches]


def frozen_sets(audience: str) -> QuerySet[TestSet]:
    """Return the sets that measure thresholds: those of every body in reach."""
    sets = TestSet.objects.filter(audience=audience, frozen_at__isnull=False)
    return sets.order_by("organization_id", "pk")


def basis_of(audience: str, sets: QuerySet[TestSet]) -> str:
    """Return what changes when a measurement no longer tells of today.

    Args:
        audience: Whose thresholds.
        sets: The frozen sets of all bodies.
    """
    index = store(audience).current()
    known = [
        sorted(str(key) for key in sets.values_list("pk", flat=True)),
        vars(active_thresholds(audience)),
        index.model if index else "",
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def rehearsed(test_sets: Collection[TestSet], lookup: Lookup) -> Rehearsal:
    """Ask every question of the sets, as its asker would, of the index that serves.

    Args:
        test_sets: Of one audience.
        lookup: Returns the vectors of texts.

    Raises:
        NotMeasurable: there is no question, no index, or no encoder.
        EncoderUnavailable: there is one, and it is away.
    """
    questions = [
        (test_set, question)
        for test_set in test_sets
        for question in TestQuestion.objects.using("worker")
        .filter(organization_id=test_set.organization_id, test_set=test_set)
        .select_related("desk")
    ]
    if not questions:
        raise NotMeasurable
    audience = questions[0][0].audience
    index = store(audience).current()
    if index is None or not index.model or index.model != encoder().name:
        # Words alone answer nothing, and so nothing wrongly: that is no figure.
        raise NotMeasurable
    bodies = _bodies(audience, (question for _, question in questions))
    vectors = lookup([QUERY + guarded(question.text) for _, question in questions])
    cases: list[Case] = []
    found: dict[str, Found] = {}
    for (test_set, question), vector in zip(questions, vectors, strict=True):
        meant = [_meant(test_set, code, bodies) for code in question.entry_codes]
        cases.append(case_of(question, meant))
        found[str(question.pk)] = index.search(
            guarded(question.text),
            vector,
            _allowed(test_set, question, meant),
            most=MOST_FOUND,
        )
    return Rehearsal(
        cases=cases,
        found=found,
        keys=_keys(found.values()),
        labels=_labels(question for _, question in questions),
    )


def case_of(question: TestQuestion, meant: Sequence[tuple[int, str]]) -> Case:
    """Return a test question as it is measured; its first entry is the best."""
    right = [key_of(*entry) for entry in meant]
    grades = dict.fromkeys(right, _ALSO_RIGHT) | dict.fromkeys(right[:1], _BEST)
    return Case(
        text=question.text,
        grades=grades,
        groups=tuple(_groups(question)),
        far=question.expectation == Expectation.FAR,
        key=str(question.pk),
    )


def key_of(organization_id: int, code: str) -> str:
    """Return what stands for an entry, or a desk, among those of all bodies."""
    return f"{organization_id}/{code}"


def _groups(question: TestQuestion) -> dict[str, str]:
    """Return what a question counts under besides all: group → what it is called."""
    body, desk = question.organization_id, question.desk
    name = organization_names()[body]
    groups = {f"{OF_BODY}{body}": name}
    if desk is not None:
        groups[f"{OF_DESK}{key_of(body, desk.code)}"] = f"{name} {desk.name}"
    language = Language(question.language)
    return groups | {f"{OF_LANGUAGE}{language}": str(language.label)}


def _labels(questions: Iterable[TestQuestion]) -> dict[str, str]:
    labels = {ALL: "すべて"}
    for question in questions:
        labels |= _groups(question)
    return labels


def _allowed(
    test_set: TestSet, question: TestQuestion, meant: Sequence[tuple[int, str]]
) -> Filter:
    """Return within what it is asked: a town's question from that town."""
    bodies: Sequence[int] = (test_set.organization_id,)
    if test_set.audience == Audience.RESIDENT:
        place = meant[0][0] if meant else test_set.organization_id
        bodies = asking_as_resident(question.text, place=place).organizations
    return Filter(organizations=bodies, on=timezone.localdate())


def _meant(
    test_set: TestSet, code: str, bodies: dict[str, set[int]]
) -> tuple[int, str]:
    """Return the body and the code of the entry: the set's own body's goes first."""
    having = bodies[code]
    own = test_set.organization_id
    if own in having or not having:
        return own, code
    return (PREFECTURE if PREFECTURE in having else min(having)), code


def _bodies(audience: str, questions: Iterable[TestQuestion]) -> dict[str, set[int]]:
    """Return code → bodies with an entry of that code."""
    wanted = {code for question in questions for code in question.entry_codes}
    rows = Entry.objects.using("worker").answering(audience, on=timezone.localdate())
    having: dict[str, set[int]] = defaultdict(set)
    for code, body in rows.filter(code__in=wanted).values_list(
        "code", "organization_id"
    ):
        having[code].add(body)
    return having


def _keys(found: Iterable[Found]) -> dict[UUID, str]:
    ids = {match.id for one in found for match in one.matches}
    rows = Entry.objects.using("worker").filter(pk__in=ids)
    return {
        pk: key_of(body, code)
        for pk, body, code in rows.values_list("pk", "organization_id", "code")
    }
