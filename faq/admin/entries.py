"""Entries of the body: what a desk has written, in a list that can be narrowed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString

from faq.admin import drafting, entry, exporting
from faq.admin.bulk import ACTIONS
from faq.admin.columns import days_tag, entry_tags, tag
from faq.admin.drafting import DRAFT, OPENING
from faq.admin.filters import FILTERS
from faq.admin.importing import IMPORT
from faq.admin.permits import EVERYONE, publishes, writes
from faq.admin.steps import REVIEW, STEPS
from faq.models import UNFINISHED, Alternative, Entry, LinkCheck, Revision, State
from foundation.desk.admin import ScopedAdmin

MOST_TERMS = 5


@admin.register(Entry)
class EntryAdmin(ScopedAdmin[Entry]):
    """Entries of all desks of one's bodies, the newest first."""

    read_by = EVERYONE
    openings = (OPENING, IMPORT)
    steps = STEPS
    list_display = ("question", "desk_name", "category", "state", "days", "links")
    list_filter = FILTERS
    search_fields = ("code",)
    search_help_text = "質問・回答・関連語・ほかの聞き方・項目コードの言葉"
    actions = ACTIONS
    change_list_template = "admin/faq/entry/change_list.html"
    change_form_template = "admin/faq/entry/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        """Add what every page of an entry shows."""
        return super().get_queryset(request).select_related("desk", "live__procedure")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find entries that hold every one of the words, in what they say now."""
        mine = {"organization_id__in": sorted(self.bodies(request))}
        for term in search_term.split()[:MOST_TERMS]:
            holds = (
                Q(question__icontains=term)
                | Q(answer__icontains=term)
                | Q(keywords__icontains=term)
            )
            words = Revision.objects.filter(
                holds, **mine, state__in=(State.PUBLISHED, *UNFINISHED)
            )
            asked = Alternative.objects.filter(**mine, text__icontains=term)
            queryset = queryset.filter(
                Q(code__icontains=term)
                | Q(pk__in=words.values("entry"))
                | Q(pk__in=asked.values("entry"))
            )
        return queryset, False

    def prepare(self, rows: Sequence[Entry]) -> None:
        """Find the unfinished words and the broken links of the page's rows."""
        unfinished = Revision.objects.filter(state__in=UNFINISHED)
        broken = LinkCheck.objects.broken()
        prefetch_related_objects(
            rows,
            Prefetch("revisions", unfinished, to_attr="being_written"),
            Prefetch("live__links", broken, to_attr="broken"),
        )

    # Columns

    @staticmethod
    def _words(row: Entry) -> Revision | None:
        written: list[Revision] = getattr(row, "being_written", [])
        return row.live or next(iter(written), None)

    @admin.display(description="質問")
    def question(self, row: Entry) -> str:
        words = self._words(row)
        return words.question if words else row.code

    @admin.display(description="相談窓口")
    def desk_name(self, row: Entry) -> str:
        return row.desk.name

    @admin.display(description="分類")
    def category(self, row: Entry) -> str:
        words = self._words(row)
        return words.category if words else ""

    @admin.display(description="状態")
    def state(self, row: Entry) -> SafeString:
        written: list[Revision] = getattr(row, "being_written", [])
        return entry_tags(row, next(iter(written), None))

    @admin.display(description="期限")
    def days(self, row: Entry) -> SafeString:
        return days_tag(row.live, timezone.localdate())

    @admin.display(description="リンク", empty_value="")
    def links(self, row: Entry) -> SafeString:
        broken = getattr(row.live, "broken", []) if row.is_published else []
        return tag("リンク切れ", "danger") if broken else SafeString("")

    # What is done with several at once

    def has_writing_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person writes entries somewhere; support only looks."""
        return writes(request, None)

    def has_publishing_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person publishes somewhere."""
        return publishes(request, None)

    # Pages

    def get_urls(self) -> list[URLPattern]:
        """Add the file of the list."""
        export = path(
            "export/", self.at_desk(self.export_view), name=self.url_name("export")
        )
        return [export, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Hand out the entries that the filters in the address leave."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        found = self.get_changelist_instance(request).queryset
        wanted = request.POST.get("format", exporting.XLSX)
        chosen = found.order_by(*self.ordering)
        return exporting.answer(self, request, chosen, wanted)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, and in what files it may leave."""
        context = {"export_formats": exporting.FORMATS, **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the entry with all that belongs to it."""
        del form_url, extra_context
        return entry.page(self, request, object_id)

    def page(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],
        *,
        status: int = 200,
    ) -> Any:
        """Add what a reviewer reads, and whether one publishes what one writes."""
        step = context.get("step")
        if step is REVIEW:
            context = {**context, **entry.review_context(context["row"])}
        elif step in {OPENING, DRAFT}:
            may = drafting.may_publish_alone(request, context["row"])
            context = {**context, "may_publish": may}
        return super().page(request, template, context, status=status)
