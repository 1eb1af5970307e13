"""The composition root: settings, addresses, worker, and the development stack."""

from kochi_portal.celery import app as celery_app

__all__ = ["celery_app"]
