"""Offer procedures, say where and when, show them to the public or no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.actions import PORTAL, record, record_all
from organizations.models import Department, Role
from organizations.queries import department_in_charge, has_role
from procedures.errors import NotPublisher, OfferingUnusable
from procedures.events import (
    OfferingChanged,
    OfferingMoved,
    OfferingOpened,
    OfferingPublished,
    OfferingWithdrawn,
    ProcedurePublished,
    ProcedureWithdrawn,
)
from procedures.models import Offering, Procedure


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a body says of a procedure that it offers."""

    department: Department
    note: str = ""
    other_ways: str = ""
    deciding_authority: str = ""
    review_authority: str = ""
    represented_by: str = ""
    review_first: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def _check(by: User, organization_id: int) -> None:
    if not has_role(by, organization_id, Role.PUBLISHER):
        raise NotPublisher


def _check_terms(organization_id: int, terms: Terms) -> None:
    department, today = terms.department, timezone.localdate()
    ended = department.valid_until is not None and department.valid_until <= today
    if department.organization_id != organization_id or ended:
        message = "担当部署は、いまある自分の団体の部署から選んでください。"
        raise OfferingUnusable(message)
    if terms.opens_at and terms.closes_at and terms.closes_at <= terms.opens_at:
        message = "受付終了は、受付開始より後の日時にしてください。"
        raise OfferingUnusable(message)


@transaction.atomic
def open_offering(
    procedure: Procedure, organization_id: int, terms: Terms, *, by: User
) -> Offering:
    """Enter a procedure that the body offers; the public sees it once published.

    Raises:
        NotPublisher: `by` does not publish for the body.
        OfferingUnusable: the body offers it already, or the terms do not fit.
    """
    _check(by, organization_id)
    _check_terms(organization_id, terms)
    offering, is_new = Offering.objects.get_or_create(
        organization_id=organization_id, procedure=procedure, defaults=vars(terms)
    )
    if not is_new:
        message = f"「{procedure}」の受付は、すでに登録されています。"
        raise OfferingUnusable(message)
    record(
        OfferingOpened(
            organization_id=organization_id,
            offering_id=offering.pk,
            procedure_id=procedure.pk,
        ),
        by=by,
    )
    return offering


@transaction.atomic
def change_offering(offering: Offering, terms: Terms, *, by: User) -> Offering:
    """Say where, how and when the body takes filings, from now on.

    Raises:
        NotPublisher: `by` does not publish for the body.
        OfferingUnusable: the terms do not fit.
    """
    _check(by, offering.organization_id)
    _check_terms(offering.organization_id, terms)
    offering = _locked(offering)
    changed = {
        name: value
        for name, value in vars(terms).items()
        if getattr(offering, name) != value
    }
    if changed:
        for name, value in changed.items():
            setattr(offering, name, value)
        offering.save(update_fields=list(changed))
        record(
            OfferingChanged(
                organization_id=offering.organization_id,
                offering_id=offering.pk,
                fields=tuple(changed),
            ),
            by=by,
        )
    return offering


@transaction.atomic
def publish_offering(offering: Offering, *, by: User) -> Offering:
    """Let the public see the offering; once is enough.

    Raises:
        NotPublisher: `by` does not publish for the body.
    """
    _check(by, offering.organization_id)
    offering = _locked(offering)
    if _publish(offering):
        event = OfferingPublished(
            organization_id=offering.organization_id, offering_id=offering.pk
        )
        record(event, by=by)
    return offering


@transaction.atomic
def withdraw_offering(offering: Offering, *, by: User) -> Offering:
    """Show the offering to the public no more; cases under it go on.

    Raises:
        NotPublisher: `by` does not publish for the body.
    """
    _check(by, offering.organization_id)
    offering = _locked(offering)
    if _withdraw(offering):
        event = OfferingWithdrawn(
            organization_id=offering.organization_id, offering_id=offering.pk
        )
        record(event, by=by)
    return offering


@transaction.atomic
def publish_procedure(procedure: Procedure, *, by: User) -> Procedure:
    """Let the public see the procedure, and bodies offer it; once is enough.

    Raises:
        NotPublisher: `by` does not publish for the body that owns it.
    """
    _check(by, procedure.organization_id)
    procedure = _locked(procedure)
    if _publish(procedure):
        event = ProcedurePublished(
            organization_id=procedure.organization_id, procedure_id=procedure.pk
        )
        record(event, by=by)
    return procedure


@transaction.atomic
def withdraw_procedure(procedure: Procedure, *, by: User) -> Procedure:
    """Show the procedure, and every offering of it, to the public no more.

    Raises:
        NotPublisher: `by` does not publish for the body that owns it.
    """
    _check(by, procedure.organization_id)
    procedure = _locked(procedure)
    if _withdraw(procedure):
        event = ProcedureWithdrawn(
            organization_id=procedure.organization_id, procedure_id=procedure.pk
        )
        record(event, by=by)
    return procedure


@transaction.atomic
def move_offerings(organization_id: int, department_id: UUID) -> int:
    """Give what a department offered to the one in charge today; return how many."""
    heir = department_in_charge(department_id, timezone.localdate())
    if heir == department_id:
        return 0
    rows = Offering.objects.select_for_update(of=("self",)).filter(
        organization_id=organization_id, department_id=department_id
    )
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    Offering.objects.filter(organization_id=organization_id, pk__in=moved).update(
        department_id=heir
    )
    record_all(
        [
            OfferingMoved(
                organization_id=organization_id,
                offering_id=offering_id,
                from_department_id=department_id,
                to_department_id=heir,
            )
            for offering_id in moved
        ],
        by=PORTAL,
    )
    return len(moved)


def _locked(row: Any) -> Any:
    """Read the row again, held until the transaction ends."""
    rows = type(row).objects.select_for_update(of=("self",))
    return rows.get(organization_id=row.organization_id, pk=row.pk)


def _publish(row: Procedure | Offering) -> bool:
    """Publish the row; False where it is published."""
    if row.is_published:
        return False
    row.published_at = row.published_at or timezone.now()
    row.withdrawn_at = None
    row.save(update_fields=["published_at", "withdrawn_at"])
    return True


def _withdraw(row: Procedure | Offering) -> bool:
    """End the publication of the row; False where it is not published."""
    if not row.is_published:
        return False
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    return True
