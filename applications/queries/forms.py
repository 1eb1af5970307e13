"""Which form is asked, and with which questions."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from applications.formspec import FormSpec, compile_document, document_sha256
from applications.models import Application, Draft, FormRevision
from applications.queries.filings import latest_answers


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


def review_digest(draft: Draft, answers: Mapping[str, Any]) -> str:
    """Name what is sent: just these answers, as a filing or as this very correction."""
    return document_sha256(
        {"correction": str(draft.correction_id or ""), "answers": dict(answers)}
    )


# The question whether the decision may come online (結果のオンラインでの受取り).
ONLINE_NOTICE = "notice.online"


def asks_for_online_notice(revision_id: UUID) -> bool:
    """Tell whether the form asks if the decision may come online."""
    fields = spec_of(revision_id).fields.values()
    return any(field.semantic == ONLINE_NOTICE for field in fields)


def wishes_online_notice(application: Application) -> bool:
    """Tell whether the applicant declared the wish to be told the decision online.

    Source: デジタル手続法 7条1項ただし書.
    """
    spec = spec_of(application.revision_id)
    return spec.semantic(latest_answers(application)).get(ONLINE_NOTICE) is True


def asked_of(application: Application) -> dict[str, str]:
    """Return the questions of this very application: key → what it is called."""
    sections = spec_of(application.revision_id).sections(latest_answers(application))
    return {row.key: row.label for section in sections for row in section.rows}
