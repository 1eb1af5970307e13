"""What happened in one's body: to be read, by nobody to be changed."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import ChoiceFilter, Choices
from foundation.desk.texts import shown_as_is
from journal.events import labels
from journal.models import Entry


class EventFilter(ChoiceFilter):
    """One kind of event."""

    title, parameter_name = "出来事", "name"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer every event that the portal knows."""
        del request
        return list(labels().items())


class ActorFilter(ChoiceFilter):
    """Whose doings: staff and residents, programs, the portal itself."""

    title, parameter_name = "行為者の種別", "actor_kind"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the kinds."""
        del request
        return list(ACTOR_KINDS.items())


class TimeFilter(ChoiceFilter):
    """The last days."""

    title, parameter_name, all_label = "期間", "days", "すべて"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer a day, a week, a month."""
        del request
        return [("1", "この24時間"), ("7", "この7日間"), ("31", "この31日間")]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to entries since then."""
        since = timezone.now() - timedelta(days=int(value))
        return queryset.filter(recorded_at__gte=since)


class _AnyFilter(ChoiceFilter):
    """A value that is searched for, not chosen from a list; it draws nothing."""

    template = "admin/no_filter.html"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer what was asked for: nothing else could be named here."""
        del request
        return [(value, value)] if (value := self.value()) else [("", "")]


class SubjectFilter(_AnyFilter):
    """The history of one subject."""

    title, parameter_name = "対象", "subject_id"

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the subject, if it is one."""
        try:
            return queryset.filter(subject_id=UUID(value))
        except ValueError:
            return queryset.none()


class WhoFilter(_AnyFilter):
    """What one account did."""

    title, parameter_name = "行為者", "actor_id"

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the account."""
        return queryset.filter(actor_id=value)


ACTOR_KINDS = {
    "user": "アカウント",
    "api_token": "APIトークン",
    "portal": "システム",
    "nobody": "アカウントなし",
}


@admin.register(Entry)
class EntryAdmin(ScopedAdmin[Entry]):
    """The journal of the body."""

    read_by: ClassVar[frozenset[str]] = frozenset({"administrator", "support"})
    list_display = ("recorded", "event", "actor", "subject_id")
    list_filter = (EventFilter, ActorFilter, TimeFilter, SubjectFilter, WhoFilter)
    search_fields = ("subject_id",)
    search_help_text = "対象の番号（UUID）"
    fields = (
        "recorded",
        "event",
        "actor",
        "organization_id",
        "subject_id",
        "content",
        "request_id",
        "id",
    )
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        """Find what happened to one subject."""
        del request
        if not search_term.strip():
            return queryset, False
        try:
            return queryset.filter(subject_id=UUID(search_term.strip())), False
        except ValueError:
            return queryset.none(), False

    @admin.display(description="日時")
    def recorded(self, entry: Entry) -> str:
        return f"{timezone.localtime(entry.recorded_at):%Y/%m/%d %H:%M:%S}"

    @admin.display(description="出来事")
    def event(self, entry: Entry) -> str:
        return labels().get(entry.name, entry.name)

    @admin.display(description="行為者")
    def actor(self, entry: Entry) -> str:
        """Name staff; residents are accounts without a name here."""
        if entry.actor_kind != "user":
            return ACTOR_KINDS.get(entry.actor_kind, entry.actor_kind)
        if not hasattr(entry, "actor_name"):
            self.prepare([entry])
        return str(vars(entry)["actor_name"])

    def prepare(self, rows: Sequence[Entry]) -> None:
        """Find the names of staff at once."""
        wanted = {int(row.actor_id) for row in rows if row.actor_kind == "user"}
        staff = get_user_model().objects.filter(is_staff=True)
        names = {str(pk): str(user) for pk, user in staff.in_bulk(wanted).items()}
        for row in rows:
            row.actor_name = names.get(  # type: ignore[attr-defined]
                row.actor_id, f"住民のアカウント {row.actor_id}"
            )

    @admin.display(description="内容")
    def content(self, entry: Entry) -> SafeString:
        text = json.dumps(entry.payload, ensure_ascii=False, indent=2)
        return shown_as_is(text, label="内容")
