"""Send messages, by the bell and by the clock; forget to whom, by the clock."""

from celery import shared_task

from foundation.bell import bell
from notifications import actions


@shared_task
def send_due() -> None:
    actions.send_due_messages()


@shared_task
def forget_addresses() -> None:
    actions.forget_addresses()


actions.ring[:] = [bell(send_due, expires=30)]
