"""Propose thresholds, and let none hold that makes it worse for anybody."""

from datetime import timedelta
from functools import partial

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from faq.actions.measuring import ask_worker
from faq.decision import Thresholds
from faq.errors import CalibrationWorse, ProposalOutdated, RoleMissing
from faq.events import CalibrationActivated
from faq.models import Calibration, Progress, Proposal
from faq.queries.rehearsing import basis_of, frozen_sets
from faq.queries.thresholds import cache_key
from foundation.tenancy.scope import scoped
from journal.actions import record
from organizations.models import Role
from organizations.queries import PREFECTURE, everywhere, has_role

# Entries change day by day, and with them what thresholds let through.
MEASURED_FOR = timedelta(days=1)
_LOCK = 6_010_004  # any constant: one activation at a time


def check_calibrates(by: User) -> None:
    """Raise RoleMissing unless `by` administers the prefecture, for all bodies."""
    if not has_role(by, PREFECTURE, Role.ADMINISTRATOR):
        raise RoleMissing


@transaction.atomic
def propose_thresholds(audience: str, proposed: Thresholds, *, by: User) -> Proposal:
    """Have other thresholds measured on the frozen sets of all bodies.

    The same that wait already are not measured twice.

    Raises:
        RoleMissing: `by` does not administer the prefecture.
    """
    check_calibrates(by)
    values = {"audience": audience, **as_kept(proposed)}
    waiting = Proposal.objects.filter(state=Progress.WAITING, **values).first()
    made = waiting or Proposal.objects.create(proposed_by=by, **values)
    ask_worker()
    return made


@transaction.atomic
def measure_again(proposal: Proposal, *, by: User) -> Proposal:
    """Have a proposal measured once more: it failed, or what it told is over.

    Raises:
        RoleMissing: `by` does not administer the prefecture.
    """
    check_calibrates(by)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state != Progress.WAITING and proposal.calibration_id is None:
        proposal.state, proposal.failure = Progress.WAITING, ""
        proposal.measured_at = proposal.begun_at = None
        proposal.attempts, proposal.effect, proposal.basis = 0, {}, ""
        proposal.save()
        ask_worker()
    return proposal


@transaction.atomic
def activate_proposal(proposal: Proposal, *, by: User) -> Calibration:
    """Let the proposed thresholds decide from now on, for all bodies.

    Raises:
        RoleMissing: `by` does not administer the prefecture.
        ProposalOutdated: it was not measured on just what would measure it today.
        CalibrationWorse: says what gets worse.
    """
    check_calibrates(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.calibration is not None:
        return proposal.calibration
    if not is_current(proposal):
        raise ProposalOutdated
    if refused := proposal.effect["refusals"]:
        raise CalibrationWorse(CalibrationWorse.sentence + "".join(refused))
    proposal.calibration = Calibration.objects.create(
        audience=proposal.audience,
        **as_kept(proposal.thresholds),
        activated_by=by,
        effect=proposal.effect,
    )
    proposal.save(update_fields=["calibration"])
    record(
        CalibrationActivated(
            organization_id=PREFECTURE,
            calibration_id=proposal.calibration.pk,
            audience=proposal.audience,
        ),
        by=by,
    )
    transaction.on_commit(partial(cache.delete, cache_key(proposal.audience)))
    return proposal.calibration


def is_current(proposal: Proposal) -> bool:
    """Tell whether it was measured of late, on the sets and thresholds of now."""
    if proposal.measured_at is None:
        return False
    with scoped(everywhere()):
        basis = basis_of(proposal.audience, frozen_sets(proposal.audience))
    is_fresh = timezone.now() - proposal.measured_at < MEASURED_FOR
    return is_fresh and proposal.basis == basis


def as_kept(thresholds: Thresholds) -> dict[str, float]:
    """Return thresholds by their names."""
    return {
        "answer_from": thresholds.answer_from,
        "offer_from": thresholds.offer_from,
        "lead_from": thresholds.lead_from,
    }
