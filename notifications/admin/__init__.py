"""The desk of what was told: messages, webhooks and their deliveries."""

from notifications.admin.deliveries import DeliveryAdmin
from notifications.admin.messages import MessageAdmin
from notifications.admin.webhooks import WebhookAdmin

__all__ = ["DeliveryAdmin", "MessageAdmin", "WebhookAdmin"]
