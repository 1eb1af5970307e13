"""The thresholds that hold, and other ones to be measured before they do."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from faq.actions.calibrating import as_kept, propose_thresholds
from faq.admin.indexes import OfNoBody
from faq.admin.measures import in_short_of, in_words
from faq.admin.permits import posted, signed_in
from faq.admin.proposals import calibrates
from faq.decision import Thresholds
from faq.models import Audience, Calibration
from faq.queries.thresholds import thresholds_of
from foundation.desk.filters import choice_filter
from foundation.desk.steps import Step
from foundation.desk.taking import SEE_OTHER


class ThresholdsForm(forms.Form):
    """Other thresholds; what they would change is shown before they hold."""

    audience = forms.ChoiceField(label="対象", choices=Audience.choices)
    answer_from = forms.FloatField(
        label="回答する確信度",
        min_value=0,
        max_value=1,
        help_text="この確信度から、1つの項目で回答します。",
    )
    offer_from = forms.FloatField(
        label="候補を示す確信度",
        min_value=0,
        max_value=1,
        help_text="この確信度から、3つまでの候補を示します。下回ると窓口へ引継ぎます。",
    )
    lead_from = forms.FloatField(
        label="次の候補との差",
        min_value=0,
        max_value=20,
        help_text="点数が次の候補をこれだけ上回るときだけ、1つの項目で回答します。",
    )

    def __init__(self, request: HttpRequest, *_: Any) -> None:
        audience = request.GET.get("audience", Audience.RESIDENT)
        known = audience if audience in Audience.values else Audience.RESIDENT
        initial = {"audience": known, **as_kept(thresholds_of(known))}
        super().__init__(posted(request), initial=initial)
        for field in self.fields.values():
            field.error_messages |= {
                "required": f"{field.label}を入力してください。",
                "invalid": f"{field.label}を、0.52 のように入力してください。",
            }

    def clean(self) -> dict[str, Any]:
        """Keep the two in their order: what answers would also be offered."""
        given = super().clean() or {}
        answer, offer = given.get("answer_from"), given.get("offer_from")
        if answer is not None and offer is not None and answer < offer:
            message = "「回答する確信度」は「候補を示す確信度」以上にしてください。"
            self.add_error("answer_from", message)
        return given

    def proposed(self) -> Thresholds:
        """Return what was entered."""
        given = self.cleaned_data
        return Thresholds(given["answer_from"], given["offer_from"], given["lead_from"])


def _propose(request: HttpRequest, row: Any, form: ThresholdsForm) -> HttpResponse:
    """Have them measured; the page of the proposal shows what comes of it."""
    del row
    made = propose_thresholds(
        form.cleaned_data["audience"], form.proposed(), by=signed_in(request)
    )
    messages.success(request, "測定を始めます。数分後に開き直すと、効果が見えます。")
    page = reverse("admin:faq_proposal_change", args=[made.pk])
    return HttpResponseRedirect(page, status=SEE_OTHER)


@admin.register(Calibration)
class CalibrationAdmin(OfNoBody):
    """The thresholds that hold, and those that held before."""

    ordering = ("-activated_at", "-pk")
    list_display = ("audience", "limits", "activated_at", "activated_by")
    list_select_related = ("activated_by",)
    list_filter = (choice_filter("audience", "対象", Audience.choices),)
    fields = (
        "audience",
        "answer_from",
        "offer_from",
        "lead_from",
        "activated_at",
        "activated_by",
        "in_short",
    )
    readonly_fields = fields
    openings = (
        Step(
            name="propose",
            label="別のしきい値を測る",
            act=_propose,
            permitted=calibrates,
            form=ThresholdsForm,
            lead="すべての団体の固定したテスト問題集で、何が変わるかを先に測ります。有効にするのは、そのあとです。",
        ),
    )

    @admin.display(description="しきい値")
    def limits(self, row: Calibration) -> str:
        return in_words(row.thresholds)

    @admin.display(description="有効にしたときの効果")
    def in_short(self, row: Calibration) -> str:
        if not row.effect:
            return "—"
        before, after = row.effect["before"], row.effect["after"]
        return f"前：{in_short_of(before)}　後：{in_short_of(after)}"
