"""Keep the indexes up to date, by the bell and by the clock."""

from celery import shared_task

from faq.actions import indexing


@shared_task
def build_indexes() -> None:
    indexing.build_indexes()
