"""Pages as the public gets them, before anybody collected the static files."""

import pytest


@pytest.fixture(autouse=True)
def _static_files_where_they_lie(settings, tmp_path):
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.STATIC_ROOT = tmp_path
