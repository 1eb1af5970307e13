"""Take cases out of the house as a file, and leave a trace of each."""

from collections.abc import Iterable

from django.db import transaction

from applications.events import ApplicationsExported, PersonalDataViewed
from applications.models import Application
from foundation.identifiers import new_id
from journal.actions import Actor, record, record_all


@transaction.atomic
def note_export(*, organization_id: int, procedure: str, by: Actor) -> None:
    """Write down that a file of the body's cases was asked for (書出し).

    Args:
        organization_id: Whose cases.
        procedure: Code of the procedure whose answers it holds; empty where it
            holds none.
        by: Who asked.
    """
    record(
        ApplicationsExported(
            organization_id=organization_id, export_id=new_id(), procedure=procedure
        ),
        by=by,
    )


@transaction.atomic
def note_exported(applications: Iterable[Application], *, by: Actor) -> None:
    """Write down of each case that it is in the file, before it is sent."""
    record_all(
        [
            PersonalDataViewed(
                organization_id=application.organization_id,
                application_id=application.pk,
                via="export",
            )
            for application in applications
        ],
        by=by,
    )
