"""What a program does for an applicant: all answers at once, through the same form."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.identity import OF_TOKEN
from accounts.models import Person
from applications.actions.cases import locked
from applications.actions.drafts import save_draft, start_draft
from applications.actions.filing import (
    Filing,
    correct_application,
    file_application,
    open_correction,
    start_correction,
)
from applications.errors import AnswersIncomplete, KeyReused, OfferingUnknown
from applications.formspec import FormSpec, document_sha256
from applications.models import Application, Submission
from applications.queries import latest_answers, spec_of
from foundation.identifiers import new_id
from foundation.numbering import inquiry_code
from foundation.tenancy.scope import capability_of
from journal.actions import Actor
from procedures.models import Offering

_UNKNOWN = "この様式に、この項目はありません。"
_NOT_OPENED = "この項目は、補正の対象ではありません。"


@transaction.atomic
def submit_answers(  # noqa: PLR0913 - what, under which key, whose, by whom
    offering_id: UUID,
    raw: Mapping[str, Any],
    *,
    key: UUID,
    person: Person,
    by: Actor,
    not_my_number: bool = False,
) -> Filing:
    """File the answers, once for each key: the same again finds what was filed.

    That holds however the offering has fared since. Two calls at once meet at the row
    of the key; the second waits for the first. Where the answers are refused nothing
    is kept, and the key may be used again.

    Args:
        offering_id: What is applied to.
        raw: Key of the question → answer, as typed or sent.
        key: Names this filing among all of the person's.
        person: Who files it.
        by: The program.
        not_my_number: The sender has said that no answer is a マイナンバー.

    Raises:
        KeyReused: something else was filed under this key.
        OfferingUnknown: there is nothing by this id that could be applied to.
        AnswersIncomplete: names what is missing or wrong, by field.
        OfferingClosed: nothing can be filed here now.
        IdentityTooWeak: the procedure asks for more than a token shows.
    """
    digest = document_sha256({"offering": str(offering_id), "answers": dict(raw)})
    earlier = Submission.objects.filter(person=person, key=key).first()
    if earlier is not None:
        return _filed_earlier(earlier, digest)
    offering = _offered(offering_id)
    filing_id = new_id()
    submission, is_new = Submission.objects.get_or_create(
        person=person,
        key=key,
        defaults={
            "id": filing_id,
            "organization_id": offering.organization_id,
            "capability": capability_of(
                inquiry_code(filing_id, settings.INQUIRY_KEYS[0])
            ),
            "sha256": digest,
        },
    )
    if not is_new:
        return _filed_earlier(submission, digest)
    draft = start_draft(
        offering, by=person, identity=OF_TOKEN, draft_id=filing_id
    ).draft
    spec = spec_of(draft.revision_id)
    unknown = dict.fromkeys(spec.unknown_keys(raw), _UNKNOWN)
    _check(spec, raw, refused=unknown, not_my_number=not_my_number)
    save_draft(draft, raw)
    return file_application(draft, by=by, identity=OF_TOKEN)


def _filed_earlier(submission: Submission, digest: str) -> Filing:
    """Return what was filed under the key, if it was just this."""
    if submission.sha256 != digest:
        raise KeyReused
    filed = Application.objects.get(
        organization_id=submission.organization_id, pk=submission.pk
    )
    return Filing(filed, is_new=False)


def _offered(offering_id: UUID) -> Offering:
    offering = (
        Offering.objects.published()
        .select_related("procedure", "department")
        .filter(pk=offering_id)
        .first()
    )
    if offering is None:
        raise OfferingUnknown
    return offering


@transaction.atomic
def submit_correction(
    application: Application,
    raw: Mapping[str, Any],
    *,
    by: Actor,
    not_my_number: bool = False,
) -> Filing:
    """Send the corrected answers; those that are not named stay as they were filed.

    Raises:
        TransitionNotAllowed: no correction is being waited for.
        AnswersIncomplete: names what is missing, wrong or not to be corrected.
    """
    application = locked(application)
    correction = open_correction(application)
    before = latest_answers(application)
    spec = spec_of(application.revision_id).editable(correction.field_keys, before)
    opened = spec.opened or frozenset()
    refused = {key: _NOT_OPENED for key in raw if key not in opened}
    answers = {**before, **raw}
    _check(spec, answers, refused=refused, not_my_number=not_my_number, sent=raw)
    draft = start_correction(application)
    save_draft(draft, answers)
    return correct_application(draft, by=by, identity=OF_TOKEN)


def _check(
    spec: FormSpec,
    raw: Mapping[str, Any],
    *,
    refused: Mapping[str, str],
    not_my_number: bool,
    sent: Mapping[str, Any] | None = None,
) -> None:
    """Say everything that is wrong at once; a program cannot turn pages."""
    errors = spec.evaluate(raw).errors | dict(refused)
    if not not_my_number:
        errors |= _doubts(spec, raw if sent is None else sent)
    if errors:
        raise AnswersIncomplete(errors)


def _doubts(spec: FormSpec, raw: Mapping[str, Any]) -> dict[str, str]:
    doubtful: Collection[str] = spec.suspected_my_numbers(raw)
    return {
        key: (
            f"「{spec.fields[key].noun}」に、マイナンバー（個人番号）かもしれない"
            "12けたの番号があります。マイナンバーは、この手続では使いません。"
            "マイナンバーなら消してください。ちがうときは、not_my_number を true にして"
            "送信してください。"
        )
        for key in doubtful
    }
