"""Keep indexes and clusters up to date, and forget, by the bell and by the clock."""

from uuid import UUID

from celery import shared_task

from faq.actions import (
    clustering,
    counting,
    forgetting,
    indexing,
    linking,
    measuring,
    tickets,
    translating,
)
from foundation.bell import bell


@shared_task
def build_indexes() -> None:
    indexing.build_indexes()


@shared_task
def check_links() -> None:
    linking.check_links()


@shared_task
def count_popular() -> None:
    counting.count_popular()


@shared_task
def group_unanswered() -> None:
    """Ring for each desk: none waits for another, nor is lost with it."""
    for desk in clustering.desks_to_group():
        bell(group_desk, args=(str(desk),))()


@shared_task
def group_desk(desk_id: str) -> None:
    clustering.group_desk(UUID(desk_id))


@shared_task
def translate_draft(body: int, revision_id: str, language: str) -> None:
    translating.translate_draft(body, UUID(revision_id), language)


@shared_task
def close_quiet_tickets() -> None:
    tickets.close_quiet_tickets()


@shared_task
def forget_contacts() -> None:
    forgetting.forget_contacts()


@shared_task
def remove_old_questions() -> None:
    forgetting.remove_old_tickets()
    forgetting.remove_old_questions()
    forgetting.remove_old_clusters()


@shared_task
def evaluate_frozen_sets() -> None:
    measuring.evaluate_frozen_sets()
    measuring.measure_due()


@shared_task
def measure_due() -> None:
    measuring.measure_due()


measuring.ring[:] = [bell(measure_due, expires=30)]
