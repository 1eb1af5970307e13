"""Forget whom to write to, and what was asked long ago."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from faq.events import TicketsRemoved
from faq.models import Cluster, Question, Reply, Ticket, TicketQuerySet
from foundation.tenancy.scope import Scope, scoped
from journal.actions import PORTAL, record

# As long as the address of a message is kept.
CONTACT_KEPT = timedelta(days=90)
# A year to compare with the year before, and a month to look at it.
QUESTIONS_KEPT = timedelta(days=400)
_AT_ONCE = 1_000


def forget_contacts() -> int:
    """Blank the addresses of tickets that ended long ago; return how many."""
    moment = timezone.now() - CONTACT_KEPT
    long_ago = Ticket.objects.using("worker").closed_before(moment)
    return long_ago.exclude(contact_email="").update(contact_email="")


def remove_old_tickets() -> int:
    """Remove tickets that ended years ago, messages and questions too; return how many.

    The journal is told how many of which desk, and nothing of what they said.
    """
    moment = timezone.now() - timedelta(days=settings.FAQ_TICKETS_KEPT_DAYS)
    removed = 0
    while count := _remove_some(Ticket.objects.using("worker").closed_before(moment)):
        removed += count
    return removed


def _remove_some(old: TicketQuerySet) -> int:
    """Remove and tell of those of one desk, so many at once."""
    with transaction.atomic(using="worker"):
        first = old.order_by("last_at").first()
        if first is None:
            return 0
        body = {"organization_id": first.organization_id}
        of_desk = old.filter(**body, desk_id=first.desk_id)
        rows = dict(of_desk.values_list("pk", "question_id")[:_AT_ONCE])
        Reply.objects.using("worker").filter(**body, ticket__in=rows).delete()
        Ticket.objects.using("worker").filter(**body, pk__in=rows).delete()
        questions = Question.objects.using("worker").filter(**body)
        questions.filter(pk__in=rows.values()).delete()
        event = TicketsRemoved(**body, desk_id=first.desk_id, count=len(rows))
        # Told before the rows are gone for good: none goes untold.
        with scoped(Scope(organization_ids=frozenset({first.organization_id}))):
            record(event, by=PORTAL)
    return len(rows)


def remove_old_questions() -> int:
    """Remove questions asked long ago, but for those of tickets; return how many."""
    old = Question.objects.using("worker").filter(
        ~Exists(Ticket.objects.filter(question=OuterRef("pk"))),
        asked_at__lt=timezone.now() - QUESTIONS_KEPT,
    )
    removed = 0
    while batch := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
        removed += old.filter(pk__in=batch).delete()[0]
    return removed


def remove_old_clusters() -> int:
    """Remove clusters that outlive what was asked in them; return how many."""
    asked = Question.objects.using("worker").filter(cluster=OuterRef("pk"))
    spent = Cluster.objects.using("worker").filter(
        ~Exists(asked) | Q(last_at__lt=timezone.now() - QUESTIONS_KEPT)
    )
    return spent.delete()[0]
