"""Numbers the state gives: 法人番号, which is public, and マイナンバー, a secret."""

import re

from stdnum.jp import cn, in_

from foundation.japanese.characters import digits, plain_characters
from foundation.japanese.errors import TextError

# Twelve digits and no more, in one, three or four groups, as people copy them.
_TWELVE_DIGITS = re.compile(
    r"(?<![0-9])(?<![0-9]-)"
    r"(?=([0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}|[0-9]{3}(?:[ -][0-9]{3}){3})"
    r"(?!-?[0-9]))"
)


def corporate_number(raw: str) -> str:
    """Return the 13 digits of a corporate number (法人番号), check digit verified.

    Raises:
        TextError: it has not 13 digits, or one of them must be wrong.
    """
    try:
        number = digits(raw)
    except TextError:
        number = ""
    if len(number) != 13:
        msg = "法人番号は、13けたの数字で入力してください。"
        raise TextError(msg)
    if not cn.is_valid(number):
        msg = (
            "法人番号の数字に誤りがあります。"
            "国税庁の法人番号公表サイトなどで、もう一度お確かめください。"
        )
        raise TextError(msg)
    return number


def looks_like_my_number(text: str) -> bool:
    """Tell whether `text` may hold an Individual Number (マイナンバー).

    One in eleven sets of twelve digits passes the check by chance: ask the person,
    never just refuse.
    """
    runs = _TWELVE_DIGITS.findall(plain_characters(text))
    numbers = (re.sub(r"[ -]", "", run) for run in runs)
    return any(in_.calc_check_digit(found[:11]) == found[11] for found in numbers)
