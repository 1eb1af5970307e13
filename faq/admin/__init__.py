"""The FAQ's desk in admin."""

from faq.admin.calibration import CalibrationAdmin
from faq.admin.clusters import ClusterAdmin
from faq.admin.desks import DeskAdmin
from faq.admin.entries import EntryAdmin
from faq.admin.evaluation import EvaluationAdmin
from faq.admin.indexes import IndexVersionAdmin
from faq.admin.proposals import ProposalAdmin
from faq.admin.questions import QuestionAdmin
from faq.admin.test_sets import TestSetAdmin
from faq.admin.tickets import TicketAdmin

__all__ = [
    "CalibrationAdmin",
    "ClusterAdmin",
    "DeskAdmin",
    "EntryAdmin",
    "EvaluationAdmin",
    "IndexVersionAdmin",
    "ProposalAdmin",
    "QuestionAdmin",
    "TestSetAdmin",
    "TicketAdmin",
]
