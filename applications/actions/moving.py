"""Let open cases follow the department that took over."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from applications.events import ApplicationMoved
from applications.models import Application
from journal.actions import PORTAL, record_all
from organizations.queries import department_in_charge

BATCH = 1000


@transaction.atomic
def move_open_applications(organization_id: int, department_id: UUID) -> int:
    """Give open cases of a department to the one in charge today; return how many.

    Papers keep the name they were made with, and closed cases their department.
    """
    heir = department_in_charge(department_id, timezone.localdate())
    if heir == department_id:
        return 0
    in_body = Application.objects.filter(organization_id=organization_id)
    waiting = (
        in_body.filter(department_id=department_id)
        .open()
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    moved = 0
    # In parts: one statement takes no more than 65,535 parameters.
    while batch := list(waiting[:BATCH]):
        in_body.filter(pk__in=batch).update(department_id=heir)
        record_all(
            [
                ApplicationMoved(
                    organization_id=organization_id,
                    application_id=application_id,
                    from_department_id=department_id,
                    to_department_id=heir,
                )
                for application_id in batch
            ],
            by=PORTAL,
        )
        moved += len(batch)
    return moved


def move_late_arrival(organization_id: int, application_id: UUID) -> None:
    """Move a case that was being filed while its department ended."""
    in_body = Application.objects.filter(organization_id=organization_id)
    department_id = in_body.values_list("department_id", flat=True).get(
        pk=application_id
    )
    move_open_applications(organization_id, department_id)
