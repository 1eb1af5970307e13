"""What the pages say, in the three languages that an answer may be in."""

import csv
from functools import cache
from pathlib import Path

from faq.models import Audience, Language
from faq.templatetags.faq_words import with_readings

LANGUAGES = (Language.JAPANESE, Language.EASY, Language.ENGLISH)
_TABLE = Path(__file__).parents[1] / "data/words.csv"


def language_of(text: str) -> str:
    """Return the language of a link's `?lang=`; Japanese for anything else."""
    return text if text in LANGUAGES else str(Language.JAPANESE)


def tag_of(language: str) -> str:
    """Return what HTML's `lang` says; none is registered for やさしい日本語."""
    return "en" if language == Language.ENGLISH else "ja"


@cache
def words_in(language: str, audience: str = Audience.RESIDENT) -> dict[str, str]:
    """Return what the pages say; Japanese where nothing easier is written.

    What staff are told in other words stands under the same key with `_staff`.
    """
    column = str(language) if language in LANGUAGES else str(Language.JAPANESE)
    with _TABLE.open(encoding="utf-8", newline="") as table:
        said = {row["key"]: row[column] or row["ja"] for row in csv.DictReader(table)}
    if audience == Audience.STAFF:
        said |= {key: said[f"{key}_staff"] for key in said if f"{key}_staff" in said}
    if language == Language.EASY:
        return {key: with_readings(text) for key, text in said.items()}
    return said
