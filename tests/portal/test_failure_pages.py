"""A failure page needs nothing of what may have failed."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

WITHOUT_ANYTHING = ["500.html", "503.html", "maintenance.html"]
OTHERS = ["400.html", "403.html", "403_csrf.html", "404.html", "413.html", "429.html"]


@pytest.mark.parametrize("name", WITHOUT_ANYTHING)
def test_a_failure_page_needs_no_context_database_address_or_manifest(name, settings):
    settings.ROOT_URLCONF = "tests.portal.no_addresses"
    broken = {"staticfiles": {"BACKEND": "tests.portal.no_addresses.NoStorage"}}
    settings.STORAGES = settings.STORAGES | broken

    page = get_template(name).render()

    assert '<html lang="ja">' in page
    assert "担当窓口" in page


def test_every_file_that_a_failure_page_wears_is_there():
    source = Path(settings.BASE_DIR, "templates/failure.html").read_text("utf-8")
    files = re.findall(rf'"{settings.STATIC_URL}([^"]+)"', source)

    assert files
    assert all(finders.find(file) for file in files)


@pytest.mark.parametrize("name", OTHERS)
def test_an_error_page_says_what_to_do_without_request_or_database(name):
    page = get_template(name).render()

    assert page.count("<h1") == 1
    assert re.search(r"ください|ください。|ご確認", page)
