"""Rows of the bodies one works for: read-only, changed by steps alone."""

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from foundation.desk.changelist import KeysetChangeList
from foundation.desk.roles import bodies_where
from foundation.desk.taking import StepsAdmin

M = TypeVar("M", bound=Model)

_BOX = (
    '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
)


class ScopedAdmin(StepsAdmin[M]):
    """A list and a page of the rows of one's own bodies.

    Permissions follow from roles in a body (`read_by`); Django's own permissions and
    `is_superuser` open nothing. What belongs to others does not exist (404).

    Attributes:
        read_by: Roles that may look.
    """

    read_by: ClassVar[frozenset[str]] = frozenset()
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    sortable_by = ()
    actions_selection_counter = False
    view_on_site = False
    change_form_template = "admin/row.html"
    change_list_template = "admin/rows.html"

    # Who sees what

    def bodies(self, request: HttpRequest) -> frozenset[int]:
        """Return the bodies whose rows the person may look at here."""
        return bodies_where(request.user, self.read_by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        """Start from the rows of those bodies."""
        rows: Any = self.model._meta.default_manager
        found: QuerySet[M] = rows.visible_to(request.user).filter(
            organization_id__in=sorted(self.bodies(request))
        )
        return found

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> M:
        """Return the row; 404 for one that is not there or not theirs."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Tell whether one's roles open this list, or this row of it."""
        bodies = self.bodies(request)
        return bool(bodies) if obj is None else self.body_of(obj) in bodies

    def body_of(self, row: M) -> int:
        """Return the body that the row belongs to."""
        return int(getattr(row, "organization_id"))  # noqa: B009 - M has no fields

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Tell whether the list stands on the person's desk."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Add nothing here: what is added is added by a step."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Edit nothing here: every change is a step."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Delete nothing here."""
        del request, obj
        return False

    def lookup_allowed(
        self, lookup: str, value: str, request: HttpRequest | None = None
    ) -> bool:
        """Allow the declared filters alone: a lookup could guess at what is hidden."""
        del value
        declared = self.get_list_filter(request) if request else ()
        return lookup in {
            getattr(declared_filter, "parameter_name", "")
            for declared_filter in declared
        }

    # Django's log is of no body; the journal tells what was done.

    def log_addition(self, *_: Any) -> Any: ...

    def log_change(self, *_: Any) -> Any: ...

    def log_deletions(self, *_: Any) -> Any: ...

    # Pages

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Page by position."""
        del request, kwargs
        return KeysetChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with what may be done beside it."""
        context = {"step_links": self.opening_links(request), **(extra_context or {})}
        context.setdefault("title", self.opts.verbose_name_plural)
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a row with what may be done with it."""
        row = self.get_object(request, unquote(object_id))
        if request.method not in {"GET", "HEAD"} or not self.has_view_permission(
            request, row
        ):
            raise PermissionDenied
        context = {
            "title": self.opts.verbose_name,
            "step_links": self.step_links(request, row),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead to what the journal tells of the row."""
        del extra_context
        row = self.get_object(request, unquote(object_id))
        journal = reverse("admin:journal_entry_changelist")
        return HttpResponseRedirect(f"{journal}?subject_id={row.pk}")

    def action_checkbox(self, row: M) -> SafeString:
        """Return Django's box to tick; by its form widget a list costs a fifth more."""
        label = format_html(gettext("Select this object for an action - {}"), row)
        return format_html(_BOX, ACTION_CHECKBOX_NAME, row.pk, label)

    def prepare(self, rows: Sequence[M]) -> None:
        """Add to the rows of one page what would else be asked for row by row."""
