"""Measure with what the desks know, and let no threshold make it worse."""

import logging
from functools import partial

from django.core.cache import cache
from django.db import connection, transaction

from accounts.models import User
from faq.actions.test_sets import check_keeps
from faq.decision import Thresholds
from faq.errors import CalibrationWorse, NotMeasurable, RoleMissing
from faq.events import CalibrationActivated
from faq.models import Calibration, Evaluation, IndexVersion, TestSet
from faq.queries.rehearsing import effect_of, rehearsed
from faq.queries.thresholds import active_thresholds, cache_key, thresholds_of
from foundation.tenancy.scope import Scope, scoped
from journal.actions import record
from organizations.models import Role
from organizations.queries import PREFECTURE, has_role

logger = logging.getLogger(__name__)

_MOST_WRONG_KEPT = 100
_LOCK = 6_010_004  # any constant: one activation at a time


def evaluate_test_set(test_set: TestSet, *, by: User | None) -> Evaluation:
    """Ask its questions of the index that serves, and keep the figures.

    Args:
        test_set: Frozen or not; only a frozen one is comparable later.
        by: Who wants to know; None: the clock.

    Raises:
        RoleMissing: `by` keeps no sets of the body.
        NotMeasurable: there is no question, no index, or no encoder.
    """
    if by is not None:
        check_keeps(by, test_set.organization_id)
    active = thresholds_of(test_set.audience)
    measured = rehearsed([test_set]).measured(active)
    latest = IndexVersion.objects.filter(audience=test_set.audience).first()
    return Evaluation.objects.create(
        organization_id=test_set.organization_id,
        test_set=test_set,
        index_number=latest.number if latest else 0,
        thresholds=as_kept(active),
        figures={
            "all": measured.figures,
            "groups": measured.groups,
            "wrong": measured.wrong[:_MOST_WRONG_KEPT],
        },
        measured_by=by,
    )


def evaluate_frozen_sets() -> list[Evaluation]:
    """Measure every frozen set of every body, each within its body; by the clock."""
    frozen = TestSet.objects.using("worker").filter(frozen_at__isnull=False)
    measured = []
    for body, key in frozen.order_by("pk").values_list("organization_id", "pk"):
        with scoped(Scope(organization_ids=frozenset({body}))):
            test_set = TestSet.objects.filter(pk=key).first()
            try:
                if test_set is not None:
                    measured.append(evaluate_test_set(test_set, by=None))
            except NotMeasurable:
                logger.warning("test set %s was not measured", key)
    return measured


def check_calibrates(by: User) -> None:
    """Raise RoleMissing unless `by` administers the prefecture, for all bodies."""
    if not has_role(by, PREFECTURE, Role.ADMINISTRATOR):
        raise RoleMissing


@transaction.atomic
def activate_thresholds(
    audience: str, proposed: Thresholds, *, by: User
) -> Calibration:
    """Let other thresholds decide from now on, unless the frozen sets get worse.

    Raises:
        RoleMissing: `by` does not administer the prefecture.
        NotMeasurable: there is nothing that could tell.
        CalibrationWorse: says what gets worse.
    """
    check_calibrates(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    effect = effect_of(audience, active_thresholds(audience), proposed)
    if effect.refusals:
        raise CalibrationWorse(CalibrationWorse.sentence + "".join(effect.refusals))
    calibration = Calibration.objects.create(
        audience=audience,
        **as_kept(proposed),
        activated_by=by,
        effect=effect.as_kept(),
    )
    record(
        CalibrationActivated(
            organization_id=PREFECTURE,
            calibration_id=calibration.pk,
            audience=audience,
        ),
        by=by,
    )
    transaction.on_commit(partial(cache.delete, cache_key(audience)))
    return calibration


def as_kept(thresholds: Thresholds) -> dict[str, float]:
    """Return thresholds by their names."""
    return {
        "answer_from": thresholds.answer_from,
        "offer_from": thresholds.offer_from,
        "lead_from": thresholds.lead_from,
    }
