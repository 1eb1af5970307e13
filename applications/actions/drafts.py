"""Begin, keep and discard a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Expression, F, Func, JSONField, Value
from django.utils import timezone

from accounts.identity import Identity
from accounts.models import Person
from applications.errors import DraftGone, IdentityTooWeak, OfferingClosed
from applications.models import Draft, FormRevision
from applications.queries import current_revision, spec_of
from foundation.identifiers import new_id
from foundation.numbering import inquiry_code
from foundation.tenancy.scope import capability_of, opened_by
from procedures.models import Offering, Procedure

LIFETIME = timedelta(days=90)


@dataclass(frozen=True)
class StartedDraft:
    """A new draft and the secret that opens it without an account."""

    draft: Draft
    code: str


def start_draft(
    offering: Offering,
    *,
    by: Person | None,
    identity: Identity,
    draft_id: UUID | None = None,
    known: Mapping[str, Any] | None = None,
) -> StartedDraft:
    """Begin to fill in the offering's form.

    Args:
        offering: What is applied to.
        by: Who files it; None for a visitor without an account.
        identity: What the session has proved.
        draft_id: The id that the application will have; by default a new one.
        known: Answers to fill in beforehand, by semantic key (`applicant.email`).

    Raises:
        OfferingClosed: nothing can be filed here now.
        IdentityTooWeak: the procedure asks for a surer identity.
    """
    revision = current_revision(offering.procedure_id)
    if not offering.is_open or revision is None:
        raise OfferingClosed
    require_identity(offering.procedure, identity, by.pk if by else None)
    draft_id = draft_id or new_id()
    code = inquiry_code(draft_id, settings.INQUIRY_KEYS[0])
    draft = Draft(
        id=draft_id,
        organization_id=offering.organization_id,
        offering=offering,
        revision=revision,
        person=by,
        capability=capability_of(code),
        raw=_filled_in(revision, known or {}),
        expires_at=timezone.now() + LIFETIME,
    )
    with opened_by(code):
        draft.save(force_insert=True)
    return StartedDraft(draft, code)


def require_identity(
    procedure: Procedure, identity: Identity, person_id: UUID | None
) -> None:
    """Refuse who is not known surely enough to file, correct or take back.

    Staff have no person to file for, however surely we know them.

    Raises:
        IdentityTooWeak: the procedure asks for more.
    """
    required = procedure.required_level
    if required and (person_id is None or not identity.meets(required)):
        raise IdentityTooWeak


def _filled_in(revision: FormRevision, known: Mapping[str, Any]) -> dict[str, Any]:
    fields = spec_of(revision.pk).fields if known else {}
    return {
        key: known[field.semantic]
        for key, field in fields.items()
        if field.semantic in known
    }


def save_draft(draft: Draft, raw: Mapping[str, Any]) -> None:
    """Keep all that was sent, valid or not, in the place of what was there.

    Raises:
        DraftGone: it was filed or discarded in the meantime.
    """
    _save(draft, Value(dict(raw), JSONField()))
    draft.raw = dict(raw)


def save_page(draft: Draft, typed: Mapping[str, Any]) -> None:
    """Keep what was typed on one page, valid or not; other pages stay as they are.

    They may have been changed since the draft was read, in another tab.

    Raises:
        DraftGone: it was filed or discarded in the meantime.
    """
    page = Value(dict(typed), JSONField())
    _save(draft, Func(F("raw"), page, template="%(expressions)s", arg_joiner=" || "))
    draft.raw = {**draft.raw, **typed}


def _save(draft: Draft, raw: Expression) -> None:
    now = timezone.now()
    kept = Draft.objects.filter(
        organization_id=draft.organization_id, pk=draft.pk
    ).update(raw=raw, updated_at=now, expires_at=now + LIFETIME)
    if not kept:
        raise DraftGone


@transaction.atomic
def discard_draft(draft: Draft) -> None:
    """Remove the draft and what was typed in it.

    Raises:
        DraftGone: it was filed or discarded in the meantime.
    """
    if Draft.objects.take(draft, correcting=draft.correction_id is not None) is None:
        raise DraftGone


def purge_expired_drafts() -> int:
    """Remove drafts past their day, over all bodies; return how many."""
    with transaction.atomic(using="worker"):
        count, _ = (
            Draft.objects.using("worker")
            .filter(expires_at__lt=timezone.now(), correction__isnull=True)
            .delete()
        )
    return count
