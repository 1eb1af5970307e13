"""Render papers and remove what nobody came back for."""

from celery import shared_task

from applications import actions


@shared_task
def render_documents() -> None:
    actions.render_due_documents()


@shared_task
def purge_drafts() -> None:
    actions.purge_expired_drafts()
