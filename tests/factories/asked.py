"""Questions that people asked, tickets and clusters of them."""

from itertools import count

from django.utils import timezone

from faq.actions.clustering import desks_to_group, group_desk
from faq.models import Cluster, Question, Reply, Ticket
from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped

_numbers = count(1)
A_QUESTION = "引っ越した先の排水口がつまりました"


def in_body(body):
    """Return the scope of who works for one body."""
    return Scope(organization_ids=frozenset({body}))


def question(desk, text=A_QUESTION, **fields):
    """Return a question that nothing answered."""
    values = {
        "capability": "a" * 64,
        "conversation": new_id(),
        "audience": desk.audience,
        "language": "ja",
        "outcome": "hand_over",
        "confidence": 0.21,
    }
    with scoped(in_body(desk.organization_id)):
        return Question.objects.create(
            organization_id=desk.organization_id,
            desk=desk,
            text=text,
            **{**values, **fields},
        )


def ticket(desk, text=A_QUESTION, *, message="", **fields):
    """Return a ticket that waits for the desk."""
    asked = question(desk, text)
    key = {
        "organization_id": desk.organization_id,
        "capability": asked.capability,
        "person": fields.pop("person", None),
    }
    told = {
        "at": timezone.now().isoformat(timespec="seconds"),
        "question": text,
        "outcome": "hand_over",
        "shown": [],
    }
    values = {
        "number": f"Q-{desk.organization_id}-26-{next(_numbers):07}-1",
        "audience": desk.audience,
        "language": "ja",
        "transcript": [told],
        "due_on": timezone.localdate(),
    }
    with scoped(in_body(desk.organization_id)):
        made = Ticket.objects.create(
            **key, question=asked, desk=desk, **{**values, **fields}
        )
        if message:
            Reply.objects.create(**key, ticket=made, side="asker", text=message)
    return made


def cluster(desk, title=A_QUESTION, *, texts=(), **fields):
    """Return a cluster with its questions."""
    now = timezone.now()
    values = {"size": max(len(texts), 1), "first_at": now, "last_at": now}
    with scoped(in_body(desk.organization_id)):
        made = Cluster.objects.create(
            organization_id=desk.organization_id,
            desk=desk,
            title=title,
            **{**values, **fields},
        )
    for text in texts or (title,):
        question(desk, text, cluster=made)
    return made


def group_unanswered():
    """Group the questions of every desk, as a worker does; return how many."""
    return sum(group_desk(office) for office in desks_to_group())
