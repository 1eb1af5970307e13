"""Filters of a list by a fixed set of choices; anything else finds nothing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

Choices = Sequence[tuple[str, str]]


class ChoiceFilter(SimpleListFilter):
    """Narrow the list to one of `offered()`.

    A value that is not offered (an id of another body, a typing error) finds no rows:
    it is never looked up, so nothing can be learned from it.
    """

    all_label = "すべて"

    def offered(self, request: HttpRequest) -> Choices:
        """Return the values to choose from, with their labels."""
        raise NotImplementedError

    def lookups(
        self,
        request: HttpRequest,
        model_admin: "ModelAdmin[Any]",  # noqa: ARG002 - Django's signature
    ) -> Choices:
        """Offer the choices."""
        return self.offered(request)

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow `queryset` to one of the offered values."""
        return queryset.filter(**{str(self.parameter_name): value})

    def chosen(self) -> str | None:
        """The value in force; None where the list is not narrowed."""
        return self.value()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow the rows by the chosen value, if one is offered and chosen."""
        del request
        value = self.chosen()
        if value is None:
            return queryset
        if value not in {str(choice) for choice, _ in self.lookup_choices}:
            return queryset.none()
        return self.choose(queryset, value)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the links of the filter, 「すべて」 first."""
        chosen = self.chosen()
        if self.all_label:
            yield {
                "selected": chosen is None,
                "query_string": changelist.get_query_string(
                    remove=[str(self.parameter_name)]
                ),
                "display": self.all_label,
            }
        for value, label in self.lookup_choices:
            yield {
                "selected": chosen == str(value),
                "query_string": changelist.get_query_string(
                    {str(self.parameter_name): str(value)}
                ),
                "display": label,
            }


def choice_filter(
    parameter: str, title: str, choices: Iterable[tuple[str, str]]
) -> type[ChoiceFilter]:
    """Return a filter on the column `parameter` by choices that are always the same."""
    fixed = [(str(value), str(label)) for value, label in choices]

    class Filter(ChoiceFilter):
        def offered(self, request: HttpRequest) -> Choices:  # noqa: ARG002
            return fixed

    Filter.parameter_name, Filter.title = parameter, title
    return Filter
