"""What the API reads, by name: a name nobody knows is refused, not passed over."""

from collections.abc import Collection
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

PAGING = frozenset({"cursor", "page_size"})
_UNKNOWN = "この名前の項目はありません。つづりをお確かめください。"


class StrictSerializer(serializers.Serializer[Any]):
    """Read what its fields name; a misspelt name would otherwise count for nothing."""

    passed_over: Collection[str] = ()

    def to_internal_value(self, data: Any) -> Any:
        """Read the values; refuse what has no field."""
        if isinstance(data, dict):
            unknown = data.keys() - self.fields.keys() - set(self.passed_over)
            if unknown:
                errors = {name: [_UNKNOWN] for name in sorted(unknown)}
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)


class Parameters(StrictSerializer):
    """What may stand after the `?` of a list, besides what turns its pages.

    A filter that is ignored would answer with everything.
    """

    passed_over = PAGING

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """Return the values that the request gives.

        Raises:
            ValidationError: names each that cannot be used.
        """
        parameters = cls(data=request.query_params)
        parameters.is_valid(raise_exception=True)
        given: dict[str, Any] = parameters.validated_data
        return given
