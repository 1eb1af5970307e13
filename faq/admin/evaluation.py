"""What test sets measured: once asked for, while it lasts, and afterwards."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from faq.admin.measures import in_percent, in_short_of, in_words, progress_tag
from faq.admin.permits import EVERYONE
from faq.decision import Thresholds
from faq.models import Evaluation, Progress
from foundation.desk.admin import ScopedAdmin


@admin.register(Evaluation)
class EvaluationAdmin(ScopedAdmin[Evaluation]):
    """What test sets measured, the newest on top."""

    read_by = EVERYONE
    list_display = ("test_set", "asked_at", "progress", "in_short", "measured_by")
    list_select_related = ("test_set", "measured_by")
    fields = (
        "test_set",
        "asked_at",
        "measured_by",
        "progress",
        "failure",
        "index_number",
        "by_threshold",
        "by_group",
        "wrong",
    )
    readonly_fields = fields

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show figures where there are some, and else why there are none."""
        fields = super().get_fields(request, obj)
        if obj is not None and obj.state == Progress.DONE:
            return [name for name in fields if name != "failure"]
        hidden = {"index_number", "by_threshold", "by_group", "wrong"}
        if obj is not None and not obj.failure:
            hidden.add("failure")
        return [name for name in fields if name not in hidden]

    @admin.display(description="状態")
    def progress(self, evaluation: Evaluation) -> SafeString:
        return progress_tag(evaluation.state)

    @admin.display(description="結果")
    def in_short(self, evaluation: Evaluation) -> str:
        if evaluation.state != Progress.DONE:
            return evaluation.failure or "—"
        return in_short_of(evaluation.figures["all"])

    @admin.display(description="しきい値")
    def by_threshold(self, evaluation: Evaluation) -> str:
        return in_words(Thresholds(**evaluation.thresholds))

    @admin.display(description="言語・窓口ごと")
    def by_group(self, evaluation: Evaluation) -> SafeString:
        everything = {"label": "すべて", **evaluation.figures["all"]}
        groups = {
            name: figures | in_percent(figures)
            for name, figures in {
                "": everything,
                **evaluation.figures["groups"],
            }.items()
        }
        return render_to_string("admin/faq/evaluation/groups.html", {"groups": groups})

    @admin.display(description="誤って回答した質問")
    def wrong(self, evaluation: Evaluation) -> str:
        told = [f"{text} → {code}" for text, code in evaluation.figures["wrong"]]
        return "\n".join(told) or "ありません"
