"""Thresholds that are proposed: measured on all bodies' sets, and then made to hold."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from faq.actions.calibrating import activate_proposal, is_current, measure_again
from faq.admin.columns import tag
from faq.admin.indexes import OfNoBody
from faq.admin.measures import in_words, progress_tag
from faq.admin.permits import signed_in
from faq.models import Audience, Progress, Proposal
from foundation.desk.filters import choice_filter
from foundation.desk.steps import Step
from organizations.models import Role
from organizations.queries import PREFECTURE, has_role


def calibrates(request: HttpRequest, row: Any) -> bool:
    """Tell whether the person sets thresholds, for all bodies."""
    del row
    return has_role(request.user, PREFECTURE, Role.ADMINISTRATOR)


def _activate(request: HttpRequest, proposal: Proposal, form: Any) -> str:
    del form
    activate_proposal(proposal, by=signed_in(request))
    return "しきい値を有効にしました。"


def _again(request: HttpRequest, proposal: Proposal, form: Any) -> str:
    del form
    measure_again(proposal, by=signed_in(request))
    return "測定を始めます。数分後に開き直すと、効果が見えます。"


def _may_hold(proposal: Proposal) -> bool:
    is_open = proposal.state == Progress.DONE and proposal.calibration_id is None
    return is_open and not proposal.effect["refusals"]


@admin.register(Proposal)
class ProposalAdmin(OfNoBody):
    """What was proposed, and what it would change."""

    ordering = ("-asked_at", "-pk")
    list_display = ("limits", "audience", "asked_at", "proposed_by", "progress")
    list_select_related = ("proposed_by",)
    list_filter = (choice_filter("audience", "対象", Audience.choices),)
    fields = ("limits", "audience", "asked_at", "proposed_by", "progress", "effects")
    readonly_fields = fields
    steps = (
        Step(
            name="activate",
            label="有効にする",
            act=_activate,
            permitted=calibrates,
            offered=_may_hold,
            settled=lambda _, proposal, __: proposal.calibration_id is not None,
            lead="すべての団体の回答が、すぐにこのしきい値に変わります。",
            tone="danger",
        ),
        Step(
            name="again",
            label="もう一度測る",
            act=_again,
            permitted=calibrates,
            offered=lambda proposal: (
                proposal.state != Progress.WAITING and proposal.calibration_id is None
            ),
        ),
    )

    @admin.display(description="しきい値")
    def limits(self, proposal: Proposal) -> str:
        return in_words(proposal.thresholds)

    @admin.display(description="状態")
    def progress(self, proposal: Proposal) -> SafeString:
        if proposal.calibration_id is not None:
            return tag("有効にしました", "success")
        return progress_tag(proposal.state)

    @admin.display(description="効果")
    def effects(self, proposal: Proposal) -> SafeString:
        is_open = proposal.state == Progress.DONE and proposal.calibration_id is None
        context = {
            "proposal": proposal,
            "effect": proposal.effect,
            "is_outdated": is_open and not is_current(proposal),
        }
        return render_to_string("admin/faq/calibration/effect.html", context)
