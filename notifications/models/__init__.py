"""What is told: messages to people, deliveries to programs."""

from notifications.models.messages import (
    SETTLED,
    WAITING,
    Message,
    MessageQuerySet,
    MessageState,
    Template,
)
from notifications.models.webhooks import (
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    Webhook,
)

__all__ = [
    "SETTLED",
    "WAITING",
    "Delivery",
    "DeliveryQuerySet",
    "DeliveryState",
    "Message",
    "MessageQuerySet",
    "MessageState",
    "Template",
    "Webhook",
]
