"""Readings of names in katakana (フリガナ)."""

import re
import unicodedata

from foundation.japanese.characters import TO_KATAKANA, refuse_control_characters
from foundation.japanese.errors import TextError

_DASH_AFTER_KANA = re.compile(r"(?<=[\u30a1-\u30fa\u30fc])[-\u2010-\u2015\u2212\u2500]")
_DETACHED_MARKS = str.maketrans({"゛": "\u3099", "゜": "\u309a"})
# Katakana with the small ones of Ainu, the long vowel mark, the middle dot, spaces.
_READING = re.compile(
    r"[\u30a1-\u30fa\u31f0-\u31ff][\u30a1-\u30fe\u31f0-\u31ff\u3000]*"
)


def kana(raw: str) -> str:
    """Return a reading in full-width katakana, however it was typed.

    Hiragana and half-width kana are converted, spaces become one full-width space.

    Raises:
        TextError: it holds kanji, Latin letters or anything else but kana.
    """
    refuse_control_characters(raw)
    # NFKC would make a space of ゛ and ゜.
    plain = unicodedata.normalize("NFKC", raw.translate(_DETACHED_MARKS))
    katakana = "\u3000".join(plain.translate(TO_KATAKANA).split())
    reading = _DASH_AFTER_KANA.sub("ー", unicodedata.normalize("NFC", katakana))
    if not _READING.fullmatch(reading):
        msg = "フリガナは、カタカナかひらがなで入力してください（例：コウチ　タロウ）。"
        raise TextError(msg)
    return reading
