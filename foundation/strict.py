"""What the API reads, by name: a name nobody knows is refused, not passed over."""

from collections.abc import Collection
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request

PAGING = frozenset({"cursor", "page_size"})
# The framework would take 0 for "0", and "on" for true.
_TYPES: tuple[tuple[Any, Any, str], ...] = (
    (serializers.BooleanField, bool, "true か false にしてください。"),
    (
        (serializers.CharField, serializers.UUIDField, serializers.DateField),
        str,
        "文字列にしてください。",
    ),
    (serializers.ListField, list, "リスト（[ ] で囲んだもの）にしてください。"),
)
_NO_MOMENT = "日時を確かめてください。例：2026-11-24T09:00:00+09:00"
_UNKNOWN = "この名前の項目はありません。つづりをお確かめください。"


class MomentField(serializers.DateTimeField):
    """A moment; one that no calendar of ours reaches is refused like no moment."""

    def to_internal_value(self, value: Any) -> Any:
        """Read it; the framework falls over the first days of the year 1."""
        try:
            return super().to_internal_value(value)
        except OverflowError as error:
            raise serializers.ValidationError(_NO_MOMENT) from error


class StrictSerializer(serializers.Serializer[Any]):
    """Read what its fields name; a misspelt name would otherwise count for nothing."""

    passed_over: Collection[str] = ()

    def run_validation(self, data: Any = empty) -> Any:
        """Take null for nothing sent, of which the framework tells in English."""
        return super().run_validation({} if data is None else data)

    def to_internal_value(self, data: Any) -> Any:
        """Read the values; refuse what has no field, and what is of another type."""
        if isinstance(data, dict):
            unknown = data.keys() - self.fields.keys() - set(self.passed_over)
            # Before the unknown ones, of which there may be too many to name.
            errors = {
                name: [sentence]
                for name, field in self.fields.items()
                if name in data and (sentence := _other_type(field, data[name]))
            }
            errors |= {name: [_UNKNOWN] for name in sorted(unknown)}
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)


def _other_type(field: serializers.Field[Any, Any, Any, Any], value: Any) -> str:
    """Say what the value should be; empty if it is, or is for the field to judge."""
    return next(
        (
            sentence
            for kinds, wanted, sentence in _TYPES
            if isinstance(field, kinds) and not isinstance(value, wanted | None)
        ),
        "",
    )


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
        # As a plain dict: from a form's, the framework would pass over empty values.
        parameters = cls(data=request.query_params.dict())
        parameters.is_valid(raise_exception=True)
        given: dict[str, Any] = parameters.validated_data
        return given
