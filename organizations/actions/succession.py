"""When the day comes, one department takes over from another; told once."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from foundation.tenancy.scope import Scope, scoped
from journal.actions import PORTAL, record
from journal.models import Entry
from organizations.actions.turns import take_turn
from organizations.events import DepartmentSucceeded
from organizations.models import Department, Membership
from organizations.queries import department_in_charge


def take_over_due() -> int:
    """Let departments take over in every body whose day has come; return how many."""
    bodies = (
        _due(Department.objects.using("worker"), timezone.localdate())
        .order_by("organization_id")
        .values_list("organization_id", flat=True)
        .distinct()
    )
    taken = 0
    for body in list(bodies):
        with scoped(Scope(organization_ids=frozenset({body}))):
            taken += take_over(body)
    return taken


@transaction.atomic
def take_over(organization_id: int) -> int:
    """Tell of each department of the body that others have taken over from by today.

    Members go along here; offerings and open cases follow when their floors hear of
    it. What was told before is not told again.
    """
    take_turn(organization_id)
    today = timezone.localdate()
    rows = Department.objects.filter(organization_id=organization_id)
    ended = list(_due(rows, today))
    for department in ended:
        heir = department_in_charge(department.pk, today)
        _members_of(department, today).update(department_id=heir)
        record(
            DepartmentSucceeded(
                organization_id=organization_id,
                department_id=department.pk,
                successor_id=heir,
            ),
            by=PORTAL,
        )
    return len(ended)


def _due(departments: Any, today: date) -> Any:
    """Return those that have ended with a successor of which nobody was told."""
    told = Entry.objects.filter(
        subject_id=OuterRef("pk"), name=DepartmentSucceeded.name
    )
    return departments.filter(
        ~Exists(told), successor__isnull=False, valid_until__lte=today
    )


def _members_of(department: Department, today: date) -> Any:
    """Return the roles there that have not ended, those still to begin among them."""
    return Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=today),
        organization_id=department.organization_id,
        department=department,
    )
