"""The worker's application: rings wake it, and the beat wakes it where no ring came."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kochi_portal.settings")

app = Celery("kochi_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
