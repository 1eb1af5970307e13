"""Keys of other programs: given once to be seen, taken back at any time."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from foundation.desk.admin import ScopedAdmin
from foundation.desk.fields import DayField
from foundation.desk.steps import Step
from organizations.actions import SCOPES_OF_BODIES, issue_token, revoke_token
from organizations.admin.bodies import (
    READERS,
    BodyForm,
    administers,
    signed_in,
)
from organizations.models import WORKING_ROLES, ApiToken, Organization, Role, Scope

USUAL_LIFE = timedelta(days=180)


class IssueForm(BodyForm):
    """A key for a program that works for the body."""

    label = forms.CharField(
        label="名前",
        max_length=100,
        help_text="何のプログラムが使うのか、あとで分かる名前にしてください。",
        error_messages={"required": "名前を入力してください。"},
    )
    scopes = forms.MultipleChoiceField(
        label="権限の範囲",
        choices=[(scope.value, scope.label) for scope in SCOPES_OF_BODIES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "権限の範囲を1つ以上選んでください。"},
    )
    roles = forms.MultipleChoiceField(
        label="役割",
        choices=[(role.value, role.label) for role in WORKING_ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text="自分に割り当てられている役割だけを与えられます。",
        error_messages={"required": "役割を1つ以上選んでください。"},
    )
    last_day = DayField(label="最終日", help_text="1年以内の日にしてください。")

    def __init__(self, request: HttpRequest) -> None:
        usual = timezone.localdate() + USUAL_LIFE
        super().__init__(request, initial={"last_day": usual})

    def expires_at(self) -> datetime:
        """Return the end of the last day."""
        end = datetime.combine(self.cleaned_data["last_day"], time.max)
        return timezone.make_aware(end)


def _issue(request: HttpRequest, row: Any, form: IssueForm) -> HttpResponse:
    """Issue the key and show it, once."""
    del row
    given = form.cleaned_data
    issued = issue_token(
        label=given["label"],
        scopes=given["scopes"],
        roles=given["roles"],
        expires_at=form.expires_at(),
        organization=Organization.objects.get(pk=form.body),
        by=signed_in(request),
    )
    desk: Any = admin.site.get_model_admin(ApiToken)
    context = {
        "title": "トークンを発行しました",
        "subtitle": str(issued.token),
        "secret": issued.secret,
        "back_url": reverse(f"admin:{desk.url_name('changelist')}"),
    }
    template = "admin/organizations/apitoken/issued.html"
    answer: HttpResponse = desk.page(request, template, context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _revoke(request: HttpRequest, token: ApiToken, form: Any) -> str:
    del form
    revoke_token(token, by=signed_in(request))
    return f"「{token.label}」を失効させました。"


@admin.register(ApiToken)
class ApiTokenAdmin(ScopedAdmin[ApiToken]):
    """Keys that act for the body; nobody can read one again."""

    read_by = READERS
    list_display = ("label", "prefix", "may", "created_at", "expires_at", "revoked_at")
    fields = (
        "organization",
        "label",
        "prefix",
        "may",
        "created_at",
        "expires_at",
        "revoked_at",
    )
    readonly_fields = fields
    openings = (
        Step(
            name="issue",
            label="トークンを発行",
            act=_issue,
            permitted=administers,
            form=lambda request, _: IssueForm(request),
            lead="発行したトークンは、次の画面に一度だけ出ます。",
            tone="primary",
        ),
    )
    steps = (
        Step(
            name="revoke",
            label="失効させる",
            act=_revoke,
            permitted=administers,
            offered=lambda token: token.revoked_at is None,
            tone="danger",
        ),
    )

    @admin.display(description="できること")
    def may(self, token: ApiToken) -> str:
        labels = [Scope(scope).label for scope in token.scopes]
        return "・".join(labels + [Role(role).label for role in token.roles])
