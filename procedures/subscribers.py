"""Let offerings follow the department that took over."""

from uuid import UUID

from journal.events import subscriber
from organizations.events import DepartmentSucceeded
from procedures import actions


@subscriber(DepartmentSucceeded)
def move_offerings(event: DepartmentSucceeded, entry_id: UUID) -> None:
    """Move what is still with the old department; a second time finds nothing."""
    del entry_id
    actions.move_offerings(event.organization_id, event.department_id)
