"""Reading what was typed or sent, whatever it is."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from foundation.japanese import TextError, free_text

Raw = Any
"""What was typed or sent: any JSON value, not yet believed."""

Read = TypeVar("Read")

# Twice what the longest question takes, so that too long a text can be shortened.
LONGEST_DRAFT = 20_000

# NUL and lone surrogates.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LINE_BREAK = re.compile(r"[\t-\r\u2028\u2029]")


class FieldError(Exception):
    """An answer cannot be used; `str()` says in Japanese what to do about it.

    `part` names the box of a question with several boxes, where one is to blame.
    """

    def __init__(self, sentence: str, *, part: str = "") -> None:
        super().__init__(sentence)
        self.part = part


def is_blank(raw: Raw) -> bool:
    """Tell whether a raw answer holds nothing but space."""
    if isinstance(raw, str):
        return not raw or raw.isspace()
    if isinstance(raw, Mapping):
        return all(part is None or _is_space(part) for part in raw.values())
    return raw is None or raw == []


def _is_space(part: Raw) -> bool:
    return isinstance(part, str) and (not part or part.isspace())


def texts_in(raw: Raw) -> Iterator[str]:
    """Walk over every text and number within a JSON value, keys too, however deep."""
    rest = [raw]
    while rest:
        match rest.pop():
            case str() as text:
                yield text
            case bool():
                continue
            case int() | float() as number:
                yield str(number)
            case Mapping() as parts:
                rest.extend(parts)
                rest.extend(parts.values())
            case list() as parts:
                rest.extend(parts)


def has_only_storable_text(raw: Raw) -> bool:
    """Tell whether jsonb can hold every text within a JSON value."""
    return not any(_UNSTORABLE.search(text) for text in texts_in(raw))


def may_wait(raw: Raw) -> bool:
    """Tell whether a raw answer, right or wrong, may be kept in a draft."""
    length = sum(len(text) for text in texts_in(raw))
    return length <= LONGEST_DRAFT and has_only_storable_text(raw)


def text_of(raw: Raw, noun: str, *, part: str = "") -> str:
    """Take a raw answer as text; whole numbers are what an API client may send.

    Raises:
        FieldError: it is a list, an object or the like.
    """
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)
    msg = f"{noun}は文字で入力してください。"
    raise FieldError(msg, part=part)


def line_of(raw: Raw, noun: str, *, limit: int, part: str = "") -> str:
    """Take a raw answer as one line of text, kept as typed between its ends.

    Raises:
        FieldError: it has several lines, is too long or holds control characters.
    """
    line = read(free_text, text_of(raw, noun, part=part), noun, part=part).strip()
    if _LINE_BREAK.search(line):
        msg = f"{noun}は改行せずに、1行で入力してください。"
        raise FieldError(msg, part=part)
    check_length(line, noun, limit=limit, part=part)
    return line


def check_length(text: str, noun: str, *, limit: int, part: str = "") -> None:
    """Let text pass that is at most `limit` characters long.

    Raises:
        FieldError: it is longer; says how long it is.
    """
    if len(text) > limit:
        msg = (
            f"{noun}は{limit:,}文字以内で入力してください"
            f"（今は{len(text):,}文字です）。"
        )
        raise FieldError(msg, part=part)


def read(
    reader: Callable[[str], Read], text: str, noun: str, *, part: str = ""
) -> Read:
    """Read a text by a function of `foundation.japanese`, and name the question.

    Raises:
        FieldError: the reader refuses the text.
    """
    try:
        return reader(text)
    except TextError as error:
        sentence = str(error)
        if noun not in sentence:
            sentence = f"{noun}：{sentence}"
        raise FieldError(sentence, part=part) from error
