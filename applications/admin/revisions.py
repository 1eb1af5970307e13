"""Published forms: every revision to look at, and the door to the next one."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from applications.actions import publish_form
from applications.admin.forms import PublishForm
from applications.admin.steps import posted, signed_in
from applications.models import FormRevision
from applications.queries import asks_for_online_notice
from foundation.desk.admin import ScopedAdmin
from foundation.desk.roles import bodies_where
from foundation.desk.steps import Step
from foundation.desk.texts import shown_as_is
from organizations.models import Role
from procedures.models import Procedure, ProcedureKind

NOT_ASKED = (
    "この様式には、結果をオンラインで受け取るかをたずねる項目"
    "（semanticが「notice.online」）がありません。"
    "許可・不許可などの結果は、どの申請にも書面で郵送することになります。"
)
PUBLISHERS = frozenset({Role.PUBLISHER})


def _procedures(request: HttpRequest) -> QuerySet[Procedure]:
    """Return the procedures whose forms the person publishes."""
    mine = bodies_where(request.user, PUBLISHERS)
    return Procedure.objects.visible_to(request.user).filter(organization_id__in=mine)


def _publishes(request: HttpRequest, row: Any) -> bool:
    del row
    return bool(bodies_where(request.user, PUBLISHERS))


def _form(request: HttpRequest, row: Any) -> PublishForm:
    del row
    return PublishForm(
        posted(request), request.FILES or None, procedures=_procedures(request)
    )


def _publish(request: HttpRequest, row: Any, form: Any) -> str:
    del row
    given = form.cleaned_data
    revision = publish_form(
        given["procedure"],
        given["definition"],
        note=given["note"],
        by=signed_in(request),
    )
    asked = asks_for_online_notice(revision.pk)
    if given["procedure"].kind == ProcedureKind.PERMIT and not asked:
        messages.warning(request, NOT_ASKED)
    return f"「{given['procedure']}」の様式 第{revision.number}版を公開しています。"


@admin.register(FormRevision)
class FormRevisionAdmin(ScopedAdmin[FormRevision]):
    """Revisions of the forms that the body owns; none of them ever changes."""

    read_by = frozenset(
        {Role.PUBLISHER, Role.ADMINISTRATOR, Role.SUPPORT, Role.EXAMINER}
    )
    list_display = ("title", "number", "note", "author", "published_at")
    list_select_related = ("form__procedure", "author")
    fields = ("title", "number", "note", "author", "published_at", "sha256", "text")
    readonly_fields = fields
    openings = (
        Step(
            name="publish",
            label="新しい版を公開",
            act=_publish,
            permitted=_publishes,
            form=_form,
            lead=(
                "公開する前に、例の回答で様式を確かめます。"
                "いま届いている申請は、届いたときの版のまま変わりません。"
            ),
            tone="primary",
        ),
    )

    @admin.display(description="手続")
    def title(self, revision: FormRevision) -> str:
        return revision.form.procedure.title

    @admin.display(description="定義")
    def text(self, revision: FormRevision) -> SafeString:
        document = json.dumps(revision.document, ensure_ascii=False, indent=2)
        return shown_as_is(document, label="様式の定義")
