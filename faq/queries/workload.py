"""What waits at the FAQ's desks, for the first page of the staff's day."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, QuerySet
from django.utils import timezone

from faq.models import Cluster, Desk, Entry, Revision, State, Ticket
from faq.queries.entries import expired, to_look_at, with_broken_links
from foundation.desk.figures import MOST_COUNTED
from foundation.desk.roles import bodies_where
from organizations.models import Organization, Role


@dataclass(frozen=True)
class Workload:
    """What waits in one body, each counted up to `MOST_COUNTED`."""

    organization_id: int
    organization_name: str
    tickets: int
    late: int
    clusters: int
    in_review: int
    to_look_at: int
    expired: int
    broken: int


def workload_of(user: Any) -> list[Workload]:
    """Return what waits in each body that has a desk, where `user` may look.

    One statement; each figure stops at `MOST_COUNTED` rows.
    """
    bodies = sorted(bodies_where(user, frozenset(Role.values)))
    today = timezone.localdate()

    def of_body(rows: Any) -> Any:
        # By value too: what row-level security hides cannot use an index.
        return rows.filter(organization_id__in=bodies, organization_id=OuterRef("code"))

    tickets = of_body(Ticket.objects.waiting())
    clusters = Cluster.objects.filter(state=Cluster.State.OPEN, size__gt=0)
    entries = of_body(Entry.objects)
    waiting: dict[str, QuerySet[Any, Any]] = {
        "tickets": tickets,
        "late": tickets.filter(due_on__lt=today),
        "clusters": of_body(clusters),
        "in_review": of_body(Revision.objects.filter(state=State.IN_REVIEW)),
        "to_look_at": to_look_at(entries, today),
        "expired": expired(entries, today),
        "broken": with_broken_links(entries),
    }
    counted = {
        name: Func(
            ArraySubquery(rows.order_by().values("pk")[:MOST_COUNTED]),
            function="cardinality",
            output_field=IntegerField(),
        )
        for name, rows in waiting.items()
    }
    with_desks = Desk.objects.filter(organization_id__in=bodies)
    found = (
        Organization.objects.filter(
            code__in=bodies, pk__in=with_desks.values("organization")
        )
        .annotate(**counted)
        .order_by("code")
        .values_list("code", "name", *waiting)
    )
    return [Workload(*row) for row in found]
