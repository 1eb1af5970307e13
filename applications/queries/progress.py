"""How a case stands, for the applicant."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from applications.deadlines import due_on
from applications.models import Application, ApplicationVersion, Correction
from applications.workflow import State

CALLED_OFF = (
    "補正をしていただく必要は、なくなりました。届いている内容で審査を進めます。"
)


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
    steps += [
        TimelineEntry("補正の受付を終えました", asked.resolved_at, CALLED_OFF)
        for asked in corrections
        if asked.called_off and asked.resolved_at
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


def due_again(application: Application) -> date:
    """Return the due day with the days spent on corrections left out."""
    pauses = Correction.objects.filter(
        organization_id=application.organization_id,
        application=application,
        resolved_at__isnull=False,
    ).values_list("sent_at", "resolved_at")
    procedure = application.offering.procedure
    return due_on(
        timezone.localdate(application.filed_at),
        procedure.standard_days,
        procedure.day_unit,
        [(timezone.localdate(a), timezone.localdate(b)) for a, b in pauses],
    )


def days_left(application: Application) -> int | None:
    """Return calendar days until the due day, negative beyond it; None if none."""
    if application.due_on is None or application.closed_at:
        return None
    return (application.due_on - timezone.localdate()).days
