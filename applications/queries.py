"""Read applications: for pages, for staff, and for the floors above."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef
from django.utils import timezone

from applications.events import (
    ApplicationAccepted,
    ApplicationAssigned,
    ApplicationCorrected,
    ApplicationDecided,
    ApplicationFiled,
    ApplicationMoved,
    ApplicationReturned,
    ApplicationWithdrawn,
)
from applications.formspec import FormSpec, compile_document
from applications.models import (
    Application,
    ApplicationQuerySet,
    ApplicationVersion,
    Correction,
    Document,
    Draft,
    DraftQuerySet,
    FormRevision,
)
from applications.numbering import inquiry_code
from applications.workflow import READERS, State
from foundation.desk.figures import MOST_COUNTED
from foundation.desk.roles import bodies_where
from foundation.tenancy.scope import Scope, capability_of
from journal.queries import subjects_since
from organizations.models import Organization


@dataclass(frozen=True, kw_only=True)
class ApplicationSummary:
    """What other floors may know of an application; no answers."""

    id: UUID
    organization_id: int
    organization_name: str
    person_id: UUID | None
    number: str
    procedure_title: str
    state: str
    state_label: str
    filed_at: datetime
    due_on: date | None
    office_name: str
    office_phone: str
    contact_email: str


def application_summary(application_id: UUID) -> ApplicationSummary:
    """Return the summary of one application within the scope in force.

    Raises:
        Application.DoesNotExist: there is none, or it is beyond the scope.
    """
    found = Application.objects.select_related(
        "organization", "offering__procedure", "department"
    ).get(pk=application_id)
    return ApplicationSummary(
        id=found.pk,
        organization_id=found.organization_id,
        organization_name=found.organization.name,
        person_id=found.person_id,
        number=found.number,
        procedure_title=found.offering.procedure.title,
        state=found.state,
        state_label=State(found.state).label,
        filed_at=found.filed_at,
        due_on=found.due_on,
        office_name=found.department.name,
        office_phone=found.department.phone,
        contact_email=found.contact_email,
    )


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
        .select_related(
            "organization",
            "offering__procedure",
            "offering__department",
            "correction__application",
        )
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


def correction_due_on(correction_id: UUID) -> date:
    """Return the day by which a correction was asked for, made since or not."""
    return Correction.objects.values_list("due_on", flat=True).get(pk=correction_id)


def open_corrections(application: Application) -> Any:
    """Return the correction that is waited for, as a query of at most one row."""
    return Correction.objects.filter(
        organization_id=application.organization_id,
        application=application,
        resolved_at__isnull=True,
    )


def current_revision(procedure_id: UUID) -> FormRevision | None:
    """Return the newest published revision of the procedure's form, if any."""
    return (
        FormRevision.objects.filter(form__procedure_id=procedure_id)
        .defer("document")
        .order_by("-number")
        .first()
    )


@lru_cache(maxsize=256)
def spec_of(revision_id: UUID) -> FormSpec:
    """Return the compiled form of a revision, which never changes."""
    revision = FormRevision.objects.get(pk=revision_id)
    return compile_document(revision.document, sha256=revision.sha256)


def spec_of_draft(draft: Draft) -> FormSpec:
    """Return the form that the draft fills in; of a correction, what it opens."""
    spec = spec_of(draft.revision_id)
    if draft.correction is None:
        return spec
    answers = latest_answers(draft.correction.application)
    return spec.editable(draft.correction.field_keys, answers)


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


@dataclass(frozen=True)
class TimelineEntry:
    """One step of a case as the applicant sees it."""

    title: str
    at: datetime
    text: str = ""
    current: bool = False


def timeline(application: Application) -> list[TimelineEntry]:
    """Return what has happened to the application, oldest first."""
    steps = [TimelineEntry("届きました（到達）", application.filed_at)]
    if application.accepted_at:
        steps.append(TimelineEntry("受け付けました", application.accepted_at))
    corrections = Correction.objects.filter(
        organization_id=application.organization_id, application=application
    )
    steps += [
        TimelineEntry("補正をお願いしました", asked.sent_at, asked.message)
        for asked in corrections
    ]
    versions = ApplicationVersion.objects.filter(
        organization_id=application.organization_id,
        application=application,
        n__gt=1,
    ).only("created_at")
    steps += [TimelineEntry("補正が届きました", v.created_at) for v in versions]
    if application.closed_at:
        label = State(application.state).label
        steps.append(TimelineEntry(label, application.closed_at))
    steps.sort(key=lambda step: step.at)
    *earlier, last = steps
    return [*earlier, TimelineEntry(last.title, last.at, last.text, current=True)]


CHANGES = (
    ApplicationFiled,
    ApplicationAccepted,
    ApplicationReturned,
    ApplicationCorrected,
    ApplicationDecided,
    ApplicationWithdrawn,
    ApplicationAssigned,
    ApplicationMoved,
)


def changed_since(moment: datetime, organization_id: int) -> Any:
    """Return the ids of the body's applications that something happened to since."""
    names = [event.name for event in CHANGES]
    return subjects_since(moment, organization_id=organization_id, names=names)


def days_left(application: Application) -> int | None:
    """Return calendar days until the due day, negative beyond it; None if none."""
    if application.due_on is None or application.closed_at:
        return None
    return (application.due_on - timezone.localdate()).days


@dataclass(frozen=True)
class Workload:
    """What waits in one body, each figure counted up to `MOST_COUNTED`."""

    organization_id: int
    organization_name: str
    waiting: int
    mine: int
    overdue: int
    returned: int


def workload_of(user: Any) -> list[Workload]:
    """Return what waits in each body whose cases `user` may see.

    One statement; each figure stops at `MOST_COUNTED` rows of an index.
    """
    bodies = bodies_where(user, READERS)
    in_body = Application.objects.filter(organization_id=OuterRef("code"))
    figures = {
        "waiting": in_body.filter(state=State.FILED),
        "mine": in_body.open().filter(assignee_id=user.pk),
        "overdue": in_body.overdue(timezone.localdate()),
        "returned": in_body.filter(state=State.RETURNED),
    }
    counted = {
        name: Func(
            ArraySubquery(rows.order_by().values("pk")[:MOST_COUNTED]),
            function="cardinality",
            output_field=IntegerField(),
        )
        for name, rows in figures.items()
    }
    found = (
        Organization.objects.filter(code__in=sorted(bodies))
        .annotate(**counted)
        .order_by("code")
        .values_list("code", "name", *figures)
    )
    return [Workload(*row) for row in found]
