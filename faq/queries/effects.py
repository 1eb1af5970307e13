"""What other thresholds change on the frozen test sets, and whether they may hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from faq.decision import MOST_CANDIDATES, Evidence, Outcome, Thresholds, decide
from faq.queries.evaluating import Case
from faq.queries.rehearsing import ALL, OF_BODY, OF_DESK, Rehearsal

# Whose wrong answer costs somebody a right or a job: no more than this share of their
# questions may be answered directly and wrongly (docs/faq.md).
STRICT_DESKS = ("consumer", "labour")
MOST_WRONG_SHARE = 0.02


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
class Effect:
    """What other thresholds would change on the frozen test sets."""

    rows: list[tuple[Counts, Counts]]
    """Before and after: of all, of each body's, each desk's and each language's."""
    figures: dict[str, object]
    refusals: list[str]
    """Why they may not be activated; empty: they may."""

    def as_kept(self) -> dict[str, object]:
        """Return what is kept beside the proposed thresholds."""
        rows = [[_kept(before), _kept(after)] for before, after in self.rows]
        return {**self.figures, "rows": rows, "refusals": self.refusals}


def effect_of(rehearsal: Rehearsal, active: Thresholds, proposed: Thresholds) -> Effect:
    """Return what the proposed thresholds change on what was rehearsed."""
    before, after = rehearsal.measured(active), rehearsal.measured(proposed)
    was, would_be = counted(rehearsal, active), counted(rehearsal, proposed)
    figures: dict[str, object] = {
        "before": before.figures,
        "after": after.figures,
        "groups": after.groups,
    }
    return Effect(
        rows=[(was[name], would_be[name]) for name in sorted(was)],
        figures=figures,
        refusals=refusals(was, would_be),
    )


def counted(rehearsal: Rehearsal, thresholds: Thresholds) -> dict[str, Counts]:
    """Return what the questions meet under these thresholds, by group."""
    counts: dict[str, Counts] = {}
    for case in rehearsal.cases:
        met = _met(rehearsal, case, thresholds)
        for group in (ALL, *case.groups):
            known = counts.setdefault(group, Counts(rehearsal.labels[group]))
            known.questions += 1
            setattr(known, met, getattr(known, met) + 1)
            known.lost += met == "handed" and bool(case.grades)
            known.beyond += met == "wrong" and not case.grades
    bodies = [group for group in counts if group.startswith(OF_BODY)]
    if len(bodies) == 1:
        del counts[bodies[0]]  # the same as of all
    return counts


def _met(rehearsal: Rehearsal, case: Case, thresholds: Thresholds) -> str:
    found = rehearsal.found[case.key]
    ranked = rehearsal.keys_of(found)
    evidence = [Evidence(match.score, match.cosine) for match in found.matches]
    outcome = decide(evidence, found.confidence, thresholds, by_words=found.by_words)
    if outcome == Outcome.HAND_OVER:
        return "handed"
    if outcome == Outcome.ANSWER:
        return "right" if case.grades.get(ranked[0]) else "wrong"
    shown = ranked[:MOST_CANDIDATES]
    return "offered" if any(case.grades.get(code) for code in shown) else "missed"


def refusals(counted_: Mapping[str, Counts], other: Mapping[str, Counts]) -> list[str]:
    """Say what gets worse for anybody, or stays too bad; no ranking is changed."""
    told = []
    for group in sorted(counted_):
        is_strict = group.startswith(OF_DESK) and group.endswith(
            tuple(f"/{code}" for code in STRICT_DESKS)
        )
        if not is_strict and group != ALL and not group.startswith(OF_BODY):
            continue
        was, would_be = counted_[group], other[group]
        if would_be.wrong > was.wrong:
            told.append(
                f"{was.label}：誤った回答が{was.wrong}問から{would_be.wrong}問に増えます。"
            )
        too_many = would_be.wrong > MOST_WRONG_SHARE * would_be.questions
        if is_strict and too_many and would_be.wrong == was.wrong:
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


def _kept(counts: Counts) -> dict[str, object]:
    return asdict(counts) | {"wrong_percent": counts.wrong_percent}
