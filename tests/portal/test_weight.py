"""A page arrives with the first packets, even on a slow phone."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from portal.forms import SampleForm

FIRST_PACKETS_BYTES = 14 * 1024
FIRST_VIEW_BYTES = 100 * 1024


def compressed(data):
    return len(gzip.compress(data, 9))


def files_of(page, pattern=r'(?:href|src)="/static/([^"]+)"'):
    names = set(re.findall(pattern, page))
    return [Path(finders.find(name)).read_bytes() for name in names]


def test_a_page_of_questions_and_its_styles_fit_into_the_first_packets():
    page = render_to_string("account/signup.html", {"form": SampleForm()})
    styles = files_of(page, r'rel="stylesheet" href="/static/([^"]+)">')

    bytes_sent = compressed(page.encode()) + sum(map(compressed, styles))

    assert len(styles) == 4
    assert bytes_sent <= FIRST_PACKETS_BYTES


@pytest.mark.parametrize("path", ["/gallery/", "/about/"])
def test_the_first_view_of_a_page_is_light(client, path):
    page = client.get(path).content.decode()

    assert len(page) + sum(map(len, files_of(page))) <= FIRST_VIEW_BYTES * 1.5
    assert compressed(page.encode()) + sum(map(compressed, files_of(page))) <= (
        FIRST_VIEW_BYTES
    )


def test_no_style_names_another_host():
    for path in Path(settings.BASE_DIR, "static").rglob("*.css"):
        assert "://" not in path.read_text("utf-8")
