"""Questions that nothing answered, together: what is asked most comes first."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from faq.admin.asked import READERS, moment, outcome_tag, shortened
from faq.admin.cluster_steps import (
    ENTRY,
    GROUP,
    MOST_SHOWN,
    STEPS,
    WORDING,
    entry_form,
    near_to,
    questions_of,
)
from faq.admin.columns import tag
from faq.admin.filters import BodyFilter, DeskFilter
from faq.models import Cluster
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import ChoiceFilter, Choices

ALL = "all"
TONES = {
    Cluster.State.OPEN: "attention",
    Cluster.State.RESOLVED: "success",
    Cluster.State.DISMISSED: "neutral",
}


class StateFilter(ChoiceFilter):
    """What nobody has dealt with, unless asked otherwise."""

    title, parameter_name, all_label = "状態", "state", ""

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the states."""
        self.shown = request.GET.get("state") or Cluster.State.OPEN
        return [*Cluster.State.choices, (ALL, "すべて")]

    def chosen(self) -> str:
        """Name the state that is shown."""
        return self.shown

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the state."""
        return queryset if value == ALL else queryset.filter(state=value)


@admin.register(Cluster)
class ClusterAdmin(ScopedAdmin[Cluster]):
    """Unanswered questions of the body, what is asked most on top."""

    read_by = READERS
    list_display = ("asked", "size", "desk", "state_tag", "nearness", "latest")
    list_filter = (StateFilter, BodyFilter, DeskFilter)
    change_form_template = "admin/faq/cluster.html"
    openings = (GROUP,)
    steps = STEPS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cluster]:
        """Leave out those whose questions are all of long ago."""
        rows = super().get_queryset(request).select_related("desk", "organization")
        return rows.filter(size__gt=0)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Sort by how often it is asked."""
        del request
        return "-size", "-id"

    def prepare(self, rows: Sequence[Cluster]) -> None:
        """Find the desks at once."""
        prefetch_related_objects(rows, "desk")

    @admin.display(description="質問")
    def asked(self, cluster: Cluster) -> str:
        return shortened(cluster.title)

    @admin.display(description="状態")
    def state_tag(self, cluster: Cluster) -> SafeString:
        state = Cluster.State(cluster.state)
        return tag(str(state.label), TONES[state])

    @admin.display(description="いちばん近い項目との近さ")
    def nearness(self, cluster: Cluster) -> str:
        cosine = cluster.nearest_cosine
        return "—" if cosine is None else f"{round(100 * cosine)}％"

    @admin.display(description="最近の質問")
    def latest(self, cluster: Cluster) -> str:
        return moment(cluster.last_at)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what was asked, what is near, and the form of a new entry."""
        del form_url, extra_context
        cluster = self.get_object(request, unquote(object_id))
        readable = self.has_view_permission(request, cluster)
        if request.method not in {"GET", "HEAD"} or not readable:
            raise PermissionDenied
        links = {x["step"].name: x for x in self.step_links(request, cluster)}
        beside = {WORDING.name, ENTRY.name}
        context = {
            "title": cluster.title,
            "cluster": cluster,
            "state": self.state_tag(cluster),
            "questions": [
                {"question": one, "outcome": outcome_tag(one.outcome)}
                for one in questions_of(cluster).select_related("place")[:MOST_SHOWN]
            ],
            "near": near_to(request, cluster),
            "form": entry_form(request, cluster),
            "step_links": [x for name, x in links.items() if name not in beside],
            "wording_url": links[WORDING.name]["url"] if WORDING.name in links else "",
            "new_entry_url": links[ENTRY.name]["url"] if ENTRY.name in links else "",
        }
        return self.page(request, str(self.change_form_template), context)
