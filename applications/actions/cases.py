"""What every action on a case shares: its lock, its key, its papers."""

from typing import Any

from django.utils import timezone

from applications.models import Application, Document


def locked(application: Application) -> Application:
    """Read the application again, held until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("offering__procedure", "department", "organization")
        .get(organization_id=application.organization_id, pk=application.pk)
    )


def key_of(application: Application) -> dict[str, Any]:
    """Return what every part of an application carries to be opened with it."""
    return {
        "organization_id": application.organization_id,
        "person_id": application.person_id,
        "capability": application.capability,
        "application": application,
    }


def issue_document(
    application: Application, kind: Document.Kind, content: dict[str, Any]
) -> Document:
    """Add a paper to the case; its PDF follows when the worker comes to it."""
    now = timezone.now()
    document = Document(
        **key_of(application),
        kind=kind,
        content=content,
        created_at=now,
        render_at=now,
    )
    document.save(force_insert=True)
    return document
