"""What staff do with a case: the rows of the workflow's tables as steps of the desk."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.http import HttpRequest, QueryDict

from accounts.models import User
from applications import workflow
from applications.actions import (
    OUTCOMES,
    accept_application,
    assign_application,
    decide_application,
    resume_application,
    return_application,
    write_note,
)
from applications.admin.forms import AssignForm, NoteForm
from applications.forms import DecisionForm, ReturnForm
from applications.letters import REASON_TITLES
from applications.models import Application
from applications.queries import (
    asked_of,
    goes_by_post,
    open_corrections,
    was_called_off,
)
from applications.workflow import WORKERS, State
from foundation.desk.roles import bodies_where
from foundation.desk.steps import NothingToFillIn, Step
from organizations.queries import has_role, members_with

LEADS = {
    "return": (
        "選んだ項目だけを、申請者が直せるようになります。"
        "標準処理期間は、直したものが届くまで止まります。"
    ),
    "resume": (
        "補正の依頼を終わらせ、届いている内容で審査を続けます。"
        "申請者が返答しないときや、依頼がまちがいだったときに使ってください。"
        "申請者が入力の途中だった補正は消え、もう送れません。"
        "申請者には、補正を待たないことを知らせます。"
        "待っていた日数は、標準処理期間に数えません。"
    ),
    "complete": "結果のお知らせを作り、申請者に送ります。取り消せません。",
    "approve": (
        "決定の通知を作り、申請者に送ります。取り消せません。"
        "条件を付けるときや一部だけを認めるときは、下に書いてください。書いたときは、"
        "不服があるときの手続（審査請求と取消訴訟）も通知に載せます。"
    ),
    "reject": (
        "決定の通知を作り、申請者に送ります。取り消せません。"
        "理由と、不服があるときの手続（審査請求と取消訴訟）を通知に載せます。"
    ),
}
SEND_BY_POST = (
    "結果のお知らせを印刷して、書面で郵送してください"
    "（オンラインでの受け取りの申出がありません）。"
)
TONES = {"accept": "primary", "complete": "primary", "approve": "primary"}
TONES |= {"reject": "danger"}


def signed_in(request: HttpRequest) -> User:
    """Return the member of staff at the desk."""
    return cast("User", request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent; None where the form is only asked for."""
    return request.POST if request.method == "POST" else None


def _in_roles(event: str) -> Callable[[HttpRequest, Application], bool]:
    def permitted(request: HttpRequest, application: Application) -> bool:
        roles = workflow.roles_for(application.kind, event)
        return has_role(request.user, application.organization_id, *roles)

    return permitted


def works_on(request: HttpRequest, application: Application) -> bool:
    """Tell whether the person works on cases of the body; support only looks."""
    return application.organization_id in bodies_where(request.user, WORKERS)


def _possible(event: str) -> Callable[[Application], bool]:
    def offered(application: Application) -> bool:
        return any(
            row.event == event and application.state in row.sources
            for row in workflow.TABLES[application.kind]
        )

    return offered


def _accept(request: HttpRequest, application: Application, form: forms.Form) -> str:
    del form
    accept_application(application, by=signed_in(request))
    return f"{application.number} を受け付けました。"


def _accepted(request: HttpRequest, application: Application, form: forms.Form) -> bool:
    del request, form
    return application.state == State.ACCEPTED


def _return_form(request: HttpRequest, application: Application) -> ReturnForm:
    return ReturnForm(posted(request), asked=asked_of(application))


def _return(request: HttpRequest, application: Application, form: forms.Form) -> str:
    return_application(application, **form.cleaned_data, by=signed_in(request))
    return f"{application.number} の補正を申請者にお願いしました。"


def _returned(request: HttpRequest, application: Application, form: forms.Form) -> bool:
    """Tell whether just this was asked by the same person: a second click."""
    waiting = open_corrections(application).filter(
        sent_by=signed_in(request), message=form.cleaned_data["message"]
    )
    return bool(waiting.exists())


def _confirmation(request: HttpRequest, application: Application) -> forms.Form:
    """Ask nothing, but on a page that says first what will happen."""
    del application
    return NothingToFillIn(posted(request))


def _resume(request: HttpRequest, application: Application, form: forms.Form) -> str:
    del form
    resume_application(application, by=signed_in(request))
    return f"{application.number} の審査を再開しました。"


def _resumed(request: HttpRequest, application: Application, form: forms.Form) -> bool:
    del request, form
    return application.state == State.ACCEPTED and was_called_off(application)


def _decide(event: str) -> Callable[[HttpRequest, Application, Any], str]:
    def act(request: HttpRequest, application: Application, form: forms.Form) -> str:
        reason = form.cleaned_data["reason"]
        decided = decide_application(
            application, event, reason=reason, by=signed_in(request)
        )
        done = f"{decided.number} を「{State(decided.state).label}」にしました。"
        return f"{done}{SEND_BY_POST}" if goes_by_post(decided) else done

    return act


def _decided(event: str) -> Callable[[HttpRequest, Application, Any], bool]:
    def settled(request: HttpRequest, application: Application, form: Any) -> bool:
        del request
        rows = workflow.TABLES[application.kind]
        target = next((row.target for row in rows if row.event == event), None)
        reason = form.cleaned_data["reason"]
        done = application.state == target and application.closing_reason == reason
        return bool(done)

    return settled


def _decision_form(event: str) -> Callable[[HttpRequest, Application], DecisionForm]:
    def form(request: HttpRequest, application: Application) -> DecisionForm:
        del application
        outcome = OUTCOMES[event]
        return DecisionForm(
            posted(request),
            reason_required=event == "reject",
            label=REASON_TITLES.get(outcome, "理由"),
        )

    return form


def _decision(event: str) -> Step[Application]:
    return Step(
        name=event,
        label=_label(event),
        act=_decide(event),
        permitted=_in_roles(event),
        offered=_possible(event),
        form=_decision_form(event),
        settled=_decided(event),
        lead=LEADS[event],
        tone=TONES[event],
    )


def _label(event: str) -> str:
    return next(
        row.label
        for table in workflow.TABLES.values()
        for row in table
        if row.event == event
    )


def _assign_form(request: HttpRequest, application: Application) -> AssignForm:
    return AssignForm(
        posted(request),
        members=members_with(application.organization_id, WORKERS),
        current=application.assignee_id,
    )


def _assign(request: HttpRequest, application: Application, form: Any) -> str:
    assignee = form.chosen()
    if assignee == application.assignee:
        return "担当者は変わっていません。"
    assign_application(application, assignee=assignee, by=signed_in(request))
    return f"担当者を「{assignee or '未割当'}」にしました。"


def _note_form(request: HttpRequest, application: Application) -> NoteForm:
    del application
    return NoteForm(posted(request))


def _note(request: HttpRequest, application: Application, form: forms.Form) -> str:
    write_note(application, text=form.cleaned_data["text"], by=signed_in(request))
    return "メモを書きました。"


def _noted(request: HttpRequest, application: Application, form: forms.Form) -> bool:
    """Tell whether the newest note is this one: a second click."""
    newest = application.notes.order_by("-pk").first()
    text = form.cleaned_data["text"]
    return newest is not None and (newest.author, newest.text) == (request.user, text)


NOTE: Step[Application] = Step(
    name="note",
    label="メモを書く",
    act=_note,
    permitted=works_on,
    form=_note_form,
    settled=_noted,
)
ASSIGN: Step[Application] = Step(
    name="assign",
    label="担当者を決める",
    act=_assign,
    permitted=works_on,
    form=_assign_form,
)
STEPS: tuple[Step[Application], ...] = (
    Step(
        name="accept",
        label=_label("accept"),
        act=_accept,
        permitted=_in_roles("accept"),
        offered=_possible("accept"),
        settled=_accepted,
        tone=TONES["accept"],
    ),
    _decision("complete"),
    _decision("approve"),
    Step(
        name="return",
        label=_label("return"),
        act=_return,
        permitted=_in_roles("return"),
        offered=_possible("return"),
        form=_return_form,
        settled=_returned,
        lead=LEADS["return"],
    ),
    Step(
        name="resume",
        label=_label("resume"),
        act=_resume,
        permitted=_in_roles("resume"),
        offered=_possible("resume"),
        form=_confirmation,
        settled=_resumed,
        lead=LEADS["resume"],
    ),
    _decision("reject"),
    ASSIGN,
    NOTE,
)
