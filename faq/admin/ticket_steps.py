"""What staff do with a ticket: assign, reply, end; learn from it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from faq.actions.authoring import WRITERS
from faq.actions.learning import learn_wordings, learned_from
from faq.actions.tickets import (
    REPLY_CHARACTERS,
    assign_ticket,
    close_ticket,
    last_position,
    reply_to_ticket,
    said_last,
)
from faq.admin.learning import (
    EntryForm,
    WordingForm,
    is_learned,
    learn,
    near,
    usual_words,
)
from faq.admin.permits import posted, signed_in, writes
from faq.models import Entry, Reply, Ticket, TicketState
from foundation.desk.steps import NothingToFillIn, Step
from organizations.queries import members_with

INSERT = "insert"
NOBODY = ""


class ReplyForm(forms.Form):
    """What the desk writes back."""

    text = forms.CharField(
        label="返事",
        max_length=REPLY_CHARACTERS,
        help_text="相談した人の画面に、このまま出ます。メールには本文を載せません。",
        widget=forms.Textarea({"rows": 10}),
        error_messages={
            "required": "返事を入力してください。",
            "max_length": "返事は4,000文字までにしてください。",
        },
    )
    is_last = forms.BooleanField(label="この返事で相談を終える", required=False)
    read_until = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AssignForm(forms.Form):
    """Whose hands the ticket goes into (担当者の割当)."""

    assignee = forms.ChoiceField(label="担当者", required=False)

    def __init__(self, request: HttpRequest, ticket: Ticket) -> None:
        current = str(ticket.assignee_id or NOBODY)
        super().__init__(posted(request), initial={"assignee": current})
        members = members_with(ticket.organization_id, WRITERS)
        self.members = {str(member.pk): member for member in members}
        field: Any = self.fields["assignee"]
        field.choices = [
            (NOBODY, "未割当にする"),
            *((pk, str(member)) for pk, member in self.members.items()),
        ]


def _is_open(ticket: Ticket) -> bool:
    return ticket.state != TicketState.CLOSED


def _assign(request: HttpRequest, ticket: Ticket, form: AssignForm) -> str:
    assignee = form.members.get(form.cleaned_data["assignee"])
    assign_ticket(ticket, assignee=assignee, by=signed_in(request))
    return f"担当者を「{assignee or '未割当'}」にしました。"


def reply_form(request: HttpRequest, ticket: Ticket) -> ReplyForm:
    """Return the form; with the words of an entry in it, where that was asked for."""
    initial = {"read_until": last_position(ticket)}
    if request.method != "POST":
        return ReplyForm(initial=initial)
    if INSERT not in request.POST:
        return ReplyForm(request.POST)
    typed = request.POST.get("text", "")
    return ReplyForm(
        initial={
            "text": "\n\n".join(filter(None, [typed.strip(), _words(request, ticket)])),
            "is_last": "is_last" in request.POST,
            "read_until": request.POST.get("read_until") or initial["read_until"],
        }
    )


def _words(request: HttpRequest, ticket: Ticket) -> str:
    """Return the answer of the entry that is to be inserted, if it may be read."""
    found = near(
        request,
        ticket.question.text,
        audience=ticket.audience,
        body=ticket.organization_id,
        language=ticket.language,
    )
    wanted = request.POST[INSERT]
    return next((one.answer for one in found if str(one.entry.pk) == wanted), "")


def _reply(request: HttpRequest, ticket: Ticket, form: ReplyForm) -> str:
    given = form.cleaned_data
    reply_to_ticket(ticket, **given, by=signed_in(request))
    told = f"{ticket.number} に返事をしました。"
    return f"{told}相談を終えました。" if given["is_last"] else told


def _replied(request: HttpRequest, ticket: Ticket, form: ReplyForm) -> bool:
    text = form.cleaned_data["text"]
    return said_last(ticket, text, signed_in(request)) is not None


def _confirmation(request: HttpRequest, ticket: Ticket) -> forms.Form:
    del ticket
    return NothingToFillIn(posted(request))


def _close(request: HttpRequest, ticket: Ticket, form: Any) -> str:
    del form
    close_ticket(ticket, by=signed_in(request))
    return f"{ticket.number} を終えました。"


def _closed(request: HttpRequest, ticket: Ticket, form: Any) -> bool:
    del request, form
    return ticket.state == TicketState.CLOSED


def _wording_form(request: HttpRequest, ticket: Ticket) -> WordingForm:
    return WordingForm(request, ticket.audience)


def _learn_wording(request: HttpRequest, ticket: Ticket, form: WordingForm) -> str:
    entry: Entry = form.cleaned_data["entry"]
    if not learn_wordings(entry, [ticket.question], by=signed_in(request)):
        return "この言い方は、その項目にすでに登録されています。"
    return "言い換えに登録しました。同じ質問には、その項目が見つかるようになります。"


def entry_form(request: HttpRequest, ticket: Ticket) -> EntryForm:
    """Return the words of a new entry, the desk's last reply as its answer."""
    last = ticket.replies.filter(side=Reply.Side.DESK).order_by("-position").first()
    found = near(
        request,
        ticket.question.text,
        audience=ticket.audience,
        body=ticket.organization_id,
        language=ticket.language,
    )
    initial = {
        **usual_words(found, ticket.desk),
        "question": ticket.question.text[:200],
        "answer": last.text[:4000] if last else "",
    }
    return EntryForm(request, ticket.desk, initial=initial)


def _learn_entry(request: HttpRequest, ticket: Ticket, form: EntryForm) -> HttpResponse:
    return learn(request, ticket, [ticket.question], form)


ASSIGN: Step[Ticket] = Step(
    name="assign",
    label="担当者を決める",
    act=_assign,
    permitted=writes,
    form=AssignForm,
)
REPLY: Step[Ticket] = Step(
    name="reply",
    label="返事をする",
    act=_reply,
    permitted=writes,
    offered=_is_open,
    form=reply_form,
    settled=_replied,
    tone="primary",
)
WORDING: Step[Ticket] = Step(
    name="wording",
    label="ほかの項目の言い換えに登録",
    act=_learn_wording,
    permitted=writes,
    form=_wording_form,
    lead="この質問の言い方で、選んだ項目が見つかるようになります。",
)
ENTRY: Step[Ticket] = Step(
    name="entry",
    label="新しい項目として下書き",
    act=_learn_entry,
    permitted=writes,
    offered=lambda ticket: learned_from(ticket) is None,
    form=entry_form,
    settled=is_learned,
    lead="公開するまで、だれにも見えません。個人が分かる内容は書かないでください。",
    template="admin/faq/new_entry.html",
)
STEPS: tuple[Step[Ticket], ...] = (
    REPLY,
    Step(
        name="close",
        label="終える",
        act=_close,
        permitted=writes,
        offered=_is_open,
        form=_confirmation,
        settled=_closed,
        lead="相談した人は、この相談にもう書けなくなります。返事は画面に残ります。",
        tone="danger",
    ),
    WORDING,
    ENTRY,
    ASSIGN,
)
