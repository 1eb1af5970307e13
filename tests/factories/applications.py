"""Forms, drafts and applications at any point of their life."""

from typing import Any

from accounts.identity import NOBODY, Identity, Kind
from accounts.models import Person
from applications.actions import file_application, publish_form, start_draft
from applications.models import Application, Draft, FormRevision
from applications.queries import current_revision, inquiry_code_of
from foundation.tenancy.scope import Scope, opened_by, scoped
from procedures.models import Offering, Procedure
from tests.factories import procedures

_TEXT = {"pii": "basic", "required": True}
WATER: dict[str, Any] = {
    "title": "水道使用開始・中止届",
    "language": "ja",
    "purpose": "届出の内容の確認と連絡のためだけに使います。",
    "minutes": 3,
    "documents_needed": [],
    "pages": [
        {
            "slug": "you",
            "title": "届け出る方",
            "fields": [
                {
                    "key": "name",
                    "type": "person_name",
                    "label": "氏名",
                    "semantic": "applicant.name",
                    **_TEXT,
                },
                {
                    "key": "email",
                    "type": "email",
                    "label": "メールアドレス",
                    "semantic": "applicant.email",
                    "pii": "basic",
                    "required": False,
                },
            ],
        },
        {
            "slug": "use",
            "title": "届出の内容",
            "fields": [
                {
                    "key": "kind",
                    "type": "choice",
                    "label": "届出の種類",
                    "pii": "none",
                    "required": True,
                    "options": [
                        {"value": "start", "label": "開始"},
                        {"value": "stop", "label": "中止"},
                    ],
                },
                {
                    "key": "place",
                    "type": "text",
                    "label": "使用する場所",
                    **_TEXT,
                },
            ],
        },
    ],
    "declaration": "入力した内容に間違いはありません。",
    "examples": {
        "today": "2026-11-23",
        "valid": [
            {
                "name": {"family": "高知", "given": "花子"},
                "kind": "start",
                "place": "室戸市浮津1",
            }
        ],
        "invalid": [{"answers": {}, "errors": ["name", "kind", "place"]}],
    },
}


def form(procedure: Procedure, document: dict[str, Any] | None = None) -> FormRevision:
    """Publish a short form for the procedure."""
    with scoped(Scope(organization_ids=frozenset({procedure.organization_id}))):
        return publish_form(procedure, document or WATER, by=None)


def filed_answers(**changed: Any) -> dict[str, Any]:
    """Return raw answers that the short form accepts."""
    return {
        "name": {"family": "髙知", "given": "太郎"},
        "email": "applicant@example.jp",
        "kind": "start",
        "place": "室戸市浮津1番地",
        **changed,
    }


def draft(
    organization: int = 392022,
    *,
    person: Person | None = None,
    offering: Offering | None = None,
    raw: dict[str, Any] | None = None,
) -> Draft:
    """Return a draft with answers; its code is `inquiry_code_of(draft)`."""
    offering = offering or procedures.offering(organization)
    identity = Identity(Kind.PERSON, 1) if person else NOBODY
    with scoped(Scope()):
        if current_revision(offering.procedure_id) is None:
            form(offering.procedure)
        started = start_draft(offering, by=person, identity=identity)
        with opened_by(started.code):
            Draft.objects.filter(pk=started.draft.pk).update(
                raw=filed_answers() if raw is None else raw
            )
            return Draft.objects.get(pk=started.draft.pk)


def application(
    organization: int = 392022,
    *,
    person: Person | None = None,
    offering: Offering | None = None,
    raw: dict[str, Any] | None = None,
    **changed: Any,
) -> Application:
    """Return a filed application; `changed` columns are set behind the workflow."""
    made = draft(organization, person=person, offering=offering, raw=raw)
    identity = Identity(Kind.PERSON, 1) if person else NOBODY
    with scoped(Scope()), opened_by(inquiry_code_of(made)):
        filed = file_application(made, by=None, identity=identity).application
    if changed:
        scope = Scope(organization_ids=frozenset({filed.organization_id}))
        with scoped(scope):
            Application.objects.filter(pk=filed.pk).update(**changed)
            filed.refresh_from_db()
    return filed
