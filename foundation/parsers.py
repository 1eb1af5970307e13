"""What the API accepts as a body."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from foundation.japanese import TextError
from foundation.japanese.characters import refuse_control_characters


class TextJSONParser(JSONParser):
    """JSON whose strings, keys included, hold only what a database can store."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except ParseError as error:
            msg = "JSON として読み取れません。書式と文字コードをお確かめください。"
            raise ParseError(msg) from error
        try:
            _check(parsed)
        except TextError as error:
            raise ParseError(str(error)) from error
        return parsed


def _check(value: Any) -> None:
    if isinstance(value, str):
        refuse_control_characters(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            refuse_control_characters(key)
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
