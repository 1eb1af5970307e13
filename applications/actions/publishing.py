"""Publish a form: one immutable revision after the other."""

from typing import Any

from django.db import transaction

from accounts.models import User
from applications.errors import FormNotPublishable
from applications.events import FormPublished
from applications.formspec import check_document, document_sha256
from applications.models import Form, FormRevision
from journal.actions import PORTAL, record
from procedures.models import Procedure


@transaction.atomic
def publish_form(
    procedure: Procedure, document: dict[str, Any], *, note: str = "", by: User | None
) -> FormRevision:
    """Publish `document` as the newest revision of the procedure's form.

    The same document again makes no new revision. Applications stay with theirs. Where
    it comes with the portal, not by a person, `by` is None.

    Raises:
        FormNotPublishable: names every problem of the document.
    """
    if problems := check_document(document):
        raise FormNotPublishable(problems)
    Form.objects.get_or_create(
        procedure=procedure, defaults={"organization_id": procedure.organization_id}
    )
    form = Form.objects.select_for_update().get(procedure=procedure)
    sha256 = document_sha256(document)
    newest = form.revisions.order_by("-number").first()
    if newest and newest.sha256 == sha256:
        return newest
    revision = FormRevision(
        organization_id=form.organization_id,
        form=form,
        number=newest.number + 1 if newest else 1,
        document=document,
        sha256=sha256,
        note=note,
        author=by,
    )
    revision.save(force_insert=True)
    record(
        FormPublished(
            organization_id=form.organization_id,
            form_id=form.pk,
            number=revision.number,
            sha256=sha256,
        ),
        by=by or PORTAL,
    )
    return revision
