"""Characters: which no field accepts, and how codes and numbers are folded."""

import re
import unicodedata

from foundation.japanese.errors import TextError

# C0 and C1 controls except white space; halves of surrogate pairs, which no database
# stores; marks that reverse the direction of text, which can disguise a name.
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_REFUSED = re.compile(
    rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_DIRECTION}]"
)
# Numbers copied from an address book come wrapped in marks like these.
_INVISIBLE = re.compile(rf"[\u00ad\u200b-\u200f\u2060\ufeff{_DIRECTION}]")
# As far as they have a katakana of their own.
TO_KATAKANA = {code: chr(code + 0x60) for code in [*range(0x3041, 0x3097), 0x309D]}
# What is typed for a hyphen, the long vowel mark included.
_DASHES = re.compile(r"[\u02d7\u2010-\u2015\u2043\u2212\u2500\u2501\u30fc\u301c~]")


def refuse_control_characters(text: str) -> None:
    """Let text pass unless it holds characters that nobody can see or type.

    Raises:
        TextError: it does.
    """
    if _REFUSED.search(text):
        msg = (
            "目に見えない特殊な文字（制御文字）が含まれています。"
            "いったん消して、入力し直してください。"
        )
        raise TextError(msg)


def is_blank(text: str) -> bool:
    """Tell whether nothing in `text` can be seen."""
    return not _INVISIBLE.sub("", text).strip()


def free_text(raw: str) -> str:
    r"""Return what a person wrote as it is, with every line end as `\n`.

    Raises:
        TextError: it holds control characters.
    """
    refuse_control_characters(raw)
    return raw.replace("\r\n", "\n").replace("\r", "\n")


def folded(raw: str) -> str:
    """Return a code, number or date in half-width characters, every dash as `-`.

    It would ruin a name.

    Raises:
        TextError: it holds control characters.
    """
    plain = plain_characters(raw)
    refuse_control_characters(plain)
    return plain


def plain_characters(text: str) -> str:
    """Return `text` folded as by `folded`, whatever it holds."""
    visible = _INVISIBLE.sub("", text)
    return _DASHES.sub("-", unicodedata.normalize("NFKC", visible)).strip()


def digits(raw: str) -> str:
    """Return the digits of a code in half width, without spaces and hyphens.

    Raises:
        TextError: there is something else than digits, or nothing.
    """
    bare = re.sub(r"[\s-]", "", folded(raw))
    if not re.fullmatch(r"[0-9]+", bare):
        msg = "数字で入力してください。"
        raise TextError(msg)
    return bare
