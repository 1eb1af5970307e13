"""Departments with their dates, and the change of 1 April as a table."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from foundation.desk.admin import ScopedAdmin
from foundation.desk.fields import DayField
from foundation.desk.filters import ChoiceFilter, Choices
from foundation.desk.steps import Step
from organizations.actions import (
    CONTACT,
    DEPARTMENT_COLUMNS,
    MEMBERSHIP_COLUMNS,
    ReorganizationChanged,
    abolish_department,
    change_contact,
    open_department,
    rename_department,
    reorganize,
    take_over,
    try_reorganization,
)
from organizations.admin.bodies import (
    EVERYONE,
    BodyForm,
    administers,
    last_day,
    signed_in,
)
from organizations.models import Department

if TYPE_CHECKING:
    from django.http import QueryDict

LARGEST_FILE_BYTES = 500_000


class ContactForm(forms.Form):
    """How a department is reached."""

    phone = forms.CharField(label="電話番号", max_length=20, required=False)
    email = forms.EmailField(
        label="メールアドレス",
        required=False,
        error_messages={"invalid": "メールアドレスの形をお確かめください。"},
    )
    address = forms.CharField(label="所在地", max_length=200, required=False)
    opening_hours = forms.CharField(label="受付時間", max_length=100, required=False)

    def contact(self) -> dict[str, str]:
        """Return what was entered."""
        return {name: self.cleaned_data[name] for name in CONTACT}


class OpenForm(BodyForm, ContactForm):
    """A new department."""

    code = forms.CharField(
        label="部署コード",
        max_length=20,
        help_text="団体の中でひとつだけの、英数字のコードです。",
        error_messages={"required": "部署コードを入力してください。"},
    )
    name = forms.CharField(
        label="名称",
        max_length=100,
        error_messages={"required": "名称を入力してください。"},
    )
    valid_from = DayField(label="有効になる日")
    field_order = ("organization", "code", "name", "valid_from", *CONTACT)


class RenameForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(
        label="新しい名称",
        max_length=100,
        error_messages={"required": "新しい名称を入力してください。"},
    )
    on = DayField(label="新しい名称になる日")


class AbolishForm(forms.Form):
    """Who takes over, and from which day on."""

    successor = forms.ModelChoiceField(
        label="引き継ぐ部署",
        queryset=Department.objects.none(),
        error_messages={"required": "引き継ぐ部署を選んでください。"},
    )
    on = DayField(
        label="なくなる日", help_text="この日から、引き継ぐ部署が受け持ちます。"
    )

    def __init__(self, data: Any, *, department: Department) -> None:
        super().__init__(data)
        others = Department.objects.filter(
            organization_id=department.organization_id, valid_until__isnull=True
        ).exclude(pk=department.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]


def _table_field(name: str, columns: dict[str, str]) -> forms.CharField:
    return forms.CharField(
        label=f"{name}（CSV）",
        required=False,
        strip=False,
        max_length=LARGEST_FILE_BYTES,
        help_text="1行目は列の名前：" + "、".join(columns),
        widget=forms.Textarea({"rows": 8, "class": "code", "spellcheck": "false"}),
    )


def _file_field(name: str) -> forms.FileField:
    return forms.FileField(
        label=f"または、{name}のファイル",
        required=False,
        help_text="UTF-8かShift_JISのCSV。選ぶと、上の欄の内容の代わりに使います。",
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )


class ReorganizationForm(BodyForm):
    """Two tables, pasted or uploaded; shown again with what they would change."""

    departments = _table_field("部署", DEPARTMENT_COLUMNS)
    departments_file = _file_field("部署")
    memberships = _table_field("所属", MEMBERSHIP_COLUMNS)
    memberships_file = _file_field("所属")
    digest = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Put the files where pasted tables go, so that they are kept and confirmed."""
        cleaned: dict[str, Any] = super().clean() or {}
        kept = cast("QueryDict", self.data).copy()
        for name in ("departments", "memberships"):
            file = cleaned.get(f"{name}_file")
            if file is None:
                continue
            text = self._text_of(file, f"{name}_file")
            cleaned[name] = kept[name] = text
            cleaned["digest"] = ""
        self.data = kept
        return cleaned

    def _text_of(self, file: Any, field: str) -> str:
        if file.size > LARGEST_FILE_BYTES:
            self.add_error(
                field, "ファイルが大きすぎます（500KBまで）。分けてください。"
            )
            return ""
        content = file.read()
        for encoding in ("utf-8-sig", "cp932"):
            try:
                text = str(content.decode(encoding))
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text
        self.add_error(field, "文字コードをUTF-8にして保存したCSVを選んでください。")
        return ""


class InForceFilter(ChoiceFilter):
    """Of today, of the past, of the future."""

    title, parameter_name, all_label = "時期", "time", "いまある部署"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the times."""
        del request
        return [("all", "すべて"), ("future", "これからの部署"), ("past", "以前の部署")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Show today's departments unless asked otherwise."""
        narrowed = super().queryset(request, queryset)
        return narrowed.now() if self.chosen() is None else narrowed

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to a time."""
        today = timezone.localdate()
        if value == "future":
            return queryset.filter(valid_from__gt=today)
        return queryset.filter(valid_until__lte=today) if value == "past" else queryset


def _open(request: HttpRequest, row: Any, form: OpenForm) -> str:
    del row
    given = form.cleaned_data
    department = open_department(
        form.body,
        code=given["code"],
        name=given["name"],
        valid_from=given["valid_from"],
        contact=form.contact(),
        by=signed_in(request),
    )
    return f"「{department}」を登録しました。"


def _contact_form(request: HttpRequest, department: Department) -> ContactForm:
    kept = {name: getattr(department, name) for name in CONTACT}
    return ContactForm(request.POST if request.method == "POST" else None, initial=kept)


def _change(request: HttpRequest, department: Department, form: Any) -> str:
    change_contact(department, form.contact(), by=signed_in(request))
    return "連絡先を変えました。すでに作られた文書は変わりません。"


def _rename(request: HttpRequest, department: Department, form: Any) -> str:
    given = form.cleaned_data
    renamed = rename_department(department, **given, by=signed_in(request))
    take_over(department.organization_id)
    return f"{given['on']:%Y年%m月%d日}から「{renamed}」になります。"


def _abolish(request: HttpRequest, department: Department, form: Any) -> str:
    given = form.cleaned_data
    abolish_department(department, **given, by=signed_in(request))
    take_over(department.organization_id)
    return f"{given['on']:%Y年%m月%d日}から「{given['successor']}」が引き継ぎます。"


def _reorganize(
    request: HttpRequest, row: Any, form: ReorganizationForm
) -> str | HttpResponse:
    """Show what would change; on the second click, change it."""
    del row
    given, by = form.cleaned_data, signed_in(request)
    tables = {name: given[name] for name in ("departments", "memberships")}
    if given["digest"]:
        try:
            plan = reorganize(form.body, **tables, digest=given["digest"], by=by)
        except ReorganizationChanged as changed:
            messages.warning(request, str(changed))
        else:
            return f"{len(plan.changes)}件の変更を登録しました。"
    plan = try_reorganization(form.body, **tables, by=by)
    cast("QueryDict", form.data)["digest"] = plan.digest
    desk = admin.site.get_model_admin(Department)
    context = {
        "title": REORGANIZE.label,
        "step": REORGANIZE,
        "form": form,
        "plan": plan,
        "back_url": reverse(f"admin:{desk.url_name('changelist')}"),  # type: ignore[attr-defined]
    }
    template = "admin/organizations/department/plan.html"
    answer: HttpResponse = desk.page(request, template, context)  # type: ignore[attr-defined]
    return answer


REORGANIZE: Step[Any] = Step(
    name="reorganization",
    label="年度替わりの変更（CSV）",
    act=_reorganize,
    permitted=administers,
    form=lambda request, _: ReorganizationForm(request),
    lead=(
        "部署と所属の変更を、表でまとめて登録します。"
        "まず内容を確かめ、次の画面で適用します。確かめるだけでは何も変わりません。"
    ),
    template="admin/organizations/department/reorganization.html",
)


@admin.register(Department)
class DepartmentAdmin(ScopedAdmin[Department]):
    """Departments of the body, under the names they have and had."""

    read_by = EVERYONE
    ordering = ("code", "valid_from", "pk")
    list_display = ("name", "code", "phone", "valid_from", "last_day", "successor")
    list_select_related = ("successor",)
    list_filter = (InForceFilter,)
    fields = (
        "organization",
        "name",
        "code",
        *CONTACT,
        "valid_from",
        "last_day",
        "successor",
    )
    readonly_fields = fields
    openings = (
        Step(
            name="open",
            label="部署を新設",
            act=_open,
            permitted=administers,
            form=lambda request, _: OpenForm(request),
        ),
        REORGANIZE,
    )
    steps = (
        Step(
            name="contact",
            label="連絡先を変える",
            act=_change,
            permitted=administers,
            form=_contact_form,
        ),
        Step(
            name="rename",
            label="名称を変える",
            act=_rename,
            permitted=administers,
            form=lambda request, _: RenameForm(
                request.POST if request.method == "POST" else None
            ),
            lead=(
                "その日から新しい名称になり、処理中の申請も引き継がれます。"
                "それまでに作られた文書の名称は変わりません。"
                "同じ日からの名称を予定しているときは、その名称を訂正します。"
            ),
        ),
        Step(
            name="abolish",
            label="廃止・統合する",
            act=_abolish,
            permitted=administers,
            offered=lambda department: department.valid_until is None,
            form=lambda request, department: AbolishForm(
                request.POST if request.method == "POST" else None,
                department=department,
            ),
            lead="処理中の申請と受付は、その日に、引き継ぐ部署へ移ります。",
            tone="danger",
        ),
    )

    @admin.display(description="最終日")
    def last_day(self, department: Department) -> str:
        return last_day(department.valid_until)
