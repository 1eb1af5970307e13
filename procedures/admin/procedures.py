"""Fields of work and procedures: to look at, to publish, to withdraw."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import User
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import choice_filter
from foundation.desk.roles import bodies_where
from foundation.desk.steps import Step
from organizations.models import Role
from procedures.actions import publish_procedure, withdraw_procedure
from procedures.models import Operation, Procedure, ProcedureKind

EVERYONE = frozenset(Role.values)
PUBLISHERS = frozenset({Role.PUBLISHER})


def signed_in(request: HttpRequest) -> User:
    """Return the member of staff at the desk."""
    return cast("User", request.user)


def publishes(request: HttpRequest, row: Any) -> bool:
    """Tell whether the person publishes for the row's body; without a row, any."""
    mine = bodies_where(request.user, PUBLISHERS)
    return bool(mine) if row is None else row.organization_id in mine


def publication(row: Any) -> SafeString:
    """Return whether the public sees the row, as a tag."""
    if row.is_published:
        label, tone = "公開中", "success"
    elif row.published_at is None:
        label, tone = "公開前", "attention"
    else:
        label, tone = "公開終了", "neutral"
    return render_to_string(
        "components/status_tag.html", {"label": label, "tone": tone}
    )


@admin.register(Operation)
class OperationAdmin(ScopedAdmin[Operation]):
    """Fields of work, the same for everyone."""

    read_by = EVERYONE
    ordering = ("code",)
    list_display = ("title", "code")
    fields = ("title", "code")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Operation]:
        """Show all: they belong to no body."""
        del request
        return Operation.objects.all()

    def has_view_permission(
        self, request: HttpRequest, obj: Operation | None = None
    ) -> bool:
        """Show them to all staff of any body."""
        del obj
        return bool(self.bodies(request))


def _publish(request: HttpRequest, procedure: Procedure, form: Any) -> str:
    del form
    publish_procedure(procedure, by=signed_in(request))
    return f"「{procedure}」を公開しました。"


def _withdraw(request: HttpRequest, procedure: Procedure, form: Any) -> str:
    del form
    withdraw_procedure(procedure, by=signed_in(request))
    return f"「{procedure}」の公開を終えました。届いている申請の処理は続けられます。"


@admin.register(Procedure)
class ProcedureAdmin(ScopedAdmin[Procedure]):
    """Procedures that the body owns."""

    read_by = EVERYONE
    ordering = ("code", "pk")
    list_display = ("title", "code", "kind", "operation", "publication")
    list_select_related = ("operation",)
    list_filter = (choice_filter("kind", "種別", ProcedureKind.choices),)
    search_fields = ("title", "kana", "code")
    search_help_text = "名称・カナ・コードの一部"
    fields = (
        "title",
        "code",
        "organization",
        "operation",
        "kind",
        "summary",
        "legal_basis",
        "period",
        "required_level",
        "level_reason",
        "fee",
        "retention_years",
        "publication",
        "published_at",
        "withdrawn_at",
    )
    readonly_fields = fields
    steps = (
        Step(
            name="publish",
            label="公開する",
            act=_publish,
            permitted=publishes,
            offered=lambda procedure: not procedure.is_published,
            tone="primary",
        ),
        Step(
            name="withdraw",
            label="公開を終える",
            act=_withdraw,
            permitted=publishes,
            offered=lambda procedure: procedure.is_published,
            lead=(
                "すべての団体の受付が、住民から見えなくなります。"
                "届いている申請の処理は続けられます。あとでまた公開できます。"
            ),
            tone="danger",
        ),
    )

    @admin.display(description="公開")
    def publication(self, procedure: Procedure) -> SafeString:
        return publication(procedure)

    @admin.display(description="標準処理期間")
    def period(self, procedure: Procedure) -> str:
        return f"{procedure.standard_days}{procedure.get_day_unit_display()}"
