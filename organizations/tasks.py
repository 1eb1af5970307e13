"""Let departments take over on their day."""

from celery import shared_task

from organizations import actions


@shared_task
def take_over_due() -> None:
    actions.take_over_due()
