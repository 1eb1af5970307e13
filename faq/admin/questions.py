"""What was asked, as it is kept: masked, to be read, by nobody to be changed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from faq.admin import dashboard
from faq.admin.asked import READERS, moment, outcome_tag, shortened
from faq.admin.filters import DeskFilter
from faq.decision import Outcome
from faq.models import Door, Entry, Language, Question, Verdict
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import ChoiceFilter, Choices, choice_filter
from foundation.desk.roles import bodies_where
from organizations.queries import PREFECTURE, organization_names


class PlaceFilter(ChoiceFilter):
    """The municipality that was asked about."""

    title, parameter_name = "市町村", "place"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer one's own; in the prefecture all, for anybody asks it about any."""
        mine = bodies_where(request.user, READERS)
        return [
            (str(code), name)
            for code, name in organization_names().items()
            if code in mine or PREFECTURE in mine
        ]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the municipality."""
        return queryset.filter(place_id=int(value))


class DayFilter(ChoiceFilter):
    """One day, or the last ones."""

    title, parameter_name = "日", "day"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer today and the last days; an address may name any one day."""
        asked = request.GET.get("day", "")
        fixed = [("today", "きょう"), ("7", "この7日間"), ("30", "この30日間")]
        day = _day(asked)
        return [*fixed, (asked, f"{day.month}月{day.day}日")] if day else fixed

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the days."""
        today = timezone.localdate()
        if day := _day(value):
            first, last = day, day
        else:
            days = 1 if value == "today" else int(value)
            first, last = today - timedelta(days=days - 1), today
        begins, ends = (
            timezone.make_aware(datetime.combine(at, time.min))
            for at in (first, last + timedelta(days=1))
        )
        return queryset.filter(asked_at__gte=begins, asked_at__lt=ends)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@admin.register(Question)
class QuestionAdmin(ScopedAdmin[Question]):
    """Questions of the body, the newest on top."""

    read_by = READERS
    list_display = ("asked", "outcome_tag", "sure", "desk", "said", "at")
    list_filter = (
        DayFilter,
        choice_filter("outcome", "結果", Outcome.choices),
        choice_filter("verdict", "評価", Verdict.choices),
        DeskFilter,
        choice_filter("language", "言語", Language.choices),
        choice_filter("door", "入口", Door.choices),
        PlaceFilter,
    )
    search_fields = ("text",)
    search_help_text = "質問の言葉"
    change_list_template = "admin/faq/questions.html"
    fields = (
        "text",
        "at",
        "desk",
        "place",
        "audience",
        "door",
        "language",
        "outcome_tag",
        "sure",
        "shown",
        "said",
        "cluster",
    )
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find words of the question."""
        del request
        term = search_term.strip()
        return (queryset.filter(text__icontains=term) if term else queryset), False

    def prepare(self, rows: Sequence[Question]) -> None:
        """Find the desks at once."""
        prefetch_related_objects(rows, "desk")

    @admin.display(description="質問")
    def asked(self, question: Question) -> str:
        return shortened(question.text)

    @admin.display(description="結果")
    def outcome_tag(self, question: Question) -> SafeString:
        return outcome_tag(question.outcome)

    @admin.display(description="確信度")
    def sure(self, question: Question) -> str:
        confidence = question.confidence
        return "—" if confidence is None else f"{round(100 * confidence)}％"

    @admin.display(description="評価")
    def said(self, question: Question) -> str:
        return question.get_verdict_display() or "—"

    @admin.display(description="日時")
    def at(self, question: Question) -> str:
        return moment(question.asked_at)

    @admin.display(description="見つけた項目")
    def shown(self, question: Question) -> SafeString | str:
        """Name what was found, what was shown, and with which confidence."""
        found = {row["entry"]: row for row in question.found}
        titles = {
            str(pk): title
            for pk, title in Entry.objects.filter(pk__in=found).values_list(
                "pk", "live__question"
            )
        }
        marks = {str(question.answered_id): "（回答した）"}
        marks[str(question.chosen_id)] = "（本人が選んだ）"
        rows = [
            (titles[key] or "", _percent(row.get("cosine")), marks.get(key, ""))
            for key, row in found.items()
            if key in titles
        ]
        if not rows:
            return "—"
        return format_html(
            "<ol>{}</ol>", format_html_join("", "<li>{} {}{}</li>", rows)
        )

    # The dashboard

    def get_urls(self) -> list[URLPattern]:
        """Add the figures and their file."""
        return [
            path(
                "figures/",
                self.at_desk(self.figures_view),
                name=self.url_name("figures"),
            ),
            path(
                "figures.csv",
                self.at_desk(self.figures_file_view),
                name=self.url_name("figures_file"),
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, and lead to the figures."""
        url = reverse(f"admin:{self.url_name('figures')}")
        context = {"figures_url": url, **(extra_context or {})}
        return super().changelist_view(request, context)

    def figures_view(self, request: HttpRequest) -> HttpResponse:
        """Show what was asked in figures."""
        return dashboard.page(self, request)

    def figures_file_view(self, request: HttpRequest) -> HttpResponse:
        """Hand out the figures of each day and desk as CSV."""
        return dashboard.file(self, request)


def _percent(cosine: float | None) -> str:
    return "" if cosine is None else f"{round(100 * cosine)}％"
