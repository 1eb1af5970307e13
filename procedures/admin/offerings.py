"""What the body offers: office, note, period; to the public or not."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from foundation.desk.admin import ScopedAdmin
from foundation.desk.fields import MomentField
from foundation.desk.roles import bodies_where
from foundation.desk.steps import Step
from organizations.models import Department
from procedures.actions import (
    Terms,
    change_offering,
    open_offering,
    publish_offering,
    withdraw_offering,
)
from procedures.admin.procedures import (
    EVERYONE,
    PUBLISHERS,
    publication,
    publishes,
    signed_in,
)
from procedures.models import Offering, Procedure


class TermsForm(forms.Form):
    """Where, how and when the body takes filings."""

    department = forms.ModelChoiceField(
        label="担当部署",
        queryset=Department.objects.none(),
        error_messages={"required": "担当部署を選んでください。"},
    )
    note = forms.CharField(
        label="この団体からのお知らせ",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
    )
    other_ways = forms.CharField(
        label="窓口・電話・郵送での届け方", required=False, max_length=300
    )
    deciding_authority = forms.CharField(
        label="許可などを決める行政庁（処分庁）",
        required=False,
        max_length=100,
        help_text=(
            "結果のお知らせに載ります。空なら、その団体の長（県は知事）です。"
            "権限を委任された所長や、教育委員会などが決めるときは入力してください。"
            "例：高知県中央東福祉保健所長、室戸市教育委員会"
        ),
    )
    review_authority = forms.CharField(
        label="審査請求をする相手（審査庁）",
        required=False,
        max_length=100,
        help_text=(
            "不服があるときの手続として通知に載ります。"
            "空なら、その団体の長（県は知事）です。"
            "法定受託事務や、教育委員会などの処分のときは入力してください。"
            "例：高知県知事、室戸市教育委員会"
        ),
    )
    represented_by = forms.CharField(
        label="取消訴訟で団体を代表する者",
        required=False,
        max_length=100,
        help_text=(
            "不服があるときの手続として通知に載ります。"
            "空なら、その団体の長（県は知事）です。"
            "例：室戸市教育委員会"
        ),
    )
    review_first = forms.BooleanField(
        label="審査請求の裁決を受けたあとでなければ、訴訟を起こせない（審査請求前置）",
        required=False,
        help_text="法律に定めがあるときだけ選んでください。",
    )
    opens_at = MomentField(
        label="受付開始",
        required=False,
        help_text="空なら、公開したときから受け付けます。",
    )
    closes_at = MomentField(
        label="受付終了", required=False, help_text="空なら、ずっと受け付けます。"
    )

    def __init__(self, data: Any, *, bodies: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        today = timezone.localdate()
        offices = Department.objects.filter(organization_id__in=bodies)
        current = offices.exclude(valid_until__lte=today)
        self.fields["department"].queryset = current  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """Return what was entered."""
        given = self.cleaned_data
        return Terms(**{name: given[name] for name in TermsForm.base_fields})


class OpenForm(TermsForm):
    """A procedure that the body did not offer yet."""

    procedure = forms.ModelChoiceField(
        label="手続",
        queryset=Procedure.objects.none(),
        error_messages={"required": "手続を選んでください。"},
    )
    field_order = ("procedure", "department")

    def __init__(self, request: HttpRequest) -> None:
        mine = bodies_where(request.user, PUBLISHERS)
        super().__init__(_posted(request), bodies=sorted(mine))
        known = Procedure.objects.filter(Q(organization_id__in=mine)) | (
            Procedure.objects.published()
        )
        self.fields["procedure"].queryset = known.order_by("code")  # type: ignore[attr-defined]


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _terms_form(request: HttpRequest, offering: Offering) -> TermsForm:
    kept = {name: getattr(offering, name) for name in TermsForm.base_fields}
    return TermsForm(_posted(request), bodies=[offering.organization_id], initial=kept)


def _open(request: HttpRequest, row: Any, form: OpenForm) -> str:
    del row
    terms = form.terms()
    procedure = form.cleaned_data["procedure"]
    body = terms.department.organization_id
    open_offering(procedure, body, terms, by=signed_in(request))
    return f"「{procedure}」の受付を登録しました。公開すると、住民が申請できます。"


def _change(request: HttpRequest, offering: Offering, form: TermsForm) -> str:
    change_offering(offering, form.terms(), by=signed_in(request))
    return "受付の内容を変えました。"


def _publish(request: HttpRequest, offering: Offering, form: Any) -> str:
    del form
    publish_offering(offering, by=signed_in(request))
    return f"「{offering}」を公開しました。"


def _withdraw(request: HttpRequest, offering: Offering, form: Any) -> str:
    del form
    withdraw_offering(offering, by=signed_in(request))
    return f"「{offering}」の公開を終えました。届いている申請の処理は続けられます。"


@admin.register(Offering)
class OfferingAdmin(ScopedAdmin[Offering]):
    """What the body offers."""

    read_by = EVERYONE
    list_display = ("procedure", "organization", "department", "publication", "period")
    list_select_related = ("procedure", "organization", "department")
    fields = (
        "procedure",
        "organization",
        "department",
        "note",
        "other_ways",
        "deciding_authority",
        "review_authority",
        "represented_by",
        "review_first",
        "period",
        "publication",
        "published_at",
        "withdrawn_at",
    )
    readonly_fields = fields
    openings = (
        Step(
            name="open",
            label="受付を登録",
            act=_open,
            permitted=publishes,
            form=lambda request, _: OpenForm(request),
        ),
    )
    steps = (
        Step(
            name="publish",
            label="公開する",
            act=_publish,
            permitted=publishes,
            offered=lambda offering: not offering.is_published,
            tone="primary",
        ),
        Step(
            name="change",
            label="内容を変える",
            act=_change,
            permitted=publishes,
            form=_terms_form,
        ),
        Step(
            name="withdraw",
            label="公開を終える",
            act=_withdraw,
            permitted=publishes,
            offered=lambda offering: offering.is_published,
            lead=(
                "住民から見えなくなります。届いている申請の処理は続けられます。"
                "あとでまた公開できます。"
            ),
            tone="danger",
        ),
    )

    @admin.display(description="公開")
    def publication(self, offering: Offering) -> SafeString:
        return publication(offering)

    @admin.display(description="受付期間")
    def period(self, offering: Offering) -> str:
        if offering.opens_at is None and offering.closes_at is None:
            return "期限なし"
        return f"{_moment(offering.opens_at)}〜{_moment(offering.closes_at)}"


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y/%m/%d %H:%M}" if moment else ""
