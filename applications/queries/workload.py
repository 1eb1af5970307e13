"""What waits at the desk."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, QuerySet
from django.utils import timezone

from applications.models import Application, Correction
from applications.workflow import READERS, State
from foundation.desk.figures import MOST_COUNTED
from foundation.desk.roles import bodies_where
from organizations.models import Organization


@dataclass(frozen=True)
class Workload:
    """What waits in one body, each figure counted up to `MOST_COUNTED`."""

    organization_id: int
    organization_name: str
    waiting: int
    mine: int
    overdue: int
    returned: int
    uncorrected: int


def workload_of(user: Any) -> list[Workload]:
    """Return what waits in each body whose cases `user` may see.

    One statement; each figure stops at `MOST_COUNTED` rows of an index.
    """
    bodies = bodies_where(user, READERS)
    in_body = Application.objects.filter(organization_id=OuterRef("code"))
    today = timezone.localdate()
    asked = Correction.objects.filter(organization_id=OuterRef("code"))
    figures: dict[str, QuerySet[Any, Any]] = {
        "waiting": in_body.filter(state=State.FILED),
        "mine": in_body.open().filter(assignee_id=user.pk),
        "overdue": in_body.overdue(today),
        "returned": in_body.filter(state=State.RETURNED),
        "uncorrected": asked.late(today),
    }
    counted = {
        name: Func(
            ArraySubquery(rows.order_by().values("pk")[:MOST_COUNTED]),
            function="cardinality",
            output_field=IntegerField(),
        )
        for name, rows in figures.items()
    }
    found = (
        Organization.objects.filter(code__in=sorted(bodies))
        .annotate(**counted)
        .order_by("code")
        .values_list("code", "name", *figures)
    )
    return [Workload(*row) for row in found]
