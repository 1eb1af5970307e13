"""Rows that belong to no body; the indexes that were built."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from faq.admin.permits import EVERYONE
from faq.models import Audience, IndexVersion
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import choice_filter


class OfNoBody(ScopedAdmin[Any]):
    """Rows that belong to no body: all staff of any may look."""

    read_by = EVERYONE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Show all."""
        del request
        rows: QuerySet[Any] = self.model._meta.default_manager.all()
        return rows

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show them to all staff of any body."""
        del obj
        return bool(self.bodies(request))


@admin.register(IndexVersion)
class IndexVersionAdmin(OfNoBody):
    """Indexes as they were built."""

    ordering = ("-number", "-pk")
    list_display = (
        "audience",
        "number",
        "built_at",
        "entries",
        "rows",
        "is_delta",
        "seconds",
        "model",
    )
    list_filter = (choice_filter("audience", "対象", Audience.choices),)
    fields = list_display
    readonly_fields = fields
