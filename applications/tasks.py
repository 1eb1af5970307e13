"""Render papers and remove what nobody came back for."""

from typing import Any

from celery import shared_task
from celery.signals import celeryd_after_setup

from applications import actions
from applications.pdf import warm_up

PDF_QUEUE = "pdf"


@celeryd_after_setup.connect
def _warm_up_for_papers(instance: Any, **_: Any) -> None:
    """Read the fonts before the pool forks: its processes share that memory."""
    if PDF_QUEUE in instance.app.amqp.queues.consume_from:
        warm_up()


@shared_task
def render_documents() -> None:
    actions.render_due_documents()


@shared_task
def purge_drafts() -> None:
    actions.purge_expired_drafts()
