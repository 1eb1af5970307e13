"""How the triage list is narrowed: by body, state, hands, procedure, office."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from applications.admin.search import body_of
from applications.workflow import READERS, STAFF_S_TURN, State
from foundation.desk.filters import ChoiceFilter, Choices
from foundation.desk.roles import bodies_where
from organizations.models import Department
from organizations.queries import organization_names
from procedures.models import Offering

BODY, STATE, SEARCH = "body", "state", "q"
OPEN, OVERDUE, UNCORRECTED, ALL = "open", "overdue", "uncorrected", "all"
# What waits for staff or applicant is worked off by its due day; the rest is looked up.
IN_ORDER_OF_DUE_DAY = {OPEN, OVERDUE, UNCORRECTED, State.FILED, State.ACCEPTED}


def body_shown(request: HttpRequest) -> int:
    """Return the one body whose cases are listed: the chosen or the first of one's.

    One at a time, so that any order is read from an index however many there are.
    """
    mine = sorted(bodies_where(request.user, READERS))
    asked = body_of(search_term(request)) or request.GET.get(BODY, "")
    return next((body for body in mine if str(body) == asked), mine[0])


def search_term(request: HttpRequest) -> str:
    """Return what was typed into the search box."""
    return request.GET.get(SEARCH, "").strip()


def state_shown(request: HttpRequest) -> str:
    """Return the chosen state; a search looks among closed cases too."""
    by_default = ALL if search_term(request) else OPEN
    return request.GET.get(STATE) or by_default


class BodyFilter(ChoiceFilter):
    """One of the bodies one works for, where there are several."""

    title, parameter_name, all_label = "団体", BODY, ""

    def offered(self, request: HttpRequest) -> Choices:
        """Offer one's own bodies."""
        mine = sorted(bodies_where(request.user, READERS))
        names = organization_names()
        self.shown = str(body_shown(request))
        return [(str(body), names[body]) for body in mine] if len(mine) > 1 else []

    def chosen(self) -> str:
        """Name the body that is shown."""
        return self.shown

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the body."""
        return queryset.filter(organization_id=int(value))


class StateFilter(ChoiceFilter):
    """Open cases unless asked otherwise."""

    title, parameter_name, all_label = "状態", STATE, ""

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the states, and what is open of them."""
        self.shown = state_shown(request)
        return [
            (OPEN, "未完了"),
            (OVERDUE, "期限を過ぎたもの"),
            (UNCORRECTED, "補正の期限切れ"),
            *State.choices,
            (ALL, "すべて"),
        ]

    def chosen(self) -> str:
        """Name the state that is shown."""
        return self.shown

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the state."""
        if value == OVERDUE:
            # As `overdue()` says it, in the words of the index that also sorts.
            today = timezone.localdate()
            return queryset.filter(state__in=STAFF_S_TURN, sorted_by__lt=today)
        if value == UNCORRECTED:
            return queryset.uncorrected(timezone.localdate())
        if value == OPEN:
            return queryset.open()
        return queryset if value == ALL else queryset.filter(state=value)


class ProcedureFilter(ChoiceFilter):
    """One of the procedures that the body offers."""

    title, parameter_name = "手続", "procedure"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer them by code."""
        self.by_code = {
            code: (pk, title)
            for pk, code, title in Offering.objects.filter(
                organization_id=body_shown(request)
            )
            .order_by("procedure__code")
            .values_list("pk", "procedure__code", "procedure__title")
        }
        return [(code, title) for code, (_, title) in self.by_code.items()]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to the body's offering of it."""
        return queryset.filter(offering_id=self.by_code[value][0])


class DepartmentFilter(ChoiceFilter):
    """One of the departments, those that are no more included."""

    title, parameter_name = "担当部署", "department"

    def offered(self, request: HttpRequest) -> Choices:
        """Offer them by name."""
        today = timezone.localdate()
        found = Department.objects.filter(organization_id=body_shown(request))
        return [
            (
                str(department.pk),
                department.name
                if department.valid_until is None or department.valid_until > today
                else f"{department.name}（{department.valid_until:%Y}年まで）",
            )
            for department in found.order_by("code", "-valid_from")
        ]


class AssigneeFilter(ChoiceFilter):
    """One's own, or nobody's."""

    title, parameter_name = "担当者", "assignee"
    me: int

    def offered(self, request: HttpRequest) -> Choices:
        """Offer the two that one looks for."""
        self.me = int(str(request.user.pk))
        return [("me", "自分"), ("nobody", "未割当")]

    def choose(self, queryset: Any, value: str) -> Any:
        """Narrow to whose hands it is in."""
        return queryset.filter(assignee_id=self.me if value == "me" else None)


FILTERS = (
    BodyFilter,
    StateFilter,
    AssigneeFilter,
    ProcedureFilter,
    DepartmentFilter,
)
