"""Forget sessions and sign-ups that led to nothing, by the clock."""

from celery import shared_task

from accounts import actions


@shared_task
def forget_sessions() -> None:
    actions.forget_sessions()


@shared_task
def forget_unconfirmed() -> None:
    actions.forget_unconfirmed()
