"""Questions that went to people: the list to work off, and one of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from faq.actions.tickets import last_position
from faq.admin.asked import READERS, moment, outcome_tag, shortened
from faq.admin.columns import tag
from faq.admin.filters import BodyFilter, DeskFilter
from faq.admin.learning import near
from faq.admin.ticket_steps import ASSIGN, ENTRY, REPLY, STEPS, WORDING, ReplyForm
from faq.models import Reply, Ticket, TicketState
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import ChoiceFilter, Choices

OVERDUE, ALL = "overdue", "all"
TONES = {
    TicketState.WAITING: "attention",
    TicketState.ANSWERED: "success",
    TicketState.CLOSED: "neutral",
}


def state_shown(request: HttpRequest) -> str:
    """Return the chosen state; a search looks among all."""
    by_default = ALL if request.GET.get("q", "").strip() else TicketState.WAITING
    return request.GET.get("state") or by_default


class StateFilter(ChoiceFilter):
    """What waits, unless asked otherwise."""

    title, parameter_name, all_label = "状態", "state", ""

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the states, and what is late of those that wait."""
        self.shown = state_shown(request)
        waiting, *others = TicketState.choices
        return [waiting, (OVERDUE, "目安の日を過ぎたもの"), *others, (ALL, "すべて")]

    def chosen(self) -> str:
        """Name the state that is shown."""
        return self.shown

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the state."""
        if value == OVERDUE:
            return queryset.waiting().filter(due_on__lt=timezone.localdate())
        return queryset if value == ALL else queryset.filter(state=value)


class AssigneeFilter(ChoiceFilter):
    """One's own, or nobody's."""

    title, parameter_name = "担当者", "assignee"
    me: int

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the two that one looks for."""
        self.me = int(str(request.user.pk))
        return [("me", "自分"), ("nobody", "未割当")]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to whose hands it is in."""
        return queryset.filter(assignee_id=self.me if value == "me" else None)


@admin.register(Ticket)
class TicketAdmin(ScopedAdmin[Ticket]):
    """Tickets of the body, the one that is due first on top."""

    read_by = READERS
    steps = STEPS
    list_display = (
        "number",
        "asked",
        "desk",
        "state_tag",
        "in_hands_of",
        "due",
        "opened",
    )
    list_filter = (StateFilter, AssigneeFilter, BodyFilter, DeskFilter)
    search_fields = ("number",)
    search_help_text = "受付番号、または質問・やり取りの言葉"
    change_form_template = "admin/faq/ticket.html"

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Sort by due day what is still to do, by arrival what is looked up."""
        if state_shown(request) in {TicketState.WAITING, OVERDUE}:
            return "due_on", "id"
        return ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a number, or words of the question or of a message."""
        del request
        term = search_term.strip()
        if not term:
            return queryset, False
        said = Reply.objects.filter(
            organization_id=OuterRef("organization_id"),
            ticket_id=OuterRef("pk"),
            text__icontains=term,
        )
        meant = Q(number__icontains=term) | Q(question__text__icontains=term)
        return queryset.filter(meant | Exists(said)), False

    def prepare(self, rows: Sequence[Ticket]) -> None:
        """Find what belongs to the rows of the page at once."""
        prefetch_related_objects(rows, "question", "desk", "assignee")

    @admin.display(description="質問")
    def asked(self, ticket: Ticket) -> str:
        return shortened(ticket.question.text)

    @admin.display(description="状態")
    def state_tag(self, ticket: Ticket) -> SafeString:
        state = TicketState(ticket.state)
        return tag(str(state.label), TONES[state])

    @admin.display(description="担当者", empty_value="未割当")
    def in_hands_of(self, ticket: Ticket) -> User | None:
        return ticket.assignee

    @admin.display(description="返事の目安")
    def due(self, ticket: Ticket) -> SafeString | str:
        return due_tag(ticket, timezone.localdate())

    @admin.display(description="受付")
    def opened(self, ticket: Ticket) -> str:
        return moment(ticket.opened_at)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the ticket: what was asked, shown and written, and what is near."""
        del form_url, extra_context
        ticket = self.get_object(request, unquote(object_id))
        readable = self.has_view_permission(request, ticket)
        if request.method not in {"GET", "HEAD"} or not readable:
            raise PermissionDenied
        links = {x["step"].name: x for x in self.step_links(request, ticket)}
        beside = {REPLY.name, ASSIGN.name, WORDING.name, ENTRY.name}
        question = ticket.question
        context = {
            "title": ticket.number,
            "ticket": ticket,
            "question": question,
            "percent": _percent(question.confidence),
            "state": self.state_tag(ticket),
            "due": self.due(ticket),
            "contact": bool(ticket.contact_email),
            "transcript": [
                {
                    **told,
                    "at": datetime.fromisoformat(told["at"]),
                    "outcome": outcome_tag(told["outcome"]),
                }
                for told in ticket.transcript
            ],
            "replies": ticket.replies.select_related("written_by"),
            "near": near(
                request,
                question.text,
                audience=ticket.audience,
                body=ticket.organization_id,
                language=ticket.language,
            ),
            "reply_form": ReplyForm(initial={"read_until": last_position(ticket)}),
            "step_links": [x for name, x in links.items() if name not in beside],
            **{f"{name}_url": x["url"] for name, x in links.items() if name in beside},
        }
        return self.page(request, str(self.change_form_template), context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        """Read the page of one ticket at once."""
        rows = super().get_queryset(request)
        return rows.select_related("question", "desk", "assignee", "organization")


def due_tag(ticket: Ticket, today: date) -> SafeString | str:
    """Return the day by which the desk promised to write, with the days left."""
    if ticket.state != TicketState.WAITING:
        return "—"
    days = (ticket.due_on - today).days
    if days < 0:
        left, tone = f"{-days}日超過", "danger"
    elif days:
        left, tone = f"あと{days}日", "neutral"
    else:
        left, tone = "きょうまで", "attention"
    return tag(f"{ticket.due_on:%Y/%m/%d} {left}", tone)


def _percent(confidence: float | None) -> int | None:
    return None if confidence is None else round(100 * confidence)
