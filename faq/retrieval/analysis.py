"""Words of Japanese text, as they are compared."""

import re
from collections.abc import Iterable
from functools import cache
from threading import local

from sudachipy import Dictionary, SplitMode, Tokenizer

from faq.retrieval.guard import ENTRY_CHARACTERS, guarded

_KANA_OR_KANJI = re.compile(r"[ぁ-ゖァ-ヺ々〆一-鿿㐀-䶿]")
_KANJI_OR_KATAKANA = re.compile(r"[ァ-ヺ々〆一-鿿㐀-䶿]")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
# Signs and spaces say nothing; particles and endings are left to their weight.
_SILENT = frozenset({"補助記号", "空白"})
_TRIGRAM = 3
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_threads = local()


def words(text: str) -> list[str]:
    """Return the normalized forms of the short units (A) of `text`, in order."""
    text = guarded(text, ENTRY_CHARACTERS)
    return [
        token.normalized_form()
        for token in _tokenizer().tokenize(text)
        if token.part_of_speech()[0] not in _SILENT
    ]


def sounds(text: str) -> list[str]:
    """Return the trigrams of how `text` is read, in hiragana.

    For questions that are written in hiragana alone, whose words nobody can tell apart.
    """
    text = guarded(text, ENTRY_CHARACTERS)
    read = "".join(
        token.reading_form() or token.surface()
        for token in _tokenizer().tokenize(text)
        if token.part_of_speech()[0] not in _SILENT
    ).translate(_TO_HIRAGANA)
    return [read[i : i + _TRIGRAM] for i in range(len(read) - _TRIGRAM + 1)]


def is_japanese(text: str) -> bool:
    """Tell whether there is any kana or kanji: without, words are not compared."""
    return _KANA_OR_KANJI.search(text) is not None


def is_hiragana_only(text: str) -> bool:
    """Tell whether the Japanese of `text` is hiragana alone."""
    return _HIRAGANA.search(text) is not None and not _KANJI_OR_KATAKANA.search(text)


def load() -> None:
    """Read the dictionary now, and not while somebody waits for the first answer."""
    words("読み込み")


def _tokenizer() -> Tokenizer:
    """Return this thread's own: one tokenizer must not be used by two at once."""
    if not hasattr(_threads, "tokenizer"):
        _threads.tokenizer = _dictionary().tokenizer(mode=SplitMode.A)
    tokenizer: Tokenizer = _threads.tokenizer
    return tokenizer


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")


def joined(parts: Iterable[str]) -> str:
    """Return the parts that are not empty, one a line."""
    return "\n".join(part for part in parts if part)
