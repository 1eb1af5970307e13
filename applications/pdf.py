"""Make the PDF of a paper: our own fonts, no network, nothing but its content.

The libraries of text layout (pango) come from the operating system. Where they are
missing nothing else suffers: papers stay pages, and wait to be made.
"""

import gc
import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from applications.models import Document
from foundation.japanese import display_date, display_instant

logger = logging.getLogger(__name__)

FONTS = Path(__file__).resolve().parent / "fonts"


class _Press(NamedTuple):
    """WeasyPrint with the fonts it has read once; each reading costs 10 MB."""

    weasyprint: Any
    fonts: Any
    style: Any
    fetch: Any


def can_render() -> bool:
    """Tell whether this process can make PDFs; says once in the log why not."""
    return _press() is not None


def warm_up() -> None:
    """Make one page, so that the first paper costs no more than the others."""
    if press := _press():
        page = press.weasyprint.HTML(
            string="<p>受付票 0123456789 髙𠮷", url_fetcher=press.fetch
        )
        page.write_pdf(stylesheets=[press.style], font_config=press.fonts)
        # What stays for ever need not be searched for garbage after every page.
        gc.freeze()


def render_pdf(document: Document) -> bytes:
    """Return the paper as tagged PDF (PDF/UA-1)."""
    press = _press()
    if press is None:
        message = "PDFs cannot be made in this process: see can_render()"
        raise RuntimeError(message)
    page = press.weasyprint.HTML(
        string=render_to_string("applications/paper.html", paper_context(document)),
        url_fetcher=press.fetch,
    )
    pdf: bytes = page.write_pdf(
        stylesheets=[press.style], font_config=press.fonts, pdf_variant="pdf/ua-1"
    )
    return pdf


def _day(text: str) -> str:
    return display_date(date.fromisoformat(text))


def _instant(text: str) -> str:
    return display_instant(timezone.localtime(datetime.fromisoformat(text)))


# Label, key in the content, how it is written; a paper shows those that it has.
FACTS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("手続", "procedure", str),
    ("到達日時", "filed_at", _instant),
    ("終わる予定の日", "due_on", lambda day: f"{_day(day)}まで"),
    ("補正の期限", "correct_by", _day),
    ("決定日時", "decided_at", _instant),
    ("結果", "outcome", str),
)

CONTACT = (
    ("電話", "phone"),
    ("受付時間", "hours"),
    ("メール", "email"),
    ("所在地", "address"),
)


def paper_context(document: Document) -> dict[str, Any]:
    """Return what every copy of a paper shows: on paper, on screen, at the desk.

    問合せ番号 is not among it. The PDF lies in a folder and is handed to staff and to
    their programs too, and whoever has that number may act as the applicant.
    """
    content = document.content
    return {
        "paper": content,
        "facts": [
            (label, write(content[key]))
            for label, key, write in FACTS
            if content.get(key)
        ],
        "sections": [
            {
                "title": section["title"],
                "rows": [
                    {"label": row["label"], "text": "\n".join(row["lines"])}
                    for row in section["rows"]
                ],
            }
            for section in content["sections"]
        ],
        "contact": "　".join(
            f"{label} {text}"
            for label, key in CONTACT
            if (text := content["office"][key])
        ),
        "inquiry_url": f"{settings.BASE_URL}{reverse('applications:inquiry')}",
        "made_on": display_date(timezone.localdate(document.created_at)),
    }


@cache
def _press() -> _Press | None:
    """Load WeasyPrint and read the fonts, once in a process; None without pango."""
    try:
        weasyprint = import_module("weasyprint")
    except OSError:
        logger.warning(
            "PDFs cannot be made, for pango is missing; papers wait. This mends it:"
            " apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )
        return None
    fonts = weasyprint.text.fonts.FontConfiguration()
    fetch = _fetcher(weasyprint)
    style = weasyprint.CSS(
        string=render_to_string("applications/paper.css"),
        base_url=f"{FONTS.as_uri()}/",
        url_fetcher=fetch,
        font_config=fonts,
    )
    return _Press(weasyprint, fonts, style, fetch)


def _fetcher(weasyprint: Any) -> Any:
    """Return a fetcher that opens our font files and nothing else."""

    class FontsOnly(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in {path.as_uri() for path in FONTS.glob("*.ttf")}:
                message = f"a paper may not fetch {url}"
                raise weasyprint.urls.FatalURLFetchingError(message)
            return super().fetch(url, headers)

    return FontsOnly()
