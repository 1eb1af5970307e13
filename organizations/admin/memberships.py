"""Who has which role in the body, and until when."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from foundation.desk.admin import ScopedAdmin
from foundation.desk.fields import DayField
from foundation.desk.filters import ChoiceFilter, Choices, choice_filter
from foundation.desk.steps import Step
from organizations.actions import end_role, give_role
from organizations.admin.bodies import (
    READERS,
    BodyForm,
    administers,
    last_day,
    signed_in,
)
from organizations.models import Department, Membership, Role
from organizations.queries import PREFECTURE, has_role

ONE_DAY = timedelta(days=1)


class GiveForm(BodyForm):
    """A role for somebody."""

    email = forms.EmailField(
        label="メールアドレス",
        help_text="職員ひとりひとりのアドレスです。はじめての方には、アカウントを作ります。",
        error_messages={
            "required": "メールアドレスを入力してください。",
            "invalid": "メールアドレスの形をお確かめください。",
        },
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    display_name = forms.CharField(
        label="氏名",
        max_length=100,
        required=False,
        help_text="アカウントを新しく作るときに使います。",
    )
    role = forms.ChoiceField(
        label="役割",
        widget=forms.RadioSelect,
        error_messages={"required": "役割を選んでください。"},
    )
    department = forms.ModelChoiceField(
        label="部署", queryset=Department.objects.none(), required=False
    )
    valid_from = DayField(label="開始日")
    last_day = DayField(
        label="最終日",
        required=False,
        help_text="決まっていなければ、空のままにしてください。",
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, initial={"valid_from": timezone.localdate()})
        supports = has_role(request.user, PREFECTURE, Role.SUPPORT)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in Role.choices
            if value != Role.SUPPORT or supports
        ]
        mine = Department.objects.visible_to(request.user)
        if self.only_body is not None:
            mine = mine.filter(organization_id=self.only_body)
        today = timezone.localdate()
        current = mine.exclude(valid_until__lte=today)
        self.fields["department"].queryset = current  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take a department of the body alone."""
        cleaned: dict[str, Any] = super().clean() or {}
        department = cleaned.get("department")
        if not self.errors and department and department.organization_id != self.body:
            self.add_error("department", "選んだ団体の部署から選んでください。")
        return cleaned


class EndForm(forms.Form):
    """The last day of a role."""

    last_day = DayField(
        label="最終日",
        help_text="この日まで使えます。きのうの日付を入れると、いますぐ使えなくなります。",
    )


class HeldFilter(ChoiceFilter):
    """Of today, or all."""

    title, parameter_name, all_label = "時期", "time", "いまの割当"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the times."""
        del request
        return [("all", "すべて"), ("future", "これからの割当"), ("past", "以前の割当")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Show today's roles unless asked otherwise."""
        narrowed = super().queryset(request, queryset)
        return narrowed.now() if self.chosen() is None else narrowed

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to a time."""
        today = timezone.localdate()
        if value == "future":
            return queryset.filter(valid_from__gt=today)
        return queryset.filter(valid_until__lte=today) if value == "past" else queryset


def _give(request: HttpRequest, row: Any, form: GiveForm) -> str:
    del row
    given = form.cleaned_data
    last_day = given["last_day"]
    made = give_role(
        form.body,
        email=given["email"],
        display_name=given["display_name"],
        role=given["role"],
        department=given["department"],
        valid_from=given["valid_from"],
        valid_until=last_day + ONE_DAY if last_day else None,
        by=signed_in(request),
    )
    label = Role(given["role"]).label
    if made is None:
        return f"{given['email']} には、すでに「{label}」が割り当てられています。"
    return f"{made.user} に「{label}」を割り当てました。"


def _end(request: HttpRequest, membership: Membership, form: Any) -> str:
    on = form.cleaned_data["last_day"] + ONE_DAY
    end_role(membership, on=on, by=signed_in(request))
    return f"{membership.user} の「{membership.get_role_display()}」を終わります。"


def _is_open(membership: Membership) -> bool:
    until = membership.valid_until
    return until is None or until > timezone.localdate()


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin[Membership]):
    """Roles of the people of the body."""

    read_by = READERS
    ordering = ("-valid_from", "-pk")
    list_display = ("user", "email", "role", "department", "valid_from", "last_day")
    list_select_related = ("user", "department")
    list_filter = (HeldFilter, choice_filter("role", "役割", Role.choices))
    search_fields = ("user__display_name", "user__email")
    search_help_text = "氏名かメールアドレスの一部"
    fields = (
        "organization",
        "user",
        "email",
        "role",
        "department",
        "valid_from",
        "last_day",
    )
    readonly_fields = fields
    openings = (
        Step(
            name="give",
            label="役割を割り当てる",
            act=_give,
            permitted=administers,
            form=lambda request, _: GiveForm(request),
            tone="primary",
        ),
    )
    steps = (
        Step(
            name="end",
            label="終了する",
            act=_end,
            permitted=administers,
            offered=_is_open,
            form=lambda request, _: EndForm(
                request.POST if request.method == "POST" else None
            ),
            tone="danger",
        ),
    )

    @admin.display(description="メールアドレス")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    @admin.display(description="最終日")
    def last_day(self, membership: Membership) -> str:
        return last_day(membership.valid_until)
