"""What was told to applicants, and what could not be."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import choice_filter
from foundation.desk.roles import bodies_where
from foundation.desk.steps import Step
from notifications.actions import MAY_RESEND, resend_message
from notifications.models import Message, MessageState, Template
from organizations.models import Role

if TYPE_CHECKING:
    from accounts.models import User

TONES = {
    MessageState.QUEUED: "info",
    MessageState.SENDING: "progress",
    MessageState.SENT: "success",
    MessageState.FAILED: "danger",
}


def _may_resend(request: HttpRequest, message: Message) -> bool:
    bodies = bodies_where(request.user, frozenset(MAY_RESEND))
    return message.organization_id in bodies


def _resend(request: HttpRequest, message: Message, form: Any) -> str:
    del form
    resend_message(message, by=cast("User", request.user))
    return "もう一度送ります。"


@admin.register(Message)
class MessageAdmin(ScopedAdmin[Message]):
    """Messages about the cases of the body."""

    read_by: ClassVar[frozenset[str]] = frozenset({*MAY_RESEND, Role.SUPPORT})
    list_display = ("template", "to", "number", "state_tag", "attempts", "due", "sent")
    list_filter = (
        choice_filter("state", "状態", MessageState.choices),
        choice_filter("template", "文面", Template.choices),
    )
    fields = (
        "template",
        "to",
        "number",
        "state_tag",
        "failure",
        "attempts",
        "due",
        "sent",
    )
    readonly_fields = fields
    steps = (
        Step(
            name="resend",
            label="もう一度送る",
            act=_resend,
            permitted=_may_resend,
            offered=lambda message: (
                message.state == MessageState.FAILED and bool(message.address)
            ),
            tone="primary",
        ),
    )

    @admin.display(description="宛先")
    def to(self, message: Message) -> str:
        """Show enough of the address to recognise it, while it is known."""
        if not message.address:
            return "—"
        name, _, domain = message.address.rpartition("@")
        return f"{name[:1]}●●●@{domain}"

    @admin.display(description="到達番号")
    def number(self, message: Message) -> str:
        return str(message.context.get("number", ""))

    @admin.display(description="状態")
    def state_tag(self, message: Message) -> SafeString:
        state = MessageState(message.state)
        tag = {"label": state.label, "tone": TONES[state]}
        return render_to_string("components/status_tag.html", tag)

    @admin.display(description="送信予定")
    def due(self, message: Message) -> str:
        return _moment(message.due_at)

    @admin.display(description="送信日時")
    def sent(self, message: Message) -> str:
        return _moment(message.sent_at)


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y/%m/%d %H:%M}" if moment else "—"
