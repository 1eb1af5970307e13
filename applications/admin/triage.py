"""The list that a clerk works off, and the doors from it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from applications.actions import (
    accept_application,
    assign_application,
    decide_application,
)
from applications.admin import case, export, search
from applications.admin.columns import due_tag, masked_name, state_tag
from applications.admin.filters import (
    FILTERS,
    IN_ORDER_OF_DUE_DAY,
    body_shown,
    search_term,
    state_shown,
)
from applications.admin.steps import STEPS, signed_in
from applications.models import NO_DAY, Application, Correction
from applications.workflow import READERS, WORKERS
from foundation.desk.admin import ScopedAdmin
from foundation.desk.roles import bodies_where
from foundation.errors import DomainError
from foundation.identifiers import is_id


@admin.register(Application)
class ApplicationAdmin(ScopedAdmin[Application]):
    """Cases of the body, the one that is due first on top."""

    read_by = READERS
    steps = STEPS
    list_display = (
        "number",
        "procedure",
        "applicant",
        "state_tag",
        "in_hands_of",
        "due",
        "filed",
    )
    list_filter = FILTERS
    search_fields = ("number",)
    search_help_text = "到達番号、または申請者の名前・カナの一部（2文字から）"
    actions = ("accept", "take", "complete")
    change_list_template = "admin/applications/application/change_list.html"
    change_form_template = "admin/applications/application/change_form.html"

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """Add the day by which cases are sorted; what waits for others comes last."""
        return (
            super().get_queryset(request).annotate(sorted_by=Coalesce("due_on", NO_DAY))
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """List the cases of one body."""
        changelist = super().get_changelist_instance(request)
        changelist.title = str(self.opts.verbose_name_plural)
        return changelist

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Sort by due day what is still to do, by arrival what is looked up."""
        if state_shown(request) in IN_ORDER_OF_DUE_DAY:
            return "sorted_by", "id"
        return "-filed_at", "-id"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term_: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a number, or a name in whichever form of its characters."""
        del search_term_
        term = search_term(request)
        if not term:
            return queryset, False
        if search.is_too_short(term):
            messages.info(request, "名前は2文字以上で検索してください。")
        return search.found(queryset, body_shown(request), term), False

    def prepare(self, rows: Sequence[Application]) -> None:
        """Find what belongs to the rows of the page; a join misleads the planner."""
        waited_for = Correction.objects.open().filter(
            organization_id__in={row.organization_id for row in rows}
        )
        prefetch_related_objects(
            rows,
            "offering__procedure",
            "assignee",
            Prefetch("correction_set", waited_for, to_attr="waited_for"),
        )

    @admin.display(description="手続")
    def procedure(self, application: Application) -> str:
        return application.offering.procedure.title

    @admin.display(description="申請者")
    def applicant(self, application: Application) -> str:
        return masked_name(application.applicant_name)

    @admin.display(description="状態")
    def state_tag(self, application: Application) -> SafeString:
        return state_tag(application)

    @admin.display(description="担当者", empty_value="未割当")
    def in_hands_of(self, application: Application) -> User | None:
        return application.assignee

    @admin.display(description="処理期限")
    def due(self, application: Application) -> SafeString | str:
        waited_for: list[Correction] = getattr(application, "waited_for", [])
        correct_by = waited_for[0].due_on if waited_for else None
        return due_tag(application, timezone.localdate(), correct_by=correct_by)

    @admin.display(description="到達")
    def filed(self, application: Application) -> str:
        filed_at = timezone.localtime(application.filed_at)
        return f"{filed_at:%Y/%m/%d}"

    # What is done with several at once

    def has_work_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person works on cases somewhere; support only looks."""
        return bool(bodies_where(request.user, WORKERS))

    @admin.action(description="受け付ける", permissions=["work"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        self._each(request, queryset, accept_application, "受け付けました")

    @admin.action(description="自分に割り当てる", permissions=["work"])
    def take(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        def take(application: Application, *, by: User) -> None:
            assign_application(application, assignee=by, by=by)

        self._each(request, queryset, take, "自分に割り当てました")

    @admin.action(description="完了する", permissions=["work"])
    def complete(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        def complete(application: Application, *, by: User) -> None:
            decide_application(application, "complete", by=by)

        self._each(request, queryset, complete, "完了しました")

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Application],
        act: Callable[..., object],
        done: str,
    ) -> None:
        """Act on each by itself: what one cannot do does not stop the others."""
        count, ticked = 0, request.POST.getlist(ACTION_CHECKBOX_NAME)
        for application in queryset.filter(pk__in=filter(is_id, ticked)):
            try:
                act(application, by=signed_in(request))
            except DomainError as error:
                messages.warning(request, f"{application.number}：{error}")
            else:
                count += 1
        if count:
            messages.success(request, f"{count}件を{done}。")

    # Pages

    def get_urls(self) -> list[URLPattern]:
        """Add the papers of a case and the file of the list."""
        return [
            path(
                "export/",
                self.at_desk(self.export_view),
                name=self.url_name("export"),
            ),
            path(
                "<str:object_id>/documents/<uuid:document_id>/",
                self.at_desk(self.document_view),
                name=self.url_name("document"),
            ),
            path(
                "<str:object_id>/documents/<uuid:document_id>.pdf",
                self.at_desk(self.pdf_view),
                name=self.url_name("pdf"),
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list; who works on its cases may take it along as a file."""
        may_export = self.has_view_permission(request) and export.permitted(request)
        context = {"may_export": may_export, **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the case; that it was looked at is written down."""
        del form_url, extra_context
        return case.page(self, request, object_id)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead to the case, which tells its history."""
        del extra_context
        application = self.get_object(request, object_id)
        return HttpResponseRedirect(f"{self.row_url(request, application)}#history")

    def document_view(
        self, request: HttpRequest, object_id: str, document_id: Any
    ) -> HttpResponse:
        """Show a paper of the case."""
        return case.document_page(self, request, object_id, document_id)

    def pdf_view(
        self, request: HttpRequest, object_id: str, document_id: Any
    ) -> HttpResponse:
        """Hand out a paper of the case as PDF."""
        answer: HttpResponse = case.document_file(self, request, object_id, document_id)
        return answer

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Hand out the filtered list as CSV."""
        return export.answer(self, request)
