"""How the list of entries is narrowed: desk, state, audience, category, days, links."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from faq.admin.permits import EVERYONE
from faq.models import UNFINISHED, Audience, Desk, Revision, State
from faq.queries.entries import (
    ending_soon,
    expired,
    to_look_at,
    with_broken_links,
)
from foundation.desk.filters import ChoiceFilter, Choices, choice_filter
from foundation.desk.roles import bodies_where
from organizations.queries import organization_names

PUBLISHED, WITHDRAWN = "published", "withdrawn"
_IN_USE = (State.PUBLISHED, *UNFINISHED)
# Words of the entry, and so of its body.
_ITS = {"organization": OuterRef("organization"), "entry": OuterRef("pk")}


class BodyFilter(ChoiceFilter):
    """One of the bodies one works for, where there are several."""

    title, parameter_name = "団体", "body"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer one's own bodies."""
        mine = sorted(bodies_where(request.user, EVERYONE))
        names = organization_names()
        return [(str(body), names[body]) for body in mine]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the body."""
        return queryset.filter(organization_id=int(value))


class DeskFilter(ChoiceFilter):
    """One of the desks of one's bodies, closed ones included."""

    title, parameter_name = "相談窓口", "desk"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer them by name."""
        found = Desk.objects.visible_to(request.user).filter(
            organization_id__in=sorted(bodies_where(request.user, EVERYONE))
        )
        return [(str(desk.pk), desk.name) for desk in found]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the desk."""
        return queryset.filter(desk_id=value)


class CategoryFilter(ChoiceFilter):
    """One of the headings of the chosen desk: those of all would fill a page."""

    title, parameter_name = "分類", "category"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer what the desk uses now; nothing where no desk is chosen."""
        chosen = request.GET.get("desk", "")
        own = {value for value, _ in DeskFilter.offered(self, request)}  # type: ignore[arg-type]
        if chosen not in own:
            return []
        used = Revision.objects.visible_to(request.user).filter(
            entry__desk=UUID(chosen), state__in=_IN_USE
        )
        names = used.order_by("category").values_list("category", flat=True).distinct()
        return [(name, name) for name in names if name]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to what lies, or is about to lie, under the heading."""
        filed = Revision.objects.filter(**_ITS, category=value, state__in=_IN_USE)
        return queryset.filter(Exists(filed))


class StateFilter(ChoiceFilter):
    """What answers, what is being written, what was withdrawn."""

    title, parameter_name = "状態", "state"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the states of entries and of unfinished words."""
        del request
        unfinished = [(state.value, state.label) for state in UNFINISHED]
        return [(PUBLISHED, "公開中"), *unfinished, (WITHDRAWN, "公開終了")]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the state."""
        if value == PUBLISHED:
            return queryset.filter(
                published_at__isnull=False, withdrawn_at__isnull=True
            )
        if value == WITHDRAWN:
            return queryset.filter(withdrawn_at__isnull=False)
        writing = Revision.objects.filter(**_ITS, state=value)
        return queryset.filter(Exists(writing))


class DaysFilter(ChoiceFilter):
    """What somebody should look at again, by its days or its links."""

    title, parameter_name = "点検", "days"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer what may be due."""
        del request
        return [
            ("review", "見直し期限を過ぎた"),
            ("expired", "有効期限切れ"),
            ("soon", "期限まもなく（30日）"),
            ("links", "リンク切れ"),
        ]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to what is due."""
        if value == "links":
            return with_broken_links(queryset)
        narrow = {"review": to_look_at, "expired": expired, "soon": ending_soon}
        return narrow[value](queryset, timezone.localdate())


FILTERS = (
    BodyFilter,
    DeskFilter,
    StateFilter,
    CategoryFilter,
    DaysFilter,
    choice_filter("audience", "対象", Audience.choices),
)
