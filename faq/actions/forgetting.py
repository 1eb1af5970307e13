"""Forget whom to write to, and what was asked long ago."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from faq.models import Cluster, Question, Ticket

# As long as the address of a message is kept.
CONTACT_KEPT = timedelta(days=90)
# A year to compare with the year before, and a month to look at it.
QUESTIONS_KEPT = timedelta(days=400)
_AT_ONCE = 1_000


def forget_contacts() -> int:
    """Blank the addresses of tickets that ended long ago; return how many."""
    moment = timezone.now() - CONTACT_KEPT
    long_ago = Ticket.objects.using("worker").closed_before(moment)
    return long_ago.update(contact_email="")


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
