"""The API reference: the OpenAPI document, laid out for people."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document, which changes only with the program."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema
