"""What is done with messages to people, and with webhooks of other programs."""

from notifications.actions.messages import (
    ADDRESS_KEPT,
    LAST_ATTEMPT,
    MAY_RESEND,
    forget_addresses,
    queue_message,
    resend_message,
    ring,
    send_due_messages,
)

__all__ = [
    "ADDRESS_KEPT",
    "LAST_ATTEMPT",
    "MAY_RESEND",
    "forget_addresses",
    "queue_message",
    "resend_message",
    "ring",
    "send_due_messages",
]
