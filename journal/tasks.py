"""Deliver and seal, by the bell and by the clock."""

from celery import shared_task
from django.conf import settings

from foundation.bell import bell
from journal import actions


@shared_task
def deliver_due() -> None:
    actions.deliver_due()


@shared_task
def seal_committed() -> None:
    actions.seal_committed()


@shared_task
def export_head() -> None:
    actions.export_head(settings.JOURNAL_HEAD_FILE)


# A ring that was not heard at once has nothing to say: the clock came before it.
actions.ring[:] = [bell(deliver_due, expires=30)]
