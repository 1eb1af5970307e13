"""What the API accepts as a body."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from foundation.japanese import TextError
from foundation.japanese.characters import refuse_control_characters

# Far deeper than any answer is, far less deep than what Python can take apart.
DEEPEST = 32
_UNREADABLE = "JSON として読み取れません。書式と文字コードをお確かめください。"
_TOO_DEEP = f"JSON の入れ子は{DEEPEST}段までにしてください。"


class TextJSONParser(JSONParser):
    """JSON whose strings, keys included, hold only what a database can store.

    It is UTF-8, whatever the header says (RFC 8259 §8.1).
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            parsed = super().parse(
                stream, media_type, {**(parser_context or {}), "encoding": "utf-8"}
            )
        except (ParseError, RecursionError) as error:
            raise ParseError(_UNREADABLE) from error
        try:
            _check(parsed)
        except TextError as error:
            raise ParseError(str(error)) from error
        return parsed


def _check(parsed: Any) -> None:
    """Look at every value without recursion, which deep JSON would exhaust."""
    rest = [(parsed, 0)]
    while rest:
        value, depth = rest.pop()
        if depth > DEEPEST:
            raise ParseError(_TOO_DEEP)
        if isinstance(value, str):
            refuse_control_characters(value)
        elif isinstance(value, dict):
            rest += ((part, depth) for part in value)
            rest += ((part, depth + 1) for part in value.values())
        elif isinstance(value, list):
            rest += ((part, depth + 1) for part in value)
