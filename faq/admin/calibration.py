"""The thresholds, their effect before they hold, and the indexes that were built."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from faq.actions.calibrating import activate_thresholds, as_kept
from faq.admin.measures import in_short_of, in_words
from faq.admin.permits import EVERYONE, posted, signed_in
from faq.decision import Thresholds
from faq.models import Audience, Calibration, IndexVersion
from faq.queries.rehearsing import effect_of
from faq.queries.thresholds import active_thresholds, thresholds_of
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import choice_filter
from foundation.desk.steps import Step
from organizations.models import Role
from organizations.queries import PREFECTURE, has_role


def _calibrates(request: HttpRequest, row: Any) -> bool:
    del row
    return has_role(request.user, PREFECTURE, Role.ADMINISTRATOR)


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
    is_sure = forms.BooleanField(
        label="下の効果を確かめた。このしきい値を有効にする", required=False
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


def _propose(request: HttpRequest, row: Any, form: ThresholdsForm) -> Any:
    """Show the effect; with the box ticked, let them hold."""
    del row
    audience, proposed = form.cleaned_data["audience"], form.proposed()
    if form.cleaned_data["is_sure"]:
        activate_thresholds(audience, proposed, by=signed_in(request))
        return "しきい値を有効にしました。"
    desk: Any = admin.site.get_model_admin(Calibration)
    active = active_thresholds(audience)
    context = {
        "title": "しきい値を変える",
        "form": form,
        "step": desk.openings[0],
        "row": None,
        "back_url": desk.url_of(request, "changelist"),
        "effect": effect_of(audience, active, proposed),
        "active": in_words(active),
        "proposed": in_words(proposed),
    }
    return desk.page(request, "admin/faq/calibration/effect.html", context)


class _OfNoBody(ScopedAdmin[Any]):
    """Rows that belong to no body: all staff of any may look."""

    read_by = EVERYONE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Show all."""
        del request
        rows: QuerySet[Any] = self.model._meta.default_manager.all()
        return rows

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show them to all staff of any body."""
        del obj
        return bool(self.bodies(request))


@admin.register(Calibration)
class CalibrationAdmin(_OfNoBody):
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
            label="しきい値を変える",
            act=_propose,
            permitted=_calibrates,
            form=ThresholdsForm,
            lead="固定したテスト問題集で、何が変わるかを先に確かめます。",
        ),
    )

    @admin.display(description="しきい値")
    def limits(self, row: Calibration) -> str:
        return in_words(Thresholds(row.answer_from, row.offer_from, row.lead_from))

    @admin.display(description="有効にしたときの効果")
    def in_short(self, row: Calibration) -> str:
        if not row.effect:
            return "—"
        before, after = row.effect["before"], row.effect["after"]
        return f"前：{in_short_of(before)}　後：{in_short_of(after)}"


@admin.register(IndexVersion)
class IndexVersionAdmin(_OfNoBody):
    """Indexes as they were built."""

    ordering = ("-number", "-pk")
    list_display = (
        "audience",
        "number",
        "built_at",
        "entries",
        "rows",
        "is_delta",
        "seconds",
        "model",
    )
    list_filter = (choice_filter("audience", "対象", Audience.choices),)
    fields = list_display
    readonly_fields = fields
