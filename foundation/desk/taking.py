"""Steps as pages of an admin: their buttons, their forms, what comes of them."""

from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from foundation.desk.steps import Step
from foundation.errors import DomainError

M = TypeVar("M", bound=Model)

SEE_OTHER = 303
UNPROCESSABLE = 422
CAME_FROM = "_changelist_filters"  # Django's own name

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
else:

    class ModelAdmin(admin.ModelAdmin):
        """Django's, which at run time does not take the type of its model."""

        def __class_getitem__(cls, model: type[Model]) -> type:
            return cls


class StepsAdmin(ModelAdmin[M]):
    """An admin whose rows are changed by steps.

    Attributes:
        steps: What may be done with a row.
        openings: What may be done beside the list: add, upload, publish.
    """

    steps: ClassVar[tuple[Step[Any], ...]] = ()
    openings: ClassVar[tuple[Step[Any], ...]] = ()

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

    def step_links(self, request: HttpRequest, row: M) -> list[dict[str, Any]]:
        """Return the buttons of a row."""
        return [
            {"step": step, "url": self.url_of(request, "step", row.pk, step.name)}
            for step in self.steps
            if step.permitted(request, row) and step.offered(row)
        ]

    def get_preserved_filters(self, request: HttpRequest) -> str:
        """Remember the list that one came from, but not the words searched for.

        A name would stay in the address of every page from there on, and so in the
        history of a shared browser.
        """
        packed = QueryDict(super().get_preserved_filters(request))
        kept = _without_search(packed.get(CAME_FROM) or "")
        return urlencode({CAME_FROM: kept}) if kept else ""

    def url_of(self, request: HttpRequest, page: str, *args: Any) -> str:
        """Return the address of a page; the list that one came from is remembered."""
        url = reverse(f"admin:{self.url_name(page)}", args=args)
        kept = _without_search(request.GET.get(CAME_FROM, ""))
        if not kept:
            return url
        return f"{url}?{kept if page == 'changelist' else urlencode({CAME_FROM: kept})}"

    def row_url(self, request: HttpRequest, row: M) -> str:
        """Return the address of a row's page."""
        return self.url_of(request, "change", row.pk)

    def opening_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the buttons beside the list."""
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
        if row is None:
            raise Http404
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
            now = self.again(row) if row is not None else None
            if now is not None and step.settled(request, now, form):
                messages.info(request, f"「{step.label}」は、すでに済んでいます。")
                return True
            for sentence in error.sentences:
                form.add_error(None, sentence)
            return False
        if isinstance(told, HttpResponse):
            return told
        messages.success(request, told)
        return True

    def again(self, row: M) -> M | None:
        """Read the row once more, as another request may have left it; None: gone."""
        rows: Any = self.model._meta.default_manager
        found: M | None = rows.filter(pk=row.pk).first()
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


def _without_search(filters: str) -> str:
    kept = QueryDict(filters, mutable=True)
    kept.pop(SEARCH_VAR, None)
    return kept.urlencode()


def _named(steps: Sequence[Step[Any]], name: str) -> Step[Any]:
    for step in steps:
        if step.name == name:
            return step
    raise Http404
