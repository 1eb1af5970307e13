"""Ask the index of today the questions whose right answer the desks know."""

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

    @property
    def wrong_percent(self) -> float:
        """Share answered directly and wrongly, in percent."""
        return round(100 * self.wrong / self.questions, 1) if self.questions else 0.0


@dataclass(frozen=True)
class Rehearsal:
    """Questions, what the index found for each, and the codes of what it found."""

    cases: list[Case]
    found: dict[str, Found]
    codes: dict[UUID, str]
    desks: dict[str, str] = field(default_factory=dict)
    """Code → name of the desks asked."""

    def measured(self, thresholds: Thresholds) -> Measured:
        """Return the figures under these thresholds; nothing is asked again."""
        return measure(self.cases, self.found.__getitem__, self.codes_of, thresholds)

    def counted(self, thresholds: Thresholds) -> dict[str, Counts]:
        """Return what the questions meet under these thresholds: all, then by desk."""
        counts = {"": Counts("すべて")}
        for case in self.cases:
            found = self.found[case.text]
            met = _met(case, self.codes_of(found), found, thresholds)
            for group in ("", *(g for g in case.groups if g.startswith(OF_DESK))):
                code = group.removeprefix(OF_DESK)
                known = counts.setdefault(code, Counts(self.desks.get(code, code)))
                known.questions += 1
                setattr(known, met, getattr(known, met) + 1)
        return counts

    def codes_of(self, found: Found) -> Sequence[str]:
        """Return the codes of what was found, best first."""
        return [self.codes.get(match.id, "") for match in found.matches]


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
        refusals=refusals(before, after, counted, other),
    )


def refusals(
    before: Measured,
    after: Measured,
    counted: dict[str, Counts],
    other: dict[str, Counts],
) -> list[str]:
    """Say what gets worse, or stays too bad."""
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
    for name, label in (("ndcg_10", "nDCG@10"), ("hit_5", "hit@5")):
        if (after.figures.get(name) or 0) < (before.figures.get(name) or 0):
            told.append(f"{label}が下がります。")
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
    found: dict[str, Found] = {}
    for test_set, question in questions:
        asking = _asking(test_set, question, bodies)
        found[question.text] = _searched(index, question.text, asking)
    return Rehearsal(
        cases=[case_of(question) for _, question in questions],
        found=found,
        codes=_codes(found.values()),
        desks={q.desk.code: q.desk.name for _, q in questions if q.desk},
    )


def case_of(question: TestQuestion) -> Case:
    """Return a test question as it is measured; its first entry is the best."""
    grades = dict.fromkeys(question.entry_codes, _ALSO_RIGHT)
    grades |= dict.fromkeys(question.entry_codes[:1], _BEST)
    groups = [f"{OF_LANGUAGE}{question.language}"]
    groups += [f"{OF_DESK}{question.desk.code}"] if question.desk else []
    return Case(
        text=question.text,
        grades=grades,
        groups=tuple(groups),
        far=question.expectation == Expectation.FAR,
    )


def _searched(index: Index, text: str, asking: Asking) -> Found:
    found = search(index, guarded(text), asking)
    if found.matches and found.confidence is None:
        # Words alone answer nothing, and so nothing wrongly: that is no figure.
        raise NotMeasurable
    return found


def _asking(
    test_set: TestSet, question: TestQuestion, bodies: dict[str, int]
) -> Asking:
    """Return within what it is asked: a town's question from that town."""
    if test_set.audience == Audience.STAFF:
        return Asking(
            audience=Audience.STAFF, organizations=(test_set.organization_id,)
        )
    place = next((bodies[code] for code in question.entry_codes if code in bodies), 0)
    return asking_as_resident(question.text, place=place or test_set.organization_id)


def _bodies(audience: str, questions: Iterable[TestQuestion]) -> dict[str, int]:
    wanted = {code for question in questions for code in question.entry_codes}
    rows = Entry.objects.answering(audience, on=timezone.localdate())
    return dict(rows.filter(code__in=wanted).values_list("code", "organization_id"))


def _codes(found: Iterable[Found]) -> dict[UUID, str]:
    keys = {match.id for one in found for match in one.matches}
    return dict(Entry.objects.filter(pk__in=keys).values_list("pk", "code"))
