"""Look at what somebody filed, and leave a trace of it."""

from django.db import transaction

from applications.events import PersonalDataViewed
from applications.models import Application
from journal.actions import Actor, record


@transaction.atomic
def note_viewing(application: Application, *, via: str, by: Actor) -> None:
    """Write down that somebody of the body saw the answers (個人情報の閲覧).

    Args:
        application: Whose answers were seen.
        via: The door: `"admin"`, `"admin:sensitive"`, `"admin:document"`, `"export"`
            or `"api"`.
        by: Who saw them.
    """
    record(
        PersonalDataViewed(
            organization_id=application.organization_id,
            application_id=application.pk,
            via=via,
        ),
        by=by,
    )
