"""Ask the index of today the questions whose right answer the desks know."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from faq.decision import MOST_CANDIDATES, Evidence, Outcome, Thresholds, decide
from faq.errors import NotMeasurable
from faq.index.searching import Found, Index
from faq.models import Audience, Entry, Expectation, TestQuestion, TestSet
from faq.queries.evaluating import Case, Measured, measure
from faq.queries.finding import Asking, asking_as_resident, search, store
from faq.retrieval.guard import guarded
from organizations.queries import PREFECTURE

# Whose wrong answer costs somebody a right or a job: no more than this share of their
# questions may be answered directly and wrongly (docs/faq.md).
STRICT_DESKS = ("consumer", "labour")
MOST_WRONG_SHARE = 0.02
OF_DESK, OF_LANGUAGE = "desk:", "language:"
_BEST, _ALSO_RIGHT = 2.0, 1.0


@dataclass
class Counts:
    """What questions met; with `MOST_CANDIDATES` offered, one right is enough."""

    label: str
    questions: int = 0
    right: int = 0
    wrong: int = 0
    offered: int = 0
    missed: int = 0
    handed: int = 0
    lost: int = 0
    """Of `handed`, those that an entry answers."""
    beyond: int = 0
    """Of `wrong`, those that nothing answers."""

    @property
    def helped(self) -> int:
        """Questions whose right entry was shown, alone or among others."""
        return self.right + self.offered

    @property
    def wrong_percent(self) -> float:
        """Share answered directly and wrongly, in percent."""
        return round(100 * self.wrong / self.questions, 1) if self.questions else 0.0


@dataclass(frozen=True)
class Rehearsal:
    """Questions, what the index found for each, and the keys of what it found.

    A code is an entry's within its body alone: the key says both.
    """

    cases: list[Case]
    found: dict[str, Found]
    """Key of the case → what was found."""
    keys: dict[UUID, str]
    desks: dict[str, str] = field(default_factory=dict)
    """Code → name of the desks asked."""

    def measured(self, thresholds: Thresholds) -> Measured:
        """Return the figures under these thresholds; nothing is asked again."""
        return measure(self.cases, self.found.__getitem__, self.keys_of, thresholds)

    def counted(self, thresholds: Thresholds) -> dict[str, Counts]:
        """Return what the questions meet under these thresholds: all, then by desk."""
        counts = {"": Counts("すべて")}
        for case in self.cases:
            found = self.found[case.key]
            met = _met(case, self.keys_of(found), found, thresholds)
            for group in ("", *(g for g in case.groups if g.startswith(OF_DESK))):
                code = group.removeprefix(OF_DESK)
                known = counts.setdefault(code, Counts(self.desks.get(code, code)))
                known.questions += 1
                setattr(known, met, getattr(known, met) + 1)
                known.lost += met == "handed" and bool(case.grades)
                known.beyond += met == "wrong" and not case.grades
        return counts

    def keys_of(self, found: Found) -> Sequence[str]:
        """Return the keys of what was found, best first."""
        return [self.keys.get(match.id, "") for match in found.matches]


def _met(
    case: Case, ranked: Sequence[str], found: Found, thresholds: Thresholds
) -> str:
    evidence = [Evidence(match.score, match.cosine) for match in found.matches]
    outcome = decide(evidence, found.confidence, thresholds, by_words=found.by_words)
    if outcome == Outcome.HAND_OVER:
        return "handed"
    if outcome == Outcome.ANSWER:
        return "right" if case.grades.get(ranked[0]) else "wrong"
    shown = ranked[:MOST_CANDIDATES]
    return "offered" if any(case.grades.get(code) for code in shown) else "missed"


@dataclass(frozen=True)
class Effect:
    """What other thresholds would change on the frozen test sets."""

    rows: list[tuple[Counts, Counts]]
    """Before and after: of all questions, then of each desk's."""
    before: Measured
    after: Measured
    refusals: list[str]
    """Why they may not be activated; empty: they may."""

    def as_kept(self) -> dict[str, object]:
        """Return what is kept beside the activated thresholds."""
        return {
            "before": self.before.figures,
            "after": self.after.figures,
            "groups": self.after.groups,
        }


def effect_of(audience: str, active: Thresholds, proposed: Thresholds) -> Effect:
    """Return what the proposed thresholds change on all frozen sets in reach.

    Raises:
        NotMeasurable: there is no frozen set, no index, or no encoder.
    """
    frozen = TestSet.objects.filter(audience=audience, frozen_at__isnull=False)
    rehearsal = rehearsed(list(frozen.order_by("pk")))
    before, after = rehearsal.measured(active), rehearsal.measured(proposed)
    counted, other = rehearsal.counted(active), rehearsal.counted(proposed)
    return Effect(
        rows=[(counted[name], other[name]) for name in sorted(counted)],
        before=before,
        after=after,
        refusals=refusals(counted, other),
    )


def refusals(counted: dict[str, Counts], other: dict[str, Counts]) -> list[str]:
    """Say what gets worse, or stays too bad; thresholds change no ranking."""
    told = []
    for code in ("", *STRICT_DESKS):
        if code not in counted:
            continue
        was, would_be = counted[code], other[code]
        if would_be.wrong > was.wrong:
            told.append(
                f"{was.label}：誤った回答が{was.wrong}問から{would_be.wrong}問に増えます。"
            )
        too_many = would_be.wrong > MOST_WRONG_SHARE * would_be.questions
        if code and too_many and would_be.wrong == was.wrong:
            told.append(
                f"{was.label}：誤った回答が{would_be.wrong_percent}％あり、"
                f"{MOST_WRONG_SHARE:.0%}を超えます。"
            )
        if would_be.helped < was.helped:
            told.append(
                f"{was.label}：正しい項目を示せる質問が{was.helped}問から"
                f"{would_be.helped}問に減ります。"
            )
    return told


def rehearsed(test_sets: Collection[TestSet]) -> Rehearsal:
    """Ask every question of the sets, as its asker would, of the index that serves.

    Raises:
        NotMeasurable: there is no question, no index, or no encoder.
    """
    questions = [
        (test_set, question)
        for test_set in test_sets
        for question in TestQuestion.objects.filter(
            organization_id=test_set.organization_id, test_set=test_set
        ).select_related("desk")
    ]
    if not questions:
        raise NotMeasurable
    audience = questions[0][0].audience
    index = store(audience).current()
    if index is None or not index.model:
        raise NotMeasurable
    bodies = _bodies(audience, (question for _, question in questions))
    cases: list[Case] = []
    found: dict[str, Found] = {}
    for test_set, question in questions:
        meant = [_meant(test_set, code, bodies) for code in question.entry_codes]
        asking = _asking(test_set, question, meant)
        cases.append(case_of(question, meant))
        found[cases[-1].key] = _searched(index, question.text, asking)
    return Rehearsal(
        cases=cases,
        found=found,
        keys=_keys(found.values()),
        desks={q.desk.code: q.desk.name for _, q in questions if q.desk},
    )


def case_of(question: TestQuestion, meant: Sequence[tuple[int, str]]) -> Case:
    """Return a test question as it is measured; its first entry is the best."""
    right = [key_of(*entry) for entry in meant]
    grades = dict.fromkeys(right, _ALSO_RIGHT) | dict.fromkeys(right[:1], _BEST)
    groups = [f"{OF_LANGUAGE}{question.language}"]
    groups += [f"{OF_DESK}{question.desk.code}"] if question.desk else []
    return Case(
        text=question.text,
        grades=grades,
        groups=tuple(groups),
        far=question.expectation == Expectation.FAR,
        key=str(question.pk),
    )


def key_of(organization_id: int, code: str) -> str:
    """Return what stands for an entry among those of all bodies."""
    return f"{organization_id}/{code}"


def _searched(index: Index, text: str, asking: Asking) -> Found:
    found = search(index, guarded(text), asking)
    if found.matches and found.confidence is None:
        # Words alone answer nothing, and so nothing wrongly: that is no figure.
        raise NotMeasurable
    return found


def _asking(
    test_set: TestSet, question: TestQuestion, meant: Sequence[tuple[int, str]]
) -> Asking:
    """Return within what it is asked: a town's question from that town."""
    if test_set.audience == Audience.STAFF:
        return Asking(
            audience=Audience.STAFF, organizations=(test_set.organization_id,)
        )
    place = meant[0][0] if meant else test_set.organization_id
    return asking_as_resident(question.text, place=place)


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
    rows = Entry.objects.answering(audience, on=timezone.localdate())
    having: dict[str, set[int]] = defaultdict(set)
    for code, body in rows.filter(code__in=wanted).values_list(
        "code", "organization_id"
    ):
        having[code].add(body)
    return having


def _keys(found: Iterable[Found]) -> dict[UUID, str]:
    ids = {match.id for one in found for match in one.matches}
    rows = Entry.objects.filter(pk__in=ids)
    return {
        pk: key_of(body, code)
        for pk, body, code in rows.values_list("pk", "organization_id", "code")
    }
