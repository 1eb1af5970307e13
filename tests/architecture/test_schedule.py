"""What the clock starts is there, and is not lost for a worker that is busy."""

from datetime import timedelta

import pytest
from celery.schedules import crontab
from django.conf import settings

from kochi_portal.celery import app

ENTRIES = settings.CELERY_BEAT_SCHEDULE
NIGHTLY = {
    name: entry
    for name, entry in ENTRIES.items()
    if isinstance(entry["schedule"], crontab)
}


@pytest.mark.parametrize("name", ENTRIES)
def test_what_the_clock_starts_is_a_task(name):
    app.loader.import_default_modules()

    assert ENTRIES[name]["task"] in app.tasks


@pytest.mark.parametrize("name", NIGHTLY)
def test_what_comes_once_a_night_waits_for_a_busy_worker_until_morning(name):
    waits = timedelta(seconds=NIGHTLY[name]["options"]["expires"])

    assert timedelta(hours=3) <= waits < timedelta(days=1)


@pytest.mark.parametrize("name", sorted(ENTRIES.keys() - NIGHTLY.keys()))
def test_what_comes_again_soon_does_not_pile_up(name):
    assert ENTRIES[name]["options"]["expires"] <= 60
