"""Telephone numbers: stored as E.164, shown as people in Japan write them."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from foundation.japanese.characters import folded
from foundation.japanese.errors import TextError

HOME = "JP"
_WRITTEN = re.compile(r"\+?[0-9()\[\]\s./-]{3,40}")


def phone(raw: str) -> str:
    """Return a telephone number as E.164 (`+81888231111`).

    Raises:
        TextError: no such number can exist, or it carries an extension.
    """
    written = folded(raw)
    try:
        if not _WRITTEN.fullmatch(written):
            raise _unreadable()
        number = phonenumbers.parse(written, HOME)
    except NumberParseException as error:
        raise _unreadable() from error
    if not phonenumbers.is_valid_number(number):
        raise _unreadable()
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def display_phone(e164: str) -> str:
    """Return `088-823-1111` for a number in Japan, `+1 650-253-0000` for others."""
    number = phonenumbers.parse(e164)
    at_home = number.country_code == phonenumbers.country_code_for_region(HOME)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _unreadable() -> TextError:
    return TextError(
        "電話番号は、市外局番から数字で入力してください（例：088-823-1111）。"
        "内線番号は入力できません。"
    )
