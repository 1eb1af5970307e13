"""Pages of a list in the API: by cursor, so that no row is missed or seen twice."""

from typing import Any

from django.core.exceptions import ValidationError as InvalidValue
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from foundation.japanese import TextError
from foundation.japanese.characters import refuse_control_characters

LARGEST_PAGE = 100
_WRONG_CURSOR = "next か previous にあったアドレスを、そのまま使ってください。"
_ENVELOPE = {
    "next": "つづきのアドレス。ないときは null",
    "previous": "前のアドレス。ないときは null",
    "results": "このページの内容",
}
_WRONG_SIZE = f"1から{LARGEST_PAGE}までの数字で指定してください。"


class NewestFirst(CursorPagination):
    """Pages by descending id, which is the order in which rows were made.

    What cannot be read is refused in words: a cursor that somebody has edited, a size
    that is no number.
    """

    ordering = "-id"
    page_size = 50
    max_page_size = LARGEST_PAGE
    page_size_query_param = "page_size"
    cursor_query_description = "続きの位置。next・previous のアドレスに含まれます。"
    page_size_query_description = f"1ページの件数（1〜{LARGEST_PAGE}、省略すると50）"

    def get_page_size(self, request: Request) -> int:
        """Return how many rows were asked for."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 3):
            raise ValidationError({self.page_size_query_param: _WRONG_SIZE})
        if not 1 <= int(asked) <= LARGEST_PAGE:
            raise ValidationError({self.page_size_query_param: _WRONG_SIZE})
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Read where the page begins."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise ValidationError({self.cursor_query_param: _WRONG_CURSOR}) from error

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return the rows of one page."""
        cursor = self.decode_cursor(request)
        if cursor and cursor.position is not None:
            column = str(self.ordering).lstrip("-")
            _check(queryset.model._meta.get_field(column), str(cursor.position))
        return super().paginate_queryset(queryset, request, view)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe the parameters, with the bounds of the size."""
        described = super().get_schema_operation_parameters(view)
        for parameter in described:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": LARGEST_PAGE}
        return described

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        """Describe the envelope of a page."""
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        for name, words in _ENVELOPE.items():
            member = described["properties"][name]
            member["description"] = words
            member.pop("example", None)
        return described


class ByCode(NewestFirst):
    """Pages of a catalogue, by the code of its rows."""

    ordering = "code"


def _check(column: Any, position: str) -> None:
    try:
        refuse_control_characters(position)
        column.to_python(position)
    except (TextError, InvalidValue) as error:
        raise ValidationError({"cursor": _WRONG_CURSOR}) from error
