"""What was sent to other programs, and what came of it."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import ChoiceFilter, Choices, choice_filter
from foundation.desk.roles import bodies_where
from foundation.desk.steps import Step
from foundation.desk.texts import shown_as_is
from journal.events import labels
from notifications.actions.webhooks import repeat_delivery
from notifications.models import Delivery, DeliveryState, Webhook
from organizations.models import Role

if TYPE_CHECKING:
    from accounts.models import User

READERS = frozenset({Role.ADMINISTRATOR, Role.SUPPORT})
TONES = {
    DeliveryState.QUEUED: "info",
    DeliveryState.SENDING: "progress",
    DeliveryState.DELIVERED: "success",
    DeliveryState.FAILED: "danger",
}
ENDED = (DeliveryState.DELIVERED, DeliveryState.FAILED)


def administers(request: HttpRequest, row: Any) -> bool:
    """Tell whether the person administers the row's body; without a row, any body."""
    mine = bodies_where(request.user, frozenset({Role.ADMINISTRATOR}))
    return bool(mine) if row is None else row.organization_id in mine


def tag(label: str, tone: str) -> SafeString:
    """Return a tag that says it in words."""
    context = {"label": label, "tone": tone}
    return render_to_string("components/status_tag.html", context)


def moment(at: Any) -> str:
    """Return a moment to the second: programs are compared by it."""
    return f"{timezone.localtime(at):%Y/%m/%d %H:%M:%S}" if at else "—"


class WebhookFilter(ChoiceFilter):
    """One of the webhooks of one's bodies."""

    title, parameter_name = "Webhook", "webhook"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer them by name."""
        mine = sorted(bodies_where(request.user, READERS))
        found = Webhook.objects.filter(organization_id__in=mine)
        return [(str(webhook.pk), webhook.label) for webhook in found]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to it."""
        return queryset.filter(webhook_id=UUID(value))


def _repeat(request: HttpRequest, delivery: Delivery, form: Any) -> str:
    del form
    repeat_delivery(delivery, by=cast("User", request.user))
    return "もう一度送ります。"


@admin.register(Delivery)
class DeliveryAdmin(ScopedAdmin[Delivery]):
    """Deliveries of the body."""

    read_by: ClassVar[frozenset[str]] = READERS
    list_display = ("called", "to", "state_tag", "failure", "attempts", "ended")
    list_filter = (
        choice_filter("state", "状態", DeliveryState.choices),
        WebhookFilter,
    )
    fields = (
        "called",
        "to",
        "state_tag",
        "failure",
        "attempts",
        "due",
        "ended",
        "content",
        "id",
    )
    readonly_fields = fields
    steps = (
        Step(
            name="resend",
            label="もう一度送る",
            act=_repeat,
            permitted=administers,
            offered=lambda delivery: delivery.state in ENDED,
        ),
    )

    def prepare(self, rows: Sequence[Delivery]) -> None:
        """Find the webhooks at once."""
        prefetch_related_objects(rows, "webhook")

    @admin.display(description="出来事")
    def called(self, delivery: Delivery) -> str:
        return labels().get(delivery.event, delivery.event)

    @admin.display(description="Webhook")
    def to(self, delivery: Delivery) -> str:
        return delivery.webhook.label

    @admin.display(description="状態")
    def state_tag(self, delivery: Delivery) -> SafeString:
        state = DeliveryState(delivery.state)
        return tag(state.label, TONES[state])

    @admin.display(description="送信予定")
    def due(self, delivery: Delivery) -> str:
        return moment(delivery.due_at)

    @admin.display(description="届いた日時")
    def ended(self, delivery: Delivery) -> str:
        return moment(delivery.delivered_at)

    @admin.display(description="内容")
    def content(self, delivery: Delivery) -> SafeString:
        text = json.dumps(delivery.payload, ensure_ascii=False, indent=2)
        return shown_as_is(text, label="内容")
