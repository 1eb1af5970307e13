"""Whether a question can ever be asked: some set of answers must lead to it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from applications.formspec.conditions import (
    Condition,
    Constant,
    Predicate,
    comparisons,
    compile_condition,
    conjuncts,
    variables,
)
from applications.formspec.pages import Page

# Far more than the conditions of a form need that a person can follow; half a second.
MOST_TRIALS = 100_000


class TooManyTrials(Exception):
    """The conditions combine more answers than can be tried."""


@dataclass(frozen=True)
class _Question:
    """A field that conditions look at, and the answers worth trying for it."""

    answers: list[Any]
    asked_if: list[Predicate]
    needs: frozenset[str]


class Explorer:
    """Tries answers question by question until conditions hold.

    The conditions of the form must already be known to be well-typed and to look only
    at earlier questions.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        constants: dict[str, set[Constant]] = defaultdict(set)
        for page in pages:
            for item in page.items:
                for condition in page.conditions(item):
                    for comparison in comparisons(condition):
                        constants[comparison.key].update(comparison.constants)
        self._questions: dict[str, _Question] = {}
        for page in pages:
            for field in page.fields:
                if field.key not in constants:
                    continue
                conditions = page.conditions(field)
                answers = field.representatives(constants[field.key])
                self._questions[field.key] = _Question(
                    answers if field.required else [*answers, None],
                    [compile_condition(condition) for condition in conditions],
                    self._needs(conditions) | {field.key},
                )

    def can_hold(self, conditions: Sequence[Condition]) -> bool:
        """Tell whether some answers make all the conditions hold.

        Raises:
            TooManyTrials: it could not be found out.
        """
        needs = self._needs(conditions)
        order = [key for key in self._questions if key in needs]
        # Each part of the conditions is judged as soon as its last answer is there.
        due: list[list[Predicate]] = [[] for _ in order]
        for condition in conditions:
            for part in conjuncts(condition):
                last = max(order.index(key) for key in variables(part))
                due[last].append(compile_condition(part))
        steps = [
            (key, self._questions[key], parts)
            for key, parts in zip(order, due, strict=True)
        ]
        trials = 0

        def lead_on(position: int, given: dict[str, Any]) -> bool:
            nonlocal trials
            if position == len(steps):
                return True
            key, question, parts = steps[position]
            asked = all(holds(given) for holds in question.asked_if)
            for answer in question.answers if asked else [None]:
                trials += 1
                if trials > MOST_TRIALS:
                    raise TooManyTrials
                now = {**given, key: answer}
                if all(holds(now) for holds in parts) and lead_on(position + 1, now):
                    return True
            return False

        return lead_on(0, {})

    def _needs(self, conditions: Iterable[Condition]) -> frozenset[str]:
        direct = {key for condition in conditions for key in variables(condition)}
        return frozenset(key for one in direct for key in self._questions[one].needs)
