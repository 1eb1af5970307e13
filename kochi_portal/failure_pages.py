"""Render the pages that the edge shows when the portal itself cannot.

python -m kochi_portal.failure_pages FOLDER
"""

import os
import sys
from pathlib import Path

import django
from django.template.loader import render_to_string

# 413: refused by the edge before the portal sees it; 503: the portal is away.
PAGES = ("413.html", "503.html")


def write_failure_pages(folder: Path) -> None:
    """Write one file for each page; they need nothing but the static files."""
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        (folder / page).write_text(render_to_string(page), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kochi_portal.settings")
    django.setup()
    write_failure_pages(Path(sys.argv[1]))
