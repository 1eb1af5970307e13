"""What staff do with questions that nothing answered: learn from them, settle them."""

from collections import Counter
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from faq.actions.clustering import settle_cluster
from faq.actions.learning import MOST_WORDINGS, learn_wordings
from faq.admin.learning import (
    EntryForm,
    Near,
    WordingForm,
    is_learned,
    learn,
    near,
    usual_words,
)
from faq.admin.permits import posted, signed_in, writes
from faq.models import Cluster, Entry, Question
from faq.tasks import group_unanswered
from foundation.bell import bell
from foundation.desk.steps import NothingToFillIn, Step

MOST_SHOWN = 50
_MOST_READ = 1_000


def questions_of(cluster: Cluster) -> QuerySet[Question]:
    """Return what was asked, the newest first."""
    found = Question.objects.filter(
        organization_id=cluster.organization_id, cluster=cluster
    )
    return found.order_by("-asked_at")


def _wordings(cluster: Cluster) -> list[Question]:
    """Return what was asked, each wording once, the most frequent first."""
    asked = list(questions_of(cluster)[:_MOST_READ])
    often = Counter(question.text for question in asked)
    told = {question.text: question for question in asked}
    return [told[text] for text, _ in often.most_common(MOST_WORDINGS)]


def near_to(request: HttpRequest, cluster: Cluster) -> list[Near]:
    newest = questions_of(cluster).first()
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
        known |= usual_words(near_to(request, cluster), cluster.desk)
    return EntryForm(request, cluster.desk, initial=known)


def _learn_entry(
    request: HttpRequest, cluster: Cluster, form: EntryForm
) -> HttpResponse:
    return learn(request, cluster, _wordings(cluster), form)


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


def _is_open(cluster: Cluster) -> bool:
    return cluster.state == Cluster.State.OPEN


WORDING: Step[Cluster] = Step(
    name="wording",
    label="ほかの項目の言い換えに登録",
    act=_learn_wording,
    permitted=writes,
    offered=_is_open,
    form=_wording_form,
    settled=_settled_as(Cluster.State.RESOLVED),
    lead=(
        "このまとまりの言い方（多い順に"
        f"{MOST_WORDINGS}件まで）で、選んだ項目が見つかるようになります。"
    ),
)
ENTRY: Step[Cluster] = Step(
    name="entry",
    label="新しい項目を作る",
    act=_learn_entry,
    permitted=writes,
    offered=_is_open,
    form=entry_form,
    settled=is_learned,
    lead="公開するまで、だれにも見えません。個人が分かる内容は書かないでください。",
    template="admin/faq/new_entry.html",
)
GROUP: Step[Any] = Step(
    name="group",
    label="いままでの質問をまとめ直す",
    act=_group,
    permitted=writes,
    form=_confirmation,
    lead="毎晩しています。きょうの質問を、いま加えたいときに使ってください。",
)
STEPS: tuple[Step[Cluster], ...] = (
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
