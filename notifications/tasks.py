"""Send messages, by the bell and by the clock; forget to whom, by the clock."""

from celery import shared_task

from foundation.bell import bell
from notifications import actions
from notifications.actions import delivering, webhooks


@shared_task
def send_due() -> None:
    actions.send_due_messages()


@shared_task
def forget_addresses() -> None:
    actions.forget_addresses()


@shared_task
def deliver_webhooks() -> None:
    delivering.deliver_webhooks()


@shared_task
def purge_deliveries() -> None:
    delivering.purge_deliveries()


actions.ring[:] = [bell(send_due, expires=30)]
webhooks.webhook_ring[:] = [bell(deliver_webhooks, expires=30)]
