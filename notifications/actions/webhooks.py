"""Tell other programs what happened: at least once, in order for each subject."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from foundation.identifiers import new_id
from journal.actions import record
from journal.events import Event, labels
from journal.models import Entry
from notifications.errors import (
    DeliveryNotResendable,
    NotAdministrator,
    WebhookNotPossible,
)
from notifications.events import (
    DeliveryRepeated,
    WebhookAdded,
    WebhookChanged,
    WebhookEvent,
    WebhookRekeyed,
    WebhookResumed,
    WebhookStopped,
    WebhookTested,
)
from notifications.models import Delivery, DeliveryState, Webhook
from organizations.models import Role
from organizations.queries import has_role

TEST = WebhookTested.name
webhook_ring: list[Callable[[], object]] = []
"""What to call when deliveries were queued; `notifications.tasks` fills it."""


def queue_deliveries(event: Event, entry_id: UUID) -> None:
    """Queue the event for every webhook of its body that asked for it, once."""
    wanting = Webhook.objects.filter(
        organization_id=event.organization_id,
        is_active=True,
        events__contains=[event.name],
    )
    found = list(wanting)
    if not found:
        return
    happened_at = Entry.objects.values_list("recorded_at", flat=True).get(pk=entry_id)
    at, ids = timezone.localtime(happened_at).isoformat(), event.payload()
    _queue(
        _delivery(webhook, entry_id, event.name, event.subject_id, data=ids, at=at)
        for webhook in found
    )


def _delivery(  # noqa: PLR0913 - what a delivery says
    webhook: Webhook,
    entry_id: UUID,
    event: str,
    subject_id: UUID,
    *,
    data: Mapping[str, Any],
    at: str,
) -> Delivery:
    delivery = Delivery(
        organization_id=webhook.organization_id,
        webhook=webhook,
        entry_id=entry_id,
        event=event,
        subject_id=subject_id,
    )
    delivery.payload = {
        "id": str(delivery.pk),
        "type": event,
        "timestamp": at,
        "data": dict(data),
    }
    return delivery


def _queue(deliveries: Any) -> None:
    Delivery.objects.bulk_create(list(deliveries), ignore_conflicts=True)
    _ring()


def _ring() -> None:
    for bell in webhook_ring:
        transaction.on_commit(bell, robust=True)


@transaction.atomic
def add_webhook(
    organization_id: int, *, label: str, url: str, events: Collection[str], by: User
) -> Webhook:
    """Let another program hear of events of the body.

    Raises:
        NotAdministrator: `by` does not administer the body.
        WebhookNotPossible: the address is none, or an event is not known.
    """
    _check(organization_id, url, events, by)
    webhook = Webhook(
        organization_id=organization_id,
        label=label,
        url=url,
        events=sorted(events),
        created_by=by,
    )
    webhook.save(force_insert=True)
    _tell(WebhookAdded, webhook, by, events=tuple(webhook.events))
    return webhook


@transaction.atomic
def change_webhook(
    webhook: Webhook, *, label: str, url: str, events: Collection[str], by: User
) -> Webhook:
    """Change where it goes and what it hears of; what waits goes there too.

    Raises:
        NotAdministrator, WebhookNotPossible: as for `add_webhook`.
    """
    _check(webhook.organization_id, url, events, by)
    webhook = _locked(webhook)
    webhook.label, webhook.url, webhook.events = label, url, sorted(events)
    webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
    webhook.save()
    _tell(WebhookChanged, webhook, by, events=tuple(webhook.events))
    _ring()
    return webhook


@transaction.atomic
def rekey_webhook(webhook: Webhook, *, by: User) -> Webhook:
    """Give it a new secret at once, as when the old one was seen by others.

    Raises:
        NotAdministrator: `by` does not administer the body.
    """
    _administers(webhook.organization_id, by)
    webhook = _locked(webhook)
    webhook.generation += 1
    webhook.save(update_fields=["generation"])
    _tell(WebhookRekeyed, webhook, by)
    return webhook


@transaction.atomic
def set_active(webhook: Webhook, *, is_active: bool, by: User) -> Webhook:
    """Stop sending, or go on with what waits.

    Raises:
        NotAdministrator: `by` does not administer the body.
    """
    _administers(webhook.organization_id, by)
    webhook = _locked(webhook)
    if webhook.is_active != is_active:
        webhook.is_active = is_active
        webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
        webhook.save()
        _tell(WebhookResumed if is_active else WebhookStopped, webhook, by)
        _ring()
    return webhook


@transaction.atomic
def try_webhook(webhook: Webhook, *, by: User) -> Delivery:
    """Send something that means nothing, to see whether it arrives.

    Raises:
        NotAdministrator: `by` does not administer the body.
    """
    _administers(webhook.organization_id, by)
    entry = _tell(WebhookTested, webhook, by)
    ids = {"organization_id": webhook.organization_id, "webhook_id": str(webhook.pk)}
    at = timezone.localtime().isoformat()
    # Of its own: a test must not wait for what cannot be delivered.
    delivery = _delivery(webhook, entry.pk, TEST, new_id(), data=ids, at=at)
    _queue([delivery])
    return delivery


@transaction.atomic
def repeat_delivery(delivery: Delivery, *, by: User) -> None:
    """Send again what arrived, or what was given up; its id stays the same.

    Raises:
        NotAdministrator: `by` does not administer the body.
        DeliveryNotResendable: it is still on its way.
    """
    _administers(delivery.organization_id, by)
    ended = Delivery.objects.filter(
        organization_id=delivery.organization_id,
        pk=delivery.pk,
        state__in=(DeliveryState.DELIVERED, DeliveryState.FAILED),
    )
    if not ended.update(
        state=DeliveryState.QUEUED, attempts=0, due_at=timezone.now(), failure=""
    ):
        raise DeliveryNotResendable
    webhooks = Webhook.objects.filter(organization_id=delivery.organization_id)
    webhooks.filter(pk=delivery.webhook_id).update(rests_until=None)
    _tell(DeliveryRepeated, delivery.webhook, by, delivery_id=delivery.pk)
    _ring()


def _check(organization_id: int, url: str, events: Collection[str], by: User) -> None:
    _administers(organization_id, by)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WebhookNotPossible from None
    plain = not (parts.username or parts.password or parts.fragment or port == 0)
    schemes = {"https", "http"} if settings.SAMPLE else {"https"}
    if parts.scheme not in schemes or not parts.hostname or not plain:
        raise WebhookNotPossible
    if not events or not set(events) <= labels().keys():
        sentence = "知らせる出来事を1つ以上選んでください。"
        raise WebhookNotPossible(sentence)


def _administers(organization_id: int, by: User) -> None:
    if not has_role(by, organization_id, Role.ADMINISTRATOR):
        raise NotAdministrator


def _locked(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update().get(
        organization_id=webhook.organization_id, pk=webhook.pk
    )


def _tell(event: type[WebhookEvent], webhook: Webhook, by: Any, **more: Any) -> Entry:
    told = event(organization_id=webhook.organization_id, webhook_id=webhook.pk, **more)
    return record(told, by=by)
