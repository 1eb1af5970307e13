"""Keep the indexes up to date, by the bell and by the clock."""

from celery import shared_task

from faq.actions import indexing, linking


@shared_task
def build_indexes() -> None:
    indexing.build_indexes()


@shared_task
def check_links() -> None:
    linking.check_links()
