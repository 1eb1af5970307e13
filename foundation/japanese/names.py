"""Names: kept as their owners write them, found however others write them."""

import re
import unicodedata

from foundation.japanese.characters import (
    TO_KATAKANA,
    is_blank,
    refuse_control_characters,
)
from foundation.japanese.errors import TextError
from foundation.japanese.variants import TO_COMMON_FORM

_HALF_WIDTH_KANA = re.compile(r"[\uff65-\uff9f]+")
_KANA_WITH_MARK = re.compile(r"[\u3041-\u3096\u309d\u30a1-\u30ef\u30fd][\u3099\u309a]")
_BOTH_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0300-\u036f.,'’()-]{2}")

_VARIATION_SELECTORS = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"
_UNSAID = re.compile(rf"[\s\u00ad\u200b-\u200f\u2060\ufeff・･{_VARIATION_SELECTORS}]")


def name(raw: str) -> str:
    """Return a person's name as typed: every ideograph and its variant is kept.

    Only what carries no meaning changes: half-width kana become full-width, kana and
    a detached voicing mark join, and spaces become one full-width space (a half-width
    one within Latin letters). Neither NFC nor NFKC may touch it: both put another
    character in the place of 神 (U+FA19) and others that family registers hold.

    Raises:
        TextError: there is nothing to see, or it holds control characters.
    """
    refuse_control_characters(raw)
    if is_blank(raw):
        msg = "お名前を入力してください。"
        raise TextError(msg)
    widened = _HALF_WIDTH_KANA.sub(_composed, raw.strip())
    joined = _KANA_WITH_MARK.sub(_composed, widened)
    return re.sub(r"\s+", _one_space, joined)


def search_key(text: str) -> str:
    """Return the form under which a name, a reading or a part of one is searched.

    髙﨑 is found as 高崎, 齋藤 as 斉藤, さくら as サクラ, with or without spaces. Never
    stored in place of the name.
    """
    key = _folded(text)
    # What is taken out may have kept apart two characters that are one.
    while (again := _folded(key)) != key:
        key = again
    return key


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.casefold())
    return _UNSAID.sub("", plain).translate(TO_KATAKANA).translate(TO_COMMON_FORM)


def _composed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match.group())


def _one_space(match: re.Match[str]) -> str:
    around = match.string[match.start() - 1] + match.string[match.end()]
    return " " if _BOTH_LATIN.fullmatch(around) else "\u3000"
