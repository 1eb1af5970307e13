"""Forget sessions, by the clock."""

from celery import shared_task

from accounts import actions


@shared_task
def forget_sessions() -> None:
    actions.forget_sessions()
