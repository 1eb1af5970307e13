"""What staff did with messages: ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from journal.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageResent(Event):
    """Staff had a message sent again that could not be sent (再送)."""

    name: ClassVar[str] = "notifications.message_resent"
    label: ClassVar[str] = "通知の再送"
    subject: ClassVar[str] = "message_id"
    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class WebhookEvent(Event):
    """Something happened to one webhook."""

    subject: ClassVar[str] = "webhook_id"
    webhook_id: UUID


@dataclass(frozen=True, kw_only=True)
class WebhookAdded(WebhookEvent):
    """Another program hears of events from now on (登録)."""

    name: ClassVar[str] = "notifications.webhook_added"
    label: ClassVar[str] = "Webhookの登録"
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(WebhookEvent):
    """It hears of other events, or at another address (変更)."""

    name: ClassVar[str] = "notifications.webhook_changed"
    label: ClassVar[str] = "Webhookの変更"
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WebhookRekeyed(WebhookEvent):
    """It got a new secret; the old one proves nothing any more (鍵の再発行)."""

    name: ClassVar[str] = "notifications.webhook_rekeyed"
    label: ClassVar[str] = "Webhookの鍵の再発行"


@dataclass(frozen=True, kw_only=True)
class WebhookStopped(WebhookEvent):
    """Nothing is sent any more: by an administrator, or after days of failures."""

    name: ClassVar[str] = "notifications.webhook_stopped"
    label: ClassVar[str] = "Webhookの停止"


@dataclass(frozen=True, kw_only=True)
class WebhookResumed(WebhookEvent):
    """What waits is sent, and what happens from now on (再開)."""

    name: ClassVar[str] = "notifications.webhook_resumed"
    label: ClassVar[str] = "Webhookの再開"


@dataclass(frozen=True, kw_only=True)
class WebhookTested(WebhookEvent):
    """An administrator had a test sent (テスト送信)."""

    name: ClassVar[str] = "notifications.webhook_tested"
    label: ClassVar[str] = "Webhookのテスト送信"


@dataclass(frozen=True, kw_only=True)
class DeliveryRepeated(WebhookEvent):
    """An administrator had a delivery sent again (再送)."""

    name: ClassVar[str] = "notifications.delivery_repeated"
    label: ClassVar[str] = "Webhookの再送"
    delivery_id: UUID
