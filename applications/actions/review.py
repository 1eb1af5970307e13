"""What staff do: accept, return, resume, decide, assign, write down."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications import workflow
from applications.actions.cases import issue_document, key_of, locked
from applications.deadlines import CORRECT_BY
from applications.errors import CorrectionNotPossible, ReasonMissing, RoleMissing
from applications.events import (
    ApplicationAccepted,
    ApplicationAssigned,
    ApplicationDecided,
    ApplicationResumed,
    ApplicationReturned,
    NoteWritten,
)
from applications.formspec import FieldError
from applications.letters import correction_content, notice_content
from applications.models import Application, Correction, Document, Draft, Note
from applications.queries import (
    asked_of,
    due_again,
    open_corrections,
    spec_of,
    wishes_online_notice,
)
from applications.workflow import State
from journal.actions import Actor, record
from organizations.queries import has_role
from procedures.models import ProcedureKind

OUTCOMES = {
    "complete": State.COMPLETED,
    "approve": State.APPROVED,
    "reject": State.REJECTED,
}
_NAMED = 5  # unknown fields in one sentence


def _take(application: Application, event: str, by: Actor) -> Application:
    """Lock the application and move it by `event`, if `by` may do that there.

    Raises:
        TransitionNotAllowed: not from its present state.
        RoleMissing: `by` holds no role for it in this body.
    """
    application = locked(application)
    state = workflow.advance(application.kind, State(application.state), event)
    roles = workflow.roles_for(application.kind, event)
    if not has_role(by, application.organization_id, *roles):
        raise RoleMissing
    application.state = state
    return application


@transaction.atomic
def accept_application(application: Application, *, by: Actor) -> Application:
    """Take the application up (受付): from here on it is being examined.

    Raises:
        TransitionNotAllowed: it does not wait to be accepted.
        RoleMissing: `by` is neither clerk nor examiner of the body.
    """
    application = _take(application, "accept", by)
    if application.accepted_at is None:
        application.accepted_at = timezone.now()
    application.save(update_fields=["state", "accepted_at"])
    record(
        ApplicationAccepted(
            organization_id=application.organization_id, application_id=application.pk
        ),
        by=by,
    )
    return application


@transaction.atomic
def return_application(
    application: Application,
    *,
    field_keys: Sequence[str],
    message: str,
    due_on: date,
    by: Actor,
) -> Correction:
    """Ask the applicant to correct the named fields by a day (補正依頼).

    The standard period stands still from now until it arrives again.

    Raises:
        TransitionNotAllowed: it is not waiting for staff.
        RoleMissing: `by` is neither clerk nor examiner of the body.
        CorrectionNotPossible: the request says nothing, names no field or one that
            this applicant was not asked, or leaves too little time or too much.
    """
    application = _take(application, "return", by)
    field_keys = tuple(dict.fromkeys(field_keys))
    _check_request(application, field_keys, message, due_on)
    application.due_on = None
    application.save(update_fields=["state", "due_on"])
    correction = Correction(
        **key_of(application),
        message=message,
        field_keys=list(field_keys),
        sent_at=timezone.now(),
        due_on=due_on,
        sent_by=by if isinstance(by, User) else None,
    )
    correction.save(force_insert=True)
    content = correction_content(
        application, spec_of(application.revision_id), correction
    )
    issue_document(application, Document.Kind.CORRECTION, content)
    record(
        ApplicationReturned(
            organization_id=application.organization_id,
            application_id=application.pk,
            correction_id=correction.pk,
            field_keys=field_keys,
        ),
        by=by,
    )
    return correction


def _check_request(
    application: Application, field_keys: Sequence[str], message: str, due_on: date
) -> None:
    """Say everything that is wrong with a request to correct at once."""
    errors = {}
    asked = asked_of(application)
    if unknown := [key for key in field_keys if key not in asked]:
        errors["field_keys"] = f"この申請でたずねていない項目です：{_some(unknown)}"
    if not field_keys:
        errors["field_keys"] = "直してもらう項目を1つ以上選んでください。"
    if not message.strip():
        errors["message"] = "申請者への説明を入力してください。"
    try:
        CORRECT_BY.check(due_on.isoformat(), today=timezone.localdate())
    except FieldError as error:
        errors["due_on"] = str(error)
    if errors:
        raise CorrectionNotPossible(errors)


def _some(names: Sequence[str]) -> str:
    """Name a few and count the others: nobody reads a sentence of a thousand."""
    named = "、".join(names[:_NAMED])
    others = len(names) - _NAMED
    return f"{named}、ほか{others}件" if others > 0 else named


@transaction.atomic
def resume_application(application: Application, *, by: Actor) -> Application:
    """Examine the application as it is, without the correction (審査の再開).

    At any time: the applicant does not answer, or the request was a mistake. What they
    had begun to correct goes; the standard period runs on.

    Raises:
        TransitionNotAllowed: no correction is being waited for.
        RoleMissing: `by` is neither clerk nor examiner of the body.

    Source: 行政手続法 7条: what is not corrected is decided, not left lying.
    """
    application, now = _take(application, "resume", by), timezone.now()
    correction = open_corrections(application).get()
    correction.resolved_at, correction.called_off = now, True
    correction.save(update_fields=["resolved_at", "called_off"])
    Draft.objects.filter(
        organization_id=application.organization_id, pk=application.pk
    ).delete()
    application.due_on = due_again(application)
    application.accepted_at = application.accepted_at or now
    application.save(update_fields=["state", "due_on", "accepted_at"])
    record(
        ApplicationResumed(
            organization_id=application.organization_id,
            application_id=application.pk,
            correction_id=correction.pk,
        ),
        by=by,
    )
    return application


@transaction.atomic
def decide_application(
    application: Application, event: str, *, reason: str = "", by: Actor
) -> Application:
    """Bring the application to its end: `complete`, `approve` or `reject`.

    Who did not declare the wish to be told a decision online is sent it by post too.

    Raises:
        TransitionNotAllowed: not from its present state, or not for its kind.
        RoleMissing: `by` may not decide in this body.
        ReasonMissing: a refusal without reasons (行政手続法8条).
    """
    application = _take(application, event, by)
    if event == "reject" and not reason.strip():
        raise ReasonMissing
    application.closed_at = timezone.now()
    application.closing_reason = reason
    application.save(update_fields=["state", "closed_at", "closing_reason"])
    is_decision = application.kind == ProcedureKind.PERMIT
    by_post = is_decision and not wishes_online_notice(application)
    content = notice_content(application, OUTCOMES[event], by_post=by_post)
    issue_document(application, Document.Kind.NOTICE, content)
    record(
        ApplicationDecided(
            organization_id=application.organization_id,
            application_id=application.pk,
            outcome=application.state,
            by_post=by_post,
        ),
        by=by,
    )
    return application


@transaction.atomic
def assign_application(
    application: Application, *, assignee: User | None, by: User
) -> Application:
    """Give the case to a member of staff, or to nobody.

    Raises:
        RoleMissing: `by`, or the assignee, does not work on cases of this body.
    """
    application = locked(application)
    workers = (workflow.CLERK, workflow.EXAMINER, workflow.APPROVER)
    for user in filter(None, (by, assignee)):
        if not has_role(user, application.organization_id, *workers):
            raise RoleMissing
    application.assignee = assignee
    application.save(update_fields=["assignee"])
    record(
        ApplicationAssigned(
            organization_id=application.organization_id,
            application_id=application.pk,
            assignee_id=assignee.pk if assignee else None,
        ),
        by=by,
    )
    return application


@transaction.atomic
def write_note(application: Application, *, text: str, by: User) -> Note:
    """Write something down for colleagues; the applicant never sees it.

    Raises:
        RoleMissing: `by` does not work on cases of this body.
        ReasonMissing: nothing is written.
    """
    workers = (workflow.CLERK, workflow.EXAMINER, workflow.APPROVER)
    if not has_role(by, application.organization_id, *workers):
        raise RoleMissing
    if not text.strip():
        message = "メモの内容を入力してください。"
        raise ReasonMissing(message)
    note = Note(
        organization_id=application.organization_id,
        application=application,
        text=text,
        author=by,
    )
    note.save(force_insert=True)
    record(
        NoteWritten(
            organization_id=application.organization_id,
            application_id=application.pk,
            note_id=note.pk,
        ),
        by=by,
    )
    return note
