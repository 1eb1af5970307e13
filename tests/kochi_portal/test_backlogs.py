"""A scrape shows what the workers have left to do, and nobody's data."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from notifications.models import Message
from tests.factories import AKI, MUROTO, application, made_paper
from tests.journal.happenings import happen

pytestmark = pytest.mark.django_db

NOON = timezone.now().replace(microsecond=0)


def figures():
    """Return the figures that are shown to this machine, by name and labels."""
    lines = Client().get("/metrics").content.decode().splitlines()
    shown = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in shown.items()}


def message(organization=MUROTO, **changed):
    with scoped(Scope(organization_ids=frozenset({organization}))):
        Message.objects.create(
            organization_id=organization,
            key=f"journal:{new_id()}",
            template="received",
            subject_id=new_id(),
            address="hanako@example.jp",
            **changed,
        )


def test_where_nothing_waits_every_figure_is_nought():
    shown = figures()

    assert shown["portal_journal_undelivered"] == 0
    assert shown["portal_journal_oldest_undelivered_seconds"] == 0
    assert shown["portal_messages_retried"] == 0
    assert shown["portal_papers_waiting"] == 0
    for state in ("queued", "sending", "failed"):
        assert shown[f'portal_messages_unsent{{state="{state}"}}'] == 0


def test_what_nobody_was_told_is_counted_with_the_age_of_the_first():
    with time_machine.travel(NOON, tick=False):
        happen("a")
    with time_machine.travel(NOON + timedelta(seconds=90), tick=False):
        happen("b", organization_id=AKI)
    with time_machine.travel(NOON + timedelta(seconds=100), tick=False):
        shown = figures()

    assert shown["portal_journal_undelivered"] == 2
    assert shown["portal_journal_oldest_undelivered_seconds"] == 100


def test_messages_of_all_bodies_are_counted_by_what_became_of_them():
    message()
    message(failure="SMTPServerDisconnected", attempts=3)
    message(AKI, state="sending", attempts=1)
    message(AKI, state="failed", failure="550", attempts=1)
    message(state="sent", sent_at=NOON, attempts=1)

    shown = figures()

    assert shown['portal_messages_unsent{state="queued"}'] == 2
    assert shown['portal_messages_unsent{state="sending"}'] == 1
    assert shown['portal_messages_unsent{state="failed"}'] == 1
    assert shown["portal_messages_retried"] == 1
    assert "hanako" not in str(shown)


def test_papers_of_all_bodies_are_counted_until_their_pdf_is_made():
    made_paper(application())
    application(MUROTO)
    application(AKI)

    shown = figures()

    assert shown["portal_papers_waiting"] == 2


def test_the_figures_are_all_that_the_web_learns_of_the_queue():
    denied = pytest.raises(DatabaseError, match="permission denied")
    with connection.cursor() as cursor:
        with denied, transaction.atomic():
            cursor.execute("SELECT count(*) FROM journal_undelivered")
        cursor.execute("SELECT * FROM journal_backlog()")
        assert cursor.fetchone() == (0, None)


def test_without_the_database_the_requests_are_still_counted(settings):
    settings.METRICS_BACKLOGS = ["tests.kochi_portal.test_backlogs.unreadable"]

    shown = figures()

    assert shown['portal_unavailable_total{server="database"}'] >= 1
    assert "portal_messages_retried" not in shown


def unreadable():
    raise DatabaseError
