"""Rows of the bodies one works for: read-only, changed by steps alone."""

from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from foundation.desk.changelist import KeysetChangeList
from foundation.desk.roles import bodies_where
from foundation.desk.steps import Step
from foundation.errors import DomainError

M = TypeVar("M", bound=Model)

SEE_OTHER = 303
CAME_FROM = "_changelist_filters"  # Django's own name
UNPROCESSABLE = 422

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
else:

    class ModelAdmin(admin.ModelAdmin):
        """Django's, which at run time does not take the type of its model."""

        def __class_getitem__(cls, model: type[Model]) -> type:
            return cls


class ScopedAdmin(ModelAdmin[M]):
    """A list and a page of the rows of one's own bodies.

    Permissions follow from roles in a body (`read_by`); Django's own permissions and
    `is_superuser` open nothing. What belongs to others does not exist (404).

    Attributes:
        read_by: Roles that may look.
        steps: What may be done with a row.
        openings: What may be done beside the list: add, upload, publish.
        tells_of: Sentence above the list.
    """

    read_by: ClassVar[frozenset[str]] = frozenset()
    steps: ClassVar[tuple[Step[Any], ...]] = ()
    openings: ClassVar[tuple[Step[Any], ...]] = ()
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

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the steps to Django's."""
        return [
            path(
                "steps/<slug:name>/",
                self.at_desk(self.opening_view),
                name=self.url_name("opening"),
            ),
            path(
                "<str:object_id>/steps/<slug:name>/",
                self.at_desk(self.step_view),
                name=self.url_name("step"),
            ),
            *super().get_urls(),
        ]

    def url_name(self, page: str) -> str:
        """Return the name of a page's address, without `admin:`."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def at_desk(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Put a view behind the desk's sign-in."""
        return update_wrapper(partial(self.admin_site.admin_view(view)), view)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with what may be done beside it."""
        context = {"step_links": self._openings(request), **(extra_context or {})}
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

    def prepare(self, rows: Sequence[M]) -> None:
        """Add to the rows of one page what would else be asked for row by row."""

    # Steps

    def step_links(self, request: HttpRequest, row: M) -> list[dict[str, Any]]:
        """Return the buttons of a row."""
        return [
            {"step": step, "url": self.url_of(request, "step", row.pk, step.name)}
            for step in self.steps
            if step.permitted(request, row) and step.offered(row)
        ]

    def url_of(self, request: HttpRequest, page: str, *args: Any) -> str:
        """Return the address of a page; the list that one came from is remembered."""
        url = reverse(f"admin:{self.url_name(page)}", args=args)
        kept = request.GET.get(CAME_FROM, "")
        if not kept:
            return url
        return f"{url}?{kept if page == 'changelist' else urlencode({CAME_FROM: kept})}"

    def row_url(self, request: HttpRequest, row: M) -> str:
        """Return the address of a row's page."""
        return self.url_of(request, "change", row.pk)

    def _openings(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [
            {"step": step, "url": self.url_of(request, "opening", step.name)}
            for step in self.openings
            if step.permitted(request, None)
        ]

    def opening_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Take a step beside the list."""
        step = _named(self.openings, name)
        return self._take(request, step, None, self.url_of(request, "changelist"))

    def step_view(
        self, request: HttpRequest, object_id: str, name: str
    ) -> HttpResponse:
        """Take a step with a row."""
        row = self.get_object(request, unquote(object_id))
        back = self.row_url(request, row)
        return self._take(request, _named(self.steps, name), row, back)

    def _take(
        self, request: HttpRequest, step: Step[Any], row: Any, back: str
    ) -> HttpResponse:
        """Ask on GET, act on POST; whatever fails shows the form again as typed."""
        if not step.permitted(request, row):
            raise PermissionDenied
        if request.method != "POST" and not step.offered(row):
            messages.warning(request, f"いまは「{step.label}」の操作はできません。")
            return HttpResponseRedirect(back, status=SEE_OTHER)
        form = step.form(request, row)
        if request.method == "POST" and form.is_valid():
            answer = self._act(request, step, row, form)
            if isinstance(answer, HttpResponse):
                return answer
            if answer:
                return HttpResponseRedirect(back, status=SEE_OTHER)
        if step.is_immediate and form.errors:
            # There is nothing typed that could be lost.
            for sentence in form.non_field_errors():
                messages.warning(request, str(sentence))
            return HttpResponseRedirect(back, status=SEE_OTHER)
        return self.page(
            request,
            step.template,
            {
                "title": step.label,
                "subtitle": str(row) if row is not None else None,
                "row": row,
                "back_url": back,
                "step": step,
                "form": form,
            },
            status=UNPROCESSABLE if form.errors else 200,
        )

    def _act(
        self, request: HttpRequest, step: Step[Any], row: Any, form: forms.Form
    ) -> HttpResponse | bool:
        """Act, and tell of it; a broken rule becomes an error of the form."""
        if step.settled(request, row, form):
            messages.info(request, f"「{step.label}」は、すでに済んでいます。")
            return True
        try:
            with transaction.atomic():
                told = step.act(request, row, form)
        except DomainError as error:
            # The other click of a double click may have been the one that did it.
            if row is not None and step.settled(request, self.again(row), form):
                messages.info(request, f"「{step.label}」は、すでに済んでいます。")
                return True
            for sentence in error.sentences:
                form.add_error(None, sentence)
            return False
        if isinstance(told, HttpResponse):
            return told
        messages.success(request, told)
        return True

    def again(self, row: M) -> M:
        """Read the row once more, as another request may have left it."""
        rows: Any = self.model._meta.default_manager
        found: M = rows.get(pk=row.pk)
        return found

    def page(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],
        *,
        status: int = 200,
    ) -> TemplateResponse:
        """Answer with a page of the desk."""
        request.current_app = self.admin_site.name
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_url": self.url_of(request, "changelist"),
        }
        return TemplateResponse(request, template, {**shared, **context}, status=status)


def _named(steps: Sequence[Step[Any]], name: str) -> Step[Any]:
    for step in steps:
        if step.name == name:
            return step
    raise Http404
