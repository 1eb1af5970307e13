"""The FAQ's desk in admin."""

from faq.admin.clusters import ClusterAdmin
from faq.admin.desks import DeskAdmin
from faq.admin.entries import EntryAdmin
from faq.admin.questions import QuestionAdmin
from faq.admin.tickets import TicketAdmin

__all__ = [
    "ClusterAdmin",
    "DeskAdmin",
    "EntryAdmin",
    "QuestionAdmin",
    "TicketAdmin",
]
