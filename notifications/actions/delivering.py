"""Deliver what is queued for webhooks, and leave alone what fails for long."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from foundation.tenancy.scope import Scope, scoped
from journal.actions import PORTAL, record
from notifications.channels import post, signature_of
from notifications.errors import AddressNotPublic, NotTaken
from notifications.events import WebhookStopped
from notifications.models import Delivery, DeliveryState, Webhook
from notifications.queries import secrets_of

if TYPE_CHECKING:
    from uuid import UUID

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
_BATCH, _AT_ONCE = 20, 10
# Mails wait in the same queue.
_LONGEST_RUN_SECONDS = 30
_LONGEST_WAIT_SECONDS = 3600
# Beyond this nobody is there any more, and an administrator has to look.
GIVEN_UP_AFTER = timedelta(days=4)
# One delivery that is refused while others are taken: about a day.
LAST_ATTEMPT = 32


@dataclass(frozen=True)
class _Letter:
    """A delivery, ready to leave: nothing of the database is read outside."""

    url: str
    body: bytes
    headers: dict[str, str]


def deliver_webhooks() -> int:
    """Deliver what is due, batch by batch; return how many arrived."""
    arrived, begun = 0, monotonic()
    while monotonic() - begun < _LONGEST_RUN_SECONDS and (batch := _claim()):
        letters = [_letter(delivery) for delivery in batch]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            failures = list(pool.map(_send, letters))
        taken: dict[UUID, bool] = {}
        for delivery, failure in zip(batch, failures, strict=True):
            if _settle(delivery, failure):
                arrived += not failure
                key = delivery.webhook_id
                taken[key] = taken.get(key, False) or not failure
        for webhook in {delivery.webhook for delivery in batch}:
            if webhook.pk in taken:
                _note(webhook, arrived=taken[webhook.pk])
    return arrived


@transaction.atomic(using="worker")
def _claim() -> list[Delivery]:
    """Take the deliveries that wait longest, until the lease ends."""
    batch = list(
        Delivery.objects.using("worker")
        .due()
        .select_related("webhook")
        .order_by("position")
        .select_for_update(skip_locked=True, of=("self",))[:_BATCH]
    )
    for delivery in batch:
        delivery.state = DeliveryState.SENDING
        delivery.attempts += 1
        delivery.due_at = timezone.now() + LEASE
    columns = ["state", "attempts", "due_at"]
    Delivery.objects.using("worker").bulk_update(batch, columns)
    return batch


def _letter(delivery: Delivery) -> _Letter:
    now = int(timezone.now().timestamp())
    body = json.dumps(delivery.payload, ensure_ascii=False).encode()
    signatures = [
        signature_of(secret, str(delivery.pk), now, body)
        for secret in secrets_of(delivery.webhook)
    ]
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "kochi-portal-webhook/1",
        "Webhook-Id": str(delivery.pk),
        "Webhook-Timestamp": str(now),
        "Webhook-Signature": " ".join(signatures),
    }
    return _Letter(delivery.webhook.url, body, headers)


def _send(letter: _Letter) -> str:
    """Send it; return what went wrong, empty where it arrived."""
    try:
        post(letter.url, letter.body, letter.headers)
    except NotTaken as refused:
        return refused.answer
    except AddressNotPublic:
        return AddressNotPublic.__name__
    except Exception as error:
        # Whatever is wrong with one address must not stop those of others.
        if not isinstance(error, OSError):
            logger.exception("webhook not sent")
        return type(error).__name__
    return ""


def _settle(delivery: Delivery, failure: str) -> bool:
    """Write down how the attempt ended; tell whether no other has begun since."""
    now = timezone.now()
    changed: dict[str, object]
    if not failure:
        changed = {"state": DeliveryState.DELIVERED, "delivered_at": now}
    elif delivery.attempts >= LAST_ATTEMPT:
        changed = {"state": DeliveryState.FAILED}
    else:
        due_at = now + _wait(delivery.attempts)
        changed = {"state": DeliveryState.QUEUED, "due_at": due_at}
    mine = Delivery.objects.using("worker").filter(
        organization_id=delivery.organization_id,
        pk=delivery.pk,
        attempts=delivery.attempts,
        state=DeliveryState.SENDING,
    )
    return bool(mine.update(**changed, failure=failure[:100]))


def _note(webhook: Webhook, *, arrived: bool) -> None:
    """Let the address rest while it fails, ever longer; stop it after days.

    What left in one batch is one attempt: one that arrived tells that it is there.
    """
    webhooks = Webhook.objects.using("worker").filter(
        organization_id=webhook.organization_id, pk=webhook.pk
    )
    if arrived:
        webhooks.exclude(failures=0).update(
            failures=0, failing_since=None, rests_until=None
        )
        return
    now = timezone.now()
    with transaction.atomic(using="worker"):
        webhook = webhooks.select_for_update(of=("self",)).get()
        since = webhook.failing_since or now
        failures = webhook.failures + 1
        rests_until = now + _wait(failures)
        webhooks.update(failures=failures, failing_since=since, rests_until=rests_until)
    if webhook.is_active and now - since > GIVEN_UP_AFTER:
        _stop(webhook)


def _stop(webhook: Webhook) -> None:
    body = webhook.organization_id
    with scoped(Scope(organization_ids=frozenset({body}))):
        active = Webhook.objects.filter(organization_id=body, pk=webhook.pk)
        if active.filter(is_active=True).update(is_active=False):
            event = WebhookStopped(organization_id=body, webhook_id=webhook.pk)
            record(event, by=PORTAL)
            logger.error("webhook stopped", extra={"webhook_id": str(webhook.pk)})


def _wait(failures: int) -> timedelta:
    return timedelta(seconds=min(2 ** min(failures, 12), _LONGEST_WAIT_SECONDS))


def purge_deliveries(*, kept: timedelta = timedelta(days=90)) -> int:
    """Remove what was settled long ago; the journal keeps what happened."""
    moment = timezone.now() - kept
    settled = (DeliveryState.DELIVERED, DeliveryState.FAILED)
    gone, _ = (
        Delivery.objects.using("worker")
        .filter(state__in=settled, due_at__lt=moment)
        .delete()
    )
    return gone
