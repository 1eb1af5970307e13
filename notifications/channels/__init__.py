"""The ways out of the house: one channel each."""

from notifications.channels.mail import Channel, MailChannel
from notifications.channels.webhook import post, signature_of

__all__ = ["Channel", "MailChannel", "post", "signature_of"]
