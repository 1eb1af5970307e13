"""A list that neither counts its rows nor skips over them."""

from typing import Any, cast

from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation.keyset import keyset_page


class KeysetChangeList(ChangeList):
    """Django's list, paged by position; its `p` is a cursor instead of a number."""

    previous_url = next_url = ""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Return the order that the model's admin declares, unique to the last."""
        del queryset
        return list(self.model_admin.get_ordering(request))

    def get_results(self, request: HttpRequest) -> None:
        """Read one page, and one row more to know whether there is another."""
        order = [str(name) for name in self.get_ordering(request, self.queryset)]
        page = keyset_page(
            self.queryset,
            order,
            cursor=request.GET.get(PAGE_VAR, ""),
            size=self.list_per_page,
        )
        if page.previous:
            self.previous_url = self.get_query_string({PAGE_VAR: page.previous})
        if page.next:
            self.next_url = self.get_query_string({PAGE_VAR: page.next})
        cast("Any", self.model_admin).prepare(page.rows)
        self.result_list = page.rows
        self.result_count = len(page.rows)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = bool(page.rows)
        self.can_show_all = True
        self.multi_page = False
        self.paginator = Paginator(page.rows, self.list_per_page)
