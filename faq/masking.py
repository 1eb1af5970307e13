"""Questions without what could name a person: masked before anything is stored.

Words stand in brackets for what was taken out, so that staff still understand what was
asked. Short official numbers (188, #9110), amounts and dates stay: they name nobody.
"""

import re
import unicodedata

# Formats, surrogates, private and unassigned; line ends stay.
_UNSEEN = frozenset({"Cf", "Cs", "Co", "Cn"})
_DIGIT = r"[\d〇一二三四五六七八九]"
_HYPHEN = r"[\-\u2010-\u2015\u2212－ー]"
# What people put between digits: anything that is neither letter nor digit.
_GAP = r"(?:[^\w]|[_ー]){0,4}"
_STEP = r"[ \u3000\-\u2010-\u2015\u2212－ー]"
_UNIT = r"\s?(?:[円年人件万億千個株回坪％%㎡]|ドル|キロ|平方|kg|km|m)"
_OF_MAIL = r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ_.%+\-＿．＋－]"


def _run(least: int, most: int, *, gap: str = _GAP, first: str = _DIGIT) -> str:
    """Match so many digits, whatever stands between them, and no digit after."""
    return rf"{first}(?:{gap}{_DIGIT}){{{least - 1},{most - 1}}}(?!{_DIGIT})"


# Tried in this order at each place of the text; an empty word keeps what was found.
_KINDS: tuple[tuple[str, str], ...] = (
    ("メールアドレス", rf"{_OF_MAIL}{{1,64}}[@＠]{_OF_MAIL}{{1,255}}"),
    ("", r"(?:1[89]|20)\d\d(?P<between>[\-/.／－])\d{1,2}(?P=between)\d{1,2}(?!\d)"),
    ("", rf"[1-9]\d{{0,2}}(?:[,，]\d{{3}})+(?={_UNIT})"),
    ("", r"[1-9]\d{0,2}(?:[,，]\d{3}){1,2}(?![,，]?\d)"),
    ("番号", r"\d{1,3}(?:[,，]\d{3}){3,}(?!\d)"),
    ("電話番号", rf"[+＋]{_run(8, 15)}"),
    ("電話番号", _run(11, 11, first="[(（]?[0０〇]")),
    ("電話番号", _run(10, 10, first="[(（]?[0０〇]")),
    ("カード番号", rf"{_DIGIT}{{14,16}}(?!{_DIGIT})"),
    ("カード番号", rf"\d{{4}}(?:{_STEP}\d{{4}}){{2}}{_STEP}\d{{2,4}}(?!\d)"),
    ("カード番号", rf"\d{{4}}{_STEP}\d{{6}}{_STEP}\d{{4,5}}(?!\d)"),
    ("マイナンバー", _run(12, 12)),
    ("郵便番号", rf"〒\s?{_run(7, 7)}"),
    ("郵便番号", rf"\d{{3}}{_HYPHEN}\d{{4}}(?!{_HYPHEN}?\d)"),
    ("", rf"[1-9１-９]\d*(?={_UNIT})"),
    ("番号", rf"{_DIGIT}{{7,}}"),
    ("番号", _run(9, 40, gap=rf"{_HYPHEN}?")),
    ("番地", rf"\d{{1,3}}丁目\d{{1,4}}(?:番地?|{_HYPHEN})?(?:の?\d{{1,4}})?号?"),
    ("番地", rf"\d{{1,5}}番地(?:の|{_HYPHEN})?(?:\d{{1,4}})?号?"),
    ("番地", r"\d{1,4}番\d{1,4}号?"),
    ("番地", rf"\d{{1,4}}(?:{_HYPHEN}\d{{1,4}}){{2,3}}(?!\d)"),
    ("番地", rf"(?<=[町村字内])\d{{1,4}}{_HYPHEN}\d{{1,4}}(?!\d)"),
    ("部屋番号", r"\d{1,4}号室"),
)
_ANY = re.compile(
    r"(?<!\d)(?:"
    + "|".join(f"(?P<kind{n}>{pattern})" for n, (_, pattern) in enumerate(_KINDS))
    + ")"
)


def masked_question(text: str) -> str:
    """Return `text` without addresses, telephone numbers and other long numbers.

    What nobody sees (format characters) goes first: it would stand between digits.
    Digits of any script become plain ones.
    """
    seen = (c for c in text if unicodedata.category(c) not in _UNSEEN)
    plain = (str(unicodedata.digit(c, c)) for c in seen)
    return _ANY.sub(_in_words, "".join(plain))


def _in_words(found: re.Match[str]) -> str:
    word = next(word for n, (word, _) in enumerate(_KINDS) if found[f"kind{n}"])
    return f"［{word}］" if word else found.group()
