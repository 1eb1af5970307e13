"""Deliver and seal, by the bell and by the clock."""

from celery import shared_task

from foundation.bell import bell
from journal import actions


@shared_task
def deliver_due() -> None:
    actions.deliver_due()


@shared_task
def seal_committed() -> None:
    actions.seal_committed()


actions.ring[:] = [bell(deliver_due)]
