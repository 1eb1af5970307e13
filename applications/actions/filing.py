"""What an applicant does: file, correct, withdraw."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.identity import Identity
from accounts.models import User
from applications import workflow
from applications.actions.cases import issue_document, key_of, locked
from applications.actions.drafts import LIFETIME, require_identity
from applications.deadlines import due_on
from applications.errors import (
    AnswersChanged,
    AnswersIncomplete,
    DraftGone,
    OfferingClosed,
    ReasonMissing,
    TransitionNotAllowed,
)
from applications.events import (
    ApplicationCorrected,
    ApplicationFiled,
    ApplicationWithdrawn,
)
from applications.formspec import FormSpec, document_sha256, full_name
from applications.letters import receipt_content
from applications.models import (
    Application,
    ApplicationVersion,
    Correction,
    Document,
    Draft,
)
from applications.queries import (
    due_again,
    latest_answers,
    open_corrections,
    review_digest,
    spec_of,
)
from applications.workflow import State
from foundation.japanese import fiscal_year, search_key
from foundation.numbering import arrival_number
from journal.actions import Actor, record


class Filing(NamedTuple):
    """The application, and whether this call is the one that filed it."""

    application: Application
    is_new: bool


@transaction.atomic
def file_application(
    draft: Draft, *, by: Actor | None, identity: Identity, reviewed: str | None = None
) -> Filing:
    """Hand the draft in: from the commit on it has arrived (到達).

    A second call for the same draft, at once or a year later, finds the application
    that the first one made.

    Args:
        draft: With its offering, procedure, department and body.
        by: Who hands it in; None for a visitor without an account.
        identity: What the session has proved, now.
        reviewed: `review_digest` of what the sender has seen; None for a program,
            which sees what it sends.

    Raises:
        DraftGone: there is neither the draft nor an application of its id.
        AnswersIncomplete: names what is missing, by field.
        AnswersChanged: they are not what was reviewed.
        IdentityTooWeak: the procedure asks for a surer identity.
        OfferingClosed: the body stopped taking filings meanwhile.
    """
    held = Draft.objects.take(draft, correcting=False)
    if held is None:
        return Filing(_already_filed(draft), is_new=False)
    # What was read with the draft a moment ago need not be read again.
    held.offering, held.organization = draft.offering, draft.organization
    if not held.offering.is_open:
        raise OfferingClosed
    require_identity(held.offering.procedure, identity, held.person_id)
    spec = spec_of(held.revision_id)
    answers = _answers(spec, held, reviewed)
    application = _application(held, spec, answers)
    application.save(force_insert=True)
    _version(application, answers, ApplicationVersion.Reason.FILED)
    content = receipt_content(application, held.offering, spec, answers)
    issue_document(application, Document.Kind.RECEIPT, content)
    record(
        ApplicationFiled(
            organization_id=application.organization_id,
            application_id=application.pk,
            offering_id=held.offering_id,
            number=application.number,
        ),
        by=by,
    )
    return Filing(application, is_new=True)


def _already_filed(draft: Draft) -> Application:
    application = Application.objects.filter(
        organization_id=draft.organization_id, pk=draft.pk
    ).first()
    if application is None:
        raise DraftGone
    return application


def _answers(spec: FormSpec, draft: Draft, reviewed: str | None) -> dict[str, Any]:
    evaluation = spec.evaluate(draft.raw)
    if evaluation.errors:
        raise AnswersIncomplete(evaluation.errors)
    if reviewed not in (None, review_digest(draft, evaluation.answers)):
        raise AnswersChanged
    return dict(evaluation.answers)


def _application(draft: Draft, spec: FormSpec, answers: dict[str, Any]) -> Application:
    now = timezone.now()
    today = timezone.localdate(now)
    procedure = draft.offering.procedure
    return Application(
        id=draft.id,
        organization=draft.organization,
        person_id=draft.person_id,
        capability=draft.capability,
        offering=draft.offering,
        revision_id=draft.revision_id,
        number=arrival_number(
            draft.organization_id, fiscal_year(today), _next_in_sequence()
        ),
        kind=procedure.kind,
        department=draft.offering.department,
        filed_at=now,
        due_on=due_on(today, procedure.standard_days, procedure.day_unit),
        **_contact(spec, answers, draft.person_id),
    )


def _contact(
    spec: FormSpec, answers: dict[str, Any], person_id: UUID | None
) -> dict[str, str]:
    """Return the search keys that the narrow table keeps beside the answers.

    Whoever gave no address is told what happens at that of their account.
    """
    semantic = spec.semantic(answers)
    name = full_name(semantic.get("applicant.name") or {})
    kana = semantic.get("applicant.kana", "")
    return {
        "applicant_name": name,
        "applicant_key": f"{search_key(name)} {search_key(kana)}".strip(),
        "contact_email": semantic.get("applicant.email") or _address_of(person_id),
    }


def _address_of(person_id: UUID | None) -> str:
    if person_id is None:
        return ""
    accounts = User.objects.filter(person_id=person_id, is_active=True)
    return accounts.values_list("email", flat=True).first() or ""


def _next_in_sequence() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('applications_number')")
        return int(cursor.fetchone()[0])


def _version(
    application: Application,
    answers: dict[str, Any],
    reason: ApplicationVersion.Reason,
) -> None:
    ApplicationVersion(
        **key_of(application),
        n=application.version,
        answers=answers,
        sha256=document_sha256(answers),
        reason=reason,
        created_at=timezone.now(),
    ).save(force_insert=True)


@transaction.atomic
def start_correction(application: Application) -> Draft:
    """Open the draft in which the applicant corrects what was asked for.

    Raises:
        TransitionNotAllowed: no correction is being waited for.
    """
    application = locked(application)
    correction = open_correction(application)
    draft, _ = Draft.objects.get_or_create(
        organization_id=application.organization_id,
        id=application.pk,
        defaults={
            "person_id": application.person_id,
            "capability": application.capability,
            "offering_id": application.offering_id,
            "revision_id": application.revision_id,
            "correction": correction,
            "raw": latest_answers(application),
            "expires_at": timezone.now() + LIFETIME,
        },
    )
    return draft


def open_correction(application: Application) -> Correction:
    """Return the correction that is waited for.

    Raises:
        TransitionNotAllowed: there is none.
    """
    correction: Correction | None = open_corrections(application).first()
    if correction is None:
        message = "この申請に、補正の依頼は届いていません。"
        raise TransitionNotAllowed(message)
    return correction


@transaction.atomic
def correct_application(
    draft: Draft, *, by: Actor | None, identity: Identity, reviewed: str | None = None
) -> Filing:
    """Send the corrected copy; the earlier version stays as it was.

    Args:
        draft: The copy.
        by: Who sends it.
        identity: As for `file_application`.
        reviewed: As for `file_application`.

    Raises:
        AnswersIncomplete: names what is missing, by field.
        AnswersChanged: they are not what was reviewed.
        DraftGone: neither draft nor application exists.
        IdentityTooWeak: the procedure asks for a surer identity.
    """
    # The application first, as every other action locks: two that meet must queue.
    application = locked(_already_filed(draft))
    held = Draft.objects.take(draft, correcting=True)
    if held is None:
        if application.state == State.RETURNED:
            raise DraftGone
        return Filing(application, is_new=False)
    require_identity(application.offering.procedure, identity, held.person_id)
    before = latest_answers(application)
    spec = spec_of(application.revision_id)
    correction = open_correction(application)
    asked = spec.editable(correction.field_keys, before)
    answers = _answers(asked, held, reviewed)
    application.state = workflow.advance(
        application.kind, State(application.state), "correct"
    )
    application.version += 1
    correction.resolved_at = timezone.now()
    correction.save(update_fields=["resolved_at"])
    application.due_on = due_again(application)
    for name, value in _contact(spec, answers, held.person_id).items():
        setattr(application, name, value)
    application.save()
    _version(application, answers, ApplicationVersion.Reason.CORRECTED)
    record(
        ApplicationCorrected(
            organization_id=application.organization_id,
            application_id=application.pk,
            version=application.version,
        ),
        by=by,
    )
    return Filing(application, is_new=True)


@transaction.atomic
def withdraw_application(
    application: Application, *, reason: str, by: Actor | None, identity: Identity
) -> Application:
    """Take the application back before it is decided (取下げ); its number stays.

    Raises:
        IdentityTooWeak: the procedure asks for a surer identity.
        ReasonMissing: no reason was given.
        TransitionNotAllowed: it is decided or withdrawn already.
    """
    if not reason.strip():
        raise ReasonMissing
    application = locked(application)
    procedure = application.offering.procedure
    require_identity(procedure, identity, application.person_id)
    application.state = workflow.advance(
        application.kind, State(application.state), "withdraw"
    )
    application.closed_at = timezone.now()
    application.closing_reason = reason
    application.save(update_fields=["state", "closed_at", "closing_reason"])
    now = timezone.now()
    Correction.objects.filter(
        organization_id=application.organization_id,
        application=application,
        resolved_at__isnull=True,
    ).update(resolved_at=now)
    Draft.objects.filter(
        organization_id=application.organization_id, pk=application.pk
    ).delete()
    record(
        ApplicationWithdrawn(
            organization_id=application.organization_id, application_id=application.pk
        ),
        by=by,
    )
    return application
