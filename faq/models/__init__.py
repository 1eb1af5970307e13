"""Desks and entries, what retrieval is made of, and what was asked."""

from faq.models.conversations import (
    Asked,
    Cluster,
    Door,
    Question,
    QuestionQuerySet,
    Verdict,
)
from faq.models.desks import WORKING_DAYS, Audience, Desk, DeskQuerySet, Weekday
from faq.models.entries import (
    UNFINISHED,
    Alternative,
    Entry,
    EntryQuerySet,
    Language,
    Origin,
    Revision,
    RevisionQuerySet,
    State,
)
from faq.models.links import LinkCheck, LinkStatus
from faq.models.measuring import Calibration, Evaluation, Progress, Proposal
from faq.models.retrieval import IndexVersion, Vector
from faq.models.test_sets import Expectation, TestQuestion, TestSet
from faq.models.tickets import (
    OPEN_TICKETS,
    Reply,
    Ticket,
    TicketQuerySet,
    TicketState,
)

__all__ = [
    "OPEN_TICKETS",
    "UNFINISHED",
    "WORKING_DAYS",
    "Alternative",
    "Asked",
    "Audience",
    "Calibration",
    "Cluster",
    "Desk",
    "DeskQuerySet",
    "Door",
    "Entry",
    "EntryQuerySet",
    "Evaluation",
    "Expectation",
    "IndexVersion",
    "Language",
    "LinkCheck",
    "LinkStatus",
    "Origin",
    "Progress",
    "Proposal",
    "Question",
    "QuestionQuerySet",
    "Reply",
    "Revision",
    "RevisionQuerySet",
    "State",
    "TestQuestion",
    "TestSet",
    "Ticket",
    "TicketQuerySet",
    "TicketState",
    "Vector",
    "Verdict",
    "Weekday",
]
