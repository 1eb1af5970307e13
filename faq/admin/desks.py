"""Desks of the body: who answers what, and when somebody is there."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from faq.actions.desks import KEEPERS, TERMS, change_desk, close_desk, open_desk
from faq.admin.columns import tag
from faq.admin.permits import EVERYONE, keeps_desks, posted, signed_in
from faq.models import Audience, Desk, Weekday
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import choice_filter
from foundation.desk.roles import bodies_where
from foundation.desk.steps import NothingToFillIn, Step
from organizations.models import Department
from organizations.queries import organization_names


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={
            "required": f"{label}を入力してください。",
            "invalid": f"{label}を、08:30 のように入力してください。",
        },
    )


class TermsForm(forms.Form):
    """What may change of a desk."""

    name = forms.CharField(
        label="名称",
        max_length=100,
        error_messages={"required": "名称を入力してください。"},
    )
    subject = forms.CharField(
        label="受け持つ相談",
        max_length=100,
        help_text="例：契約のトラブル、悪質商法",
        error_messages={"required": "受け持つ相談を入力してください。"},
    )
    department = forms.ModelChoiceField(
        label="担当部署",
        queryset=Department.objects.none(),
        error_messages={"required": "担当部署を選んでください。"},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="開いている曜日",
        choices=Weekday.choices,
        coerce=int,
        initial=[day.value for day in Weekday if day < Weekday.SATURDAY],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "開いている曜日を、1日以上選んでください。"},
    )
    opens_at = _time("開く時刻")
    closes_at = _time("閉まる時刻")
    closed_on_holidays = forms.BooleanField(
        label="祝日・年末年始は休み", required=False, initial=True
    )
    reply_days = forms.IntegerField(
        label="返事の目安（開庁日）",
        min_value=1,
        max_value=60,
        initial=3,
        help_text="窓口に引き継いだ質問に、何日のうちに返事をするか。",
        error_messages={
            "required": "返事の目安を入力してください。",
            "invalid": "返事の目安は、1から60までの数字で入力してください。",
            "min_value": "返事の目安は、1日からです。",
            "max_value": "返事の目安は、60日までです。",
        },
    )
    needs_review = forms.BooleanField(
        label="公開前に別の職員が確認する",
        required=False,
        initial=True,
        help_text="ひとりの職員だけの窓口では外せます。外すと、自分で書いて公開できます。",
    )

    def __init__(self, request: HttpRequest, desk: Desk | None = None) -> None:
        kept = {name: getattr(desk, name) for name in TERMS} if desk else {}
        if desk is not None:
            kept["department"] = desk.department_id
        super().__init__(posted(request), initial=kept)
        mine = sorted(bodies_where(request.user, KEEPERS))
        bodies = [desk.organization_id] if desk else mine
        field = cast("forms.ModelChoiceField[Any]", self.fields["department"])
        field.queryset = Department.objects.filter(organization_id__in=bodies).now()
        if len(bodies) > 1:
            names = organization_names()
            field.label_from_instance = lambda obj: (  # type: ignore[method-assign]
                f"{names[obj.organization_id]} {obj.name}"
            )

    def terms(self) -> dict[str, Any]:
        """Return what was entered."""
        return {name: self.cleaned_data[name] for name in TERMS}


class OpenForm(TermsForm):
    """A new desk; the body is its department's."""

    code = forms.SlugField(
        label="窓口コード",
        max_length=30,
        help_text="団体の中でひとつだけの英数字。あとから変えられません。例：consumer",
        error_messages={
            "required": "窓口コードを入力してください。",
            "invalid": "窓口コードは、英数字とハイフンで入力してください。",
        },
    )
    audience = forms.ChoiceField(
        label="対象",
        choices=Audience.choices,
        widget=forms.RadioSelect,
        help_text="職員むけの窓口の項目は、住民からは見えません。あとから変えられません。",
        error_messages={"required": "対象を選んでください。"},
    )
    field_order = ("name", "code", "audience", *TERMS[1:])


def _open(request: HttpRequest, row: Any, form: OpenForm) -> str:
    del row
    terms = form.terms()
    desk = open_desk(
        terms["department"].organization_id,
        code=form.cleaned_data["code"],
        audience=form.cleaned_data["audience"],
        terms=terms,
        by=signed_in(request),
    )
    return f"「{desk}」を登録しました。"


def _change(request: HttpRequest, desk: Desk, form: TermsForm) -> str:
    changed = change_desk(desk, form.terms(), by=signed_in(request))
    return f"「{changed}」を変えました。"


def _close(request: HttpRequest, desk: Desk, form: forms.Form) -> str:
    del form
    close_desk(desk, by=signed_in(request))
    return f"「{desk}」を廃止しました。"


def _closed(request: HttpRequest, desk: Desk, form: forms.Form) -> bool:
    del request, form
    return desk.closed_at is not None


@admin.register(Desk)
class DeskAdmin(ScopedAdmin[Desk]):
    """Desks that answer, and those that did."""

    read_by = EVERYONE
    ordering = ("code", "pk")
    list_display = ("name", "code", "audience", "subject", "hours", "service")
    list_filter = (choice_filter("audience", "対象", Audience.choices),)
    fields = (
        "name",
        "code",
        "organization",
        "audience",
        "subject",
        "department",
        "hours",
        "reply_days",
        "needs_review",
        "service",
    )
    readonly_fields = fields
    openings = (
        Step(
            name="open",
            label="窓口を新設",
            act=_open,
            permitted=keeps_desks,
            form=lambda request, _: OpenForm(request),
        ),
    )
    steps = (
        Step(
            name="terms",
            label="名称・受付時間などを変える",
            act=_change,
            permitted=keeps_desks,
            offered=lambda desk: desk.closed_at is None,
            form=TermsForm,
        ),
        Step(
            name="close",
            label="廃止する",
            act=_close,
            permitted=keeps_desks,
            offered=lambda desk: desk.closed_at is None,
            form=lambda request, _: NothingToFillIn(posted(request)),
            settled=_closed,
            lead="この窓口は、質問も引継ぎも受けなくなります。公開中の項目があるときは廃止できません。",
            tone="danger",
        ),
    )

    @admin.display(description="受付時間")
    def hours(self, desk: Desk) -> str:
        return desk.hours

    @admin.display(description="状態")
    def service(self, desk: Desk) -> SafeString:
        if desk.closed_at is not None:
            return tag("廃止", "neutral")
        return tag("受付中", "success")
