"""Questions that nothing answered, together: what is asked most comes first."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString

from faq.actions.clustering import settle_cluster
from faq.actions.learning import Then, learn_entry, learn_wordings
from faq.admin.asked import READERS, moment, outcome_tag, shortened
from faq.admin.columns import tag
from faq.admin.filters import DeskFilter
from faq.admin.learning import EntryForm, WordingForm, entry_url, near, usual_words
from faq.admin.permits import posted, signed_in, writes
from faq.models import Cluster, Entry, Question
from faq.tasks import group_unanswered
from foundation.bell import bell
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import ChoiceFilter, Choices
from foundation.desk.steps import NothingToFillIn, Step

SEE_OTHER = 303
ALL = "all"
MOST_SHOWN = 50
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


def _questions(cluster: Cluster) -> QuerySet[Question]:
    """Return what was asked, each wording once, the newest first."""
    found = Question.objects.filter(
        organization_id=cluster.organization_id, cluster=cluster
    )
    return found.order_by("-asked_at")


def _wordings(cluster: Cluster) -> list[Question]:
    told = {question.text: question for question in _questions(cluster)[:MOST_SHOWN]}
    return list(told.values())


def _near(request: HttpRequest, cluster: Cluster) -> Any:
    newest = _questions(cluster).first()
    return near(
        request,
        cluster.title,
        audience=cluster.desk.audience,
        body=cluster.organization_id,
        language=newest.language if newest else "ja",
    )


def _wording_form(request: HttpRequest, cluster: Cluster) -> WordingForm:
    return WordingForm(request, cluster.desk.audience)


def _learn_wording(request: HttpRequest, cluster: Cluster, form: WordingForm) -> str:
    entry: Entry = form.cleaned_data["entry"]
    user = signed_in(request)
    made = learn_wordings(entry, _wordings(cluster), by=user)
    settle_cluster(cluster, Cluster.State.RESOLVED, by=user)
    return (
        f"{len(made)}件の言い方を登録し、対応済みにしました。"
        "同じ質問には、その項目が見つかるようになります。"
    )


def entry_form(request: HttpRequest, cluster: Cluster) -> EntryForm:
    """Return the words of a new entry, its question as it was asked."""
    known = {"question": cluster.title[:200]}
    if request.method != "POST":
        known |= usual_words(_near(request, cluster), cluster.desk)
    return EntryForm(request, cluster.desk, initial=known)


def _learn_entry(
    request: HttpRequest, cluster: Cluster, form: EntryForm
) -> HttpResponse:
    user = signed_in(request)
    revision = learn_entry(
        cluster.desk,
        form.words(),
        _wordings(cluster) if form.cleaned_data["wordings"] else [],
        then=Then(form.cleaned_data["then"]),
        by=user,
    )
    settle_cluster(cluster, Cluster.State.RESOLVED, by=user)
    return HttpResponseRedirect(entry_url(revision.entry), status=SEE_OTHER)


def _settled_as(state: str) -> Any:
    def settled(request: HttpRequest, cluster: Cluster, form: Any) -> bool:
        del request, form
        return cluster.state == state

    return settled


def _settle(state: str, told: str) -> Any:
    def act(request: HttpRequest, cluster: Cluster, form: Any) -> str:
        del form
        settle_cluster(cluster, state, by=signed_in(request))
        return told

    return act


def _group(request: HttpRequest, row: Any, form: Any) -> str:
    del request, row, form
    bell(group_unanswered)()
    return "まとめ直しを始めました。少し待って、画面を読み込み直してください。"


def _confirmation(request: HttpRequest, row: Any) -> forms.Form:
    del row
    return NothingToFillIn(posted(request))


WORDING: Step[Cluster] = Step(
    name="wording",
    label="ほかの項目の言い換えに登録",
    act=_learn_wording,
    permitted=writes,
    form=_wording_form,
    settled=_settled_as(Cluster.State.RESOLVED),
    lead="このまとまりの言い方で、選んだ項目が見つかるようになります。",
)
ENTRY: Step[Cluster] = Step(
    name="entry",
    label="新しい項目を作る",
    act=_learn_entry,
    permitted=writes,
    form=entry_form,
    settled=_settled_as(Cluster.State.RESOLVED),
    lead="公開するまで、だれにも見えません。個人が分かる内容は書かないでください。",
    template="admin/faq/new_entry.html",
)


def _is_open(cluster: Cluster) -> bool:
    return cluster.state == Cluster.State.OPEN


@admin.register(Cluster)
class ClusterAdmin(ScopedAdmin[Cluster]):
    """Unanswered questions of the body, what is asked most on top."""

    read_by = READERS
    list_display = ("asked", "size", "desk", "state_tag", "nearness", "latest")
    list_filter = (StateFilter, DeskFilter)
    change_form_template = "admin/faq/cluster.html"
    openings = (
        Step(
            name="group",
            label="いままでの質問をまとめ直す",
            act=_group,
            permitted=writes,
            form=_confirmation,
            lead="毎晩しています。きょうの質問を、いま加えたいときに使ってください。",
        ),
    )
    steps = (
        ENTRY,
        WORDING,
        Step(
            name="resolve",
            label="対応済みにする",
            act=_settle(Cluster.State.RESOLVED, "対応済みにしました。"),
            permitted=writes,
            offered=_is_open,
            settled=_settled_as(Cluster.State.RESOLVED),
        ),
        Step(
            name="dismiss",
            label="対象外にする",
            act=_settle(Cluster.State.DISMISSED, "対象外にしました。"),
            permitted=writes,
            offered=_is_open,
            settled=_settled_as(Cluster.State.DISMISSED),
        ),
        Step(
            name="reopen",
            label="未対応に戻す",
            act=_settle(Cluster.State.OPEN, "未対応に戻しました。"),
            permitted=writes,
            offered=lambda cluster: not _is_open(cluster),
            settled=_settled_as(Cluster.State.OPEN),
        ),
    )

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
                for one in _questions(cluster).select_related("place")[:MOST_SHOWN]
            ],
            "near": _near(request, cluster),
            "form": entry_form(request, cluster),
            "step_links": [x for name, x in links.items() if name not in beside],
            "wording_url": links[WORDING.name]["url"] if WORDING.name in links else "",
            "new_entry_url": links[ENTRY.name]["url"] if ENTRY.name in links else "",
        }
        return self.page(request, str(self.change_form_template), context)
