"""What a message says, how many wait, and what proves a delivery."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from prometheus_client.core import GaugeMetricFamily, Metric

from foundation.tenancy.scope import scoped
from notifications.models import WAITING, Message, MessageState, Webhook
from organizations.queries import everywhere


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


def backlog() -> Iterator[Metric]:
    """Yield how many messages over all bodies are not sent, by what became of them."""
    with scoped(everywhere()):
        rows = (
            Message.objects.exclude(state=MessageState.SENT)
            .values("state")
            .annotate(
                messages=Count("*"),
                retried=Count("pk", filter=Q(state__in=WAITING) & ~Q(failure="")),
            )
            .order_by("state")
        )
        found = {row["state"]: (row["messages"], row["retried"]) for row in rows}
    unsent = GaugeMetricFamily(
        "portal_messages_unsent", "Messages that are not sent.", labels=["state"]
    )
    for state in (*WAITING, MessageState.FAILED):
        messages, _ = found.get(state, (0, 0))
        unsent.add_metric([state], messages)
    yield unsent
    yield GaugeMetricFamily(
        "portal_messages_retried",
        "Those of them that wait for another try.",
        sum(retried for _, retried in found.values()),
    )


# As Standard Webhooks writes it, so that a leaked one is recognised.
SECRET_BEGINS = "whsec_"  # noqa: S105  # pragma: allowlist secret


def secret_of(webhook: Webhook) -> str:
    """Return the secret as its owner writes it down: `whsec_` and Base64."""
    return f"{SECRET_BEGINS}{base64.b64encode(secrets_of(webhook)[0]).decode()}"


def secrets_of(webhook: Webhook) -> list[bytes]:
    """Return what signs: its secret, then those of the installation's earlier keys.

    When the installation gets a new key, receivers still know the old secret.
    """
    text = f"webhook:{webhook.pk}:{webhook.generation}".encode()
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.new(key.encode(), text, hashlib.sha256).digest() for key in keys]
