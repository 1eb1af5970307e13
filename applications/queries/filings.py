"""What applicants began and filed, found by those who may see it."""

from typing import Any
from uuid import UUID

from django.conf import settings

from applications.models import (
    Application,
    ApplicationQuerySet,
    ApplicationVersion,
    Correction,
    Document,
    Draft,
    DraftQuerySet,
)
from foundation.numbering import inquiry_code
from foundation.tenancy.scope import Scope, capability_of


def application_in(scope: Scope) -> ApplicationQuerySet:
    """Return what persons and secrets of `scope` open, with what its page shows."""
    return Application.objects.reachable_in(scope).select_related(
        "organization", "offering__procedure", "department"
    )


def draft_in(scope: Scope) -> DraftQuerySet:
    """Return drafts that persons and secrets of `scope` open, with their offerings."""
    return (
        Draft.objects.reachable_in(scope)
        .kept()
        .select_related("organization", "offering__procedure", "offering__department")
    )


def drafts_of(person_id: UUID | None) -> DraftQuerySet:
    """Return a person's drafts of new filings, the one last touched first."""
    return (
        Draft.objects.owned_by(person_id)
        .kept()
        .filter(correction__isnull=True)
        .select_related("organization", "offering__procedure")
        .order_by("-updated_at")
    )


def applications_of(person_id: UUID | None) -> ApplicationQuerySet:
    """Return a person's applications over all bodies, newest first."""
    return (
        Application.objects.owned_by(person_id)
        .select_related("organization", "offering__procedure")
        .order_by("-pk")
    )


def application_by_number(number: str, capability: str) -> Application | None:
    """Find the application of this 到達番号, if the secret is its own."""
    return Application.objects.filter(
        organization=int(number[:6]), number=number, capability=capability
    ).first()


def documents_of(application: Application) -> list[Document]:
    """Return the papers of the case, the newest first."""
    return list(
        Document.objects.filter(
            organization_id=application.organization_id, application=application
        )
        .defer("content")
        .order_by("-created_at")
    )


def remedies_of(application: Application) -> list[dict[str, Any]]:
    """Return what the notice says can be done against the decision (教示)."""
    notice = Document.objects.filter(
        organization_id=application.organization_id,
        application=application,
        kind=Document.Kind.NOTICE,
    ).first()
    return notice.content.get("remedies", []) if notice else []


def goes_by_post(application: Application) -> bool:
    """Tell whether the decision must go to the applicant on paper too."""
    notices = Document.objects.filter(
        organization_id=application.organization_id,
        application=application,
        kind=Document.Kind.NOTICE,
    )
    decided = application.closed_at is not None
    return decided and notices.filter(content__by_post=True).exists()


def open_corrections(application: Application) -> Any:
    """Return the correction that is waited for, as a query of at most one row."""
    return Correction.objects.open().filter(
        organization_id=application.organization_id, application=application
    )


def was_called_off(application: Application) -> bool:
    """Tell whether staff ended the last correction without waiting for it."""
    corrections = Correction.objects.filter(
        organization_id=application.organization_id, application=application
    )
    last = corrections.order_by("sent_at").last()
    return last is not None and last.called_off


def latest_answers(application: Application) -> dict[str, Any]:
    """Return the answers of the application's current version."""
    version = ApplicationVersion.objects.get(
        organization_id=application.organization_id,
        application=application,
        n=application.version,
    )
    answers: dict[str, Any] = version.answers
    return answers


def inquiry_code_of(filed: Application | Draft | Document) -> str:
    """Return 問合せ番号, made again from the key it was first made with."""
    application_id = getattr(filed, "application_id", filed.pk)
    for key in settings.INQUIRY_KEYS:
        code = inquiry_code(application_id, key)
        if capability_of(code) == filed.capability:
            return code
    message = f"no key of INQUIRY_KEYS made the code of {application_id}"
    raise LookupError(message)
