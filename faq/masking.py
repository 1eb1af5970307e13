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
_GAP = r"(?:[^\w]|[_ー]){0,12}"
_STEP = r"[ \u3000\-\u2010-\u2015\u2212－ー]"
_UNIT = r"\s?(?:[円年人件万億千個株回坪％%㎡]|ドル|キロ|平方|kg|km|m)"
# Digits as they stand in an address, in words too: 十二番地.
_COUNTED = r"[\d〇一二三四五六七八九十百千]"
# 「1234と5678と9012」: what is said between groups of digits.
_SAID = r"(?:[^\w]|[_ーぁ-んァ-ヶ]){1,4}"
_YEAR = r"(?:19[5-9]|20[0-4])\d"
# After a place's name (朝倉1-2), but neither 別紙1-2 nor a count (1-2日).
_PLACE = (
    r"(?<=[ァ-ヶ一-龥々][一-龥々])"
    r"(?<![第年月日時分秒週回号式約最大計式紙図表章題室曜護援度税害帳温料則順面条項例書類欄数値級款節編巻話果"
    r"績差比対限法令型版記注附付問答間後前毎各満以目約率一二三四五六七八九十百千万億])"
)
_NOT_COUNTED = (
    r"(?!\d|\s?(?:[円年月日時分秒週回限期級℃人名件個本枚冊台箱袋匹頭歳才階点度倍割泊章節項条対"
    r"万千億世校棟戸社%％㎡:：/]|[かヶカヵケ][月所]|つ|ページ|メートル|キロ|グラム"
    r"|号線|パーセント|リットル|ポイント|セット|[kc]?m|kg|まで))"
)
_OF_MAIL = r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ_.%+\-＿．＋－]"


def _run(least: int, most: int, *, gap: str = _GAP, first: str = _DIGIT) -> str:
    """Match so many digits, whatever stands between them, and no digit after."""
    return rf"{first}(?:{gap}{_DIGIT}){{{least - 1},{most - 1}}}(?!{_DIGIT})"


def _after(word: str) -> str:
    """Match behind the word, with or without a particle and a space."""
    said = ("", "[はがも:：\\s]", "[はがも:：]\\s")
    return f"(?:{'|'.join(f'(?<={word}{particle})' for particle in said)})"


# Tried in this order at each place of the text; an empty word keeps what was found.
_KINDS: tuple[tuple[str, str], ...] = (
    ("メールアドレス", rf"{_OF_MAIL}{{1,64}}[@＠]{_OF_MAIL}{{1,255}}"),
    (
        "メールアドレス",
        (
            rf"(?:{_OF_MAIL}{{1,64}}|[一-龥々ァ-ヶー]{{1,20}}|[ぁ-ん]{{1,20}})[@＠]"
            r"[\w\-]{1,63}(?:[.．][\w\-]{1,63}){0,5}[.．][A-Za-zＡ-Ｚａ-ｚ]{2,}"
        ),
    ),
    # Hours, days, ages and numbers of companies name nobody.
    ("", r"\d{1,2}[:：]\d{2}(?!\d|[:：]\d)"),
    ("", r"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?!\d|/\d)"),
    ("", r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"),
    ("", r"\d{1,2}(?:[,，、]\s?\d{1,2}){2,20}(?=\s?(?:歳|才|さい|年|月|日|時|級))"),
    ("", rf"0(?:120|570|800)(?:{_HYPHEN}?\d){{6,7}}(?!{_HYPHEN}?\d)"),
    (
        "",
        (
            r"(?:1[89]|20)\d\d(?P<between>[\-/.／－])\d{1,2}(?P=between)\d{1,2}"
            r"(?!\d|(?P=between)\d)"
        ),
    ),
    ("", rf"[1-9]\d{{0,2}}(?:[,，]\d{{3}})+(?={_UNIT})"),
    ("", r"[1-9]\d{0,2}(?:[,，]\d{3}){1,2}(?![,，]?\d|\s{1,4}\d{3}(?!\d))"),
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
    ("番号", rf"{_after('暗証番号')}{_run(4, 16)}"),
    ("番号", rf"{_after('番号')}{_run(6, 16)}"),
    ("", rf"{_YEAR}(?:[、,・~〜とやか]{_YEAR})+(?!\d)"),
    (
        "マイナンバー",
        rf"{_DIGIT}{{4}}(?:{_SAID}{_DIGIT}{{4}}){{2}}(?!{_DIGIT}|{_UNIT})",
    ),
    (
        "電話番号",
        rf"[0〇]{_DIGIT}{{1,4}}{_SAID}{_DIGIT}{{1,4}}{_SAID}{_DIGIT}{{4}}(?!{_DIGIT})",
    ),
    ("", rf"[1-9１-９]\d*(?={_UNIT})"),
    ("番号", rf"{_DIGIT}{{7,}}"),
    ("番号", _run(9, 40, gap=rf"{_HYPHEN}?")),
    (
        "番地",
        (
            rf"\d{{1,3}}丁目\d{{1,4}}(?:番地?|{_HYPHEN})?"
            rf"(?:(?:の|{_HYPHEN})?\d{{1,4}}){{0,2}}号?"
        ),
    ),
    (
        "番地",
        (
            rf"{_COUNTED}{{1,5}}丁目{_COUNTED}{{1,5}}(?:番地?の?|の|{_HYPHEN})"
            rf"(?:{_COUNTED}{{1,5}})?号?"
        ),
    ),
    (
        "番地",
        rf"{_COUNTED}{{1,6}}番地(?:の|{_HYPHEN})?(?:{_COUNTED}{{1,5}})?号?",
    ),
    ("番地", rf"{_COUNTED}{{1,5}}番{_COUNTED}{{1,5}}号"),
    ("番地", r"\d{1,4}番\d{1,4}号?"),
    ("番地", rf"\d{{1,4}}(?:{_HYPHEN}\d{{1,4}}){{2,3}}(?!\d)"),
    ("番地", rf"(?<=[町村字内])\d{{1,4}}{_HYPHEN}\d{{1,4}}{_NOT_COUNTED}"),
    ("番地", rf"{_PLACE}\d{{1,4}}(?:(?:{_HYPHEN}|の)\d{{1,4}}){{1,3}}{_NOT_COUNTED}"),
    ("番地", rf"\d{{1,4}}{_HYPHEN}\d{{1,4}}(?=に(?:住|すん|すむ))"),
    (
        "番地",
        rf"(?<=[甲乙丙丁戊])\d{{1,5}}(?:{_HYPHEN}|の)\d{{1,4}}(?![\d号])",
    ),
    (
        "番地",
        (
            rf"(?<=[ァ-ヶ一-龥々][甲乙丙丁戊])(?<![物者表][甲乙丙丁戊]){_COUNTED}{{2,6}}"
            rf"(?!{_COUNTED}|[号条項類種])"
        ),
    ),
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
