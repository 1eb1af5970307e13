"""Measure what was asked for, row by row: as the worker, for all bodies.

Encoding takes minutes; nothing here keeps a transaction open meanwhile. What was
encoded is kept, so that who takes over from a killed worker goes on where it was.
"""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from faq.actions.indexing import vectors_of
from faq.actions.test_sets import check_keeps
from faq.errors import EncoderUnavailable, NotMeasurable
from faq.models import Evaluation, IndexVersion, Progress, Proposal, TestSet
from faq.queries.effects import effect_of
from faq.queries.rehearsing import OF_BODY, Rehearsal, basis_of, frozen_sets, rehearsed
from faq.queries.thresholds import active_thresholds

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
_MOST_WRONG_KEPT = 100
_LONGEST_RUN_SECONDS = 60  # an index waits in the same queue
_NO_ENCODER = (
    "エンコーダーが応答しませんでした。しばらく待ってから、もう一度測ってください。"
)
_BROKEN = "途中で止まりました。もう一度測ってください。"

ring: list[Callable[[], object]] = []
"""What to call after a commit that asked for a measurement; `faq.tasks` fills it."""


def ask_worker() -> None:
    """Wake a worker after the commit; a lost ring waits for the next beat."""
    for bell in ring:
        transaction.on_commit(bell, robust=True)


@transaction.atomic
def evaluate_test_set(test_set: TestSet, *, by: User) -> Evaluation:
    """Have the questions asked of the index that serves; the row fills later.

    Args:
        test_set: Frozen or not; only a frozen one is comparable later.
        by: Who wants to know.

    Raises:
        RoleMissing: `by` keeps no sets of the body.
    """
    check_keeps(by, test_set.organization_id)
    Evaluation.objects.bulk_create(
        [_evaluation(test_set, measured_by=by)], ignore_conflicts=True
    )
    ask_worker()
    # The newest: a worker may have measured it already.
    return Evaluation.objects.filter(
        organization_id=test_set.organization_id, test_set=test_set
    )[0]


def evaluate_frozen_sets() -> int:
    """Have every frozen set of every body measured; return how many there are."""
    frozen = TestSet.objects.using("worker").filter(frozen_at__isnull=False)
    rows = [_evaluation(test_set) for test_set in frozen]
    Evaluation.objects.using("worker").bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _evaluation(test_set: TestSet, **fields: Any) -> Evaluation:
    return Evaluation(
        organization_id=test_set.organization_id, test_set_id=test_set.pk, **fields
    )


def measure_due() -> int:
    """Measure what waits, one after the other; return how many were measured."""
    count, begun = 0, monotonic()
    while monotonic() - begun < _LONGEST_RUN_SECONDS:
        proposal = _claim(Proposal)
        if proposal is not None:
            count += _measure(proposal, _effect)
            continue
        evaluation = _claim(Evaluation)
        if evaluation is None:
            break
        count += _measure(evaluation, _figures)
    return count


def _claim(model: type[Any]) -> Any:
    """Take the row that waits longest, until its lease ends."""
    with transaction.atomic(using="worker"):
        rows = model.objects.using("worker")
        row = rows.due().select_for_update(skip_locked=True).first()
        if row is not None:
            row.begun_at = timezone.now()
            row.attempts += 1
            row.save(using="worker", update_fields=["begun_at", "attempts"])
    return row


def _measure(row: Any, measured: Callable[[Any], dict[str, Any]]) -> bool:
    """Measure a row, and write down what came of it, failure or figures."""
    if row.attempts > MOST_ATTEMPTS:
        return _settle(row, state=Progress.FAILED, failure=_BROKEN)
    try:
        kept = measured(row)
    except NotMeasurable as error:
        return _settle(row, state=Progress.FAILED, failure=str(error))
    except EncoderUnavailable:
        return _settle(row, state=Progress.FAILED, failure=_NO_ENCODER)
    except Exception:
        # Nothing may stop the rows behind this one.
        logger.exception("not measured", extra={"row": str(row.pk)})
        return _settle(row, state=Progress.FAILED, failure=_BROKEN)
    kept |= {"state": Progress.DONE, "measured_at": timezone.now()}
    return _settle(row, **kept)


def _settle(row: Any, **changed: Any) -> bool:
    """Write it down, unless another has taken over or it was asked for anew."""
    rows = type(row).objects.using("worker")
    mine = rows.filter(pk=row.pk, state=Progress.WAITING, begun_at=row.begun_at)
    return bool(mine.update(**changed)) and changed["state"] == Progress.DONE


def _effect(proposal: Proposal) -> dict[str, Any]:
    """Return what the proposed thresholds change on the sets of all bodies."""
    sets = frozen_sets(proposal.audience).using("worker")
    # Before asking: a set that is frozen meanwhile makes it outdated.
    basis = basis_of(proposal.audience, sets)
    active = active_thresholds(proposal.audience)
    rehearsal = rehearsed(list(sets), vectors_of)
    effect = effect_of(rehearsal, active, proposal.thresholds)
    return {"effect": effect.as_kept(), "basis": basis}


def _figures(evaluation: Evaluation) -> dict[str, Any]:
    """Return the figures of a set under the thresholds that hold."""
    test_set = TestSet.objects.using("worker").get(
        organization_id=evaluation.organization_id, pk=evaluation.test_set_id
    )
    active = active_thresholds(test_set.audience)
    rehearsal = rehearsed([test_set], vectors_of)
    latest = IndexVersion.objects.using("worker").filter(audience=test_set.audience)
    version = latest.first()
    return {
        "figures": _kept(rehearsal, rehearsal.measured(active)),
        "thresholds": vars(active),
        "index_number": version.number if version else 0,
    }


def _kept(rehearsal: Rehearsal, measured: Any) -> dict[str, Any]:
    """Return figures as they are kept; a group beside the name of its day."""
    groups = {
        name: {"label": rehearsal.labels[name], **figures}
        for name, figures in measured.groups.items()
        if not name.startswith(OF_BODY)
    }
    return {
        "all": measured.figures,
        "groups": groups,
        "wrong": measured.wrong[:_MOST_WRONG_KEPT],
    }
