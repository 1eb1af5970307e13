"""What a message says."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from notifications.models import Message


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message in words, ready for a channel."""

    id: UUID
    address: str
    subject: str
    body: str


def letter_of(message: Message) -> Letter:
    """Put the message into the words of its template: first line subject, then body."""
    text = render_to_string(
        f"notifications/{message.template}.txt",
        {
            **message.context,
            "inquiry_url": f"{settings.BASE_URL}{reverse('applications:inquiry')}",
            "home_url": f"{settings.BASE_URL}/",
        },
    )
    subject, _, body = text.strip().partition("\n")
    return Letter(
        id=message.pk, address=message.address, subject=subject, body=body.lstrip()
    )
