"""The FAQ's desk in admin."""

from faq.admin.calibration import CalibrationAdmin, IndexVersionAdmin
from faq.admin.clusters import ClusterAdmin
from faq.admin.desks import DeskAdmin
from faq.admin.entries import EntryAdmin
from faq.admin.evaluation import EvaluationAdmin, TestSetAdmin
from faq.admin.questions import QuestionAdmin
from faq.admin.tickets import TicketAdmin

__all__ = [
    "CalibrationAdmin",
    "ClusterAdmin",
    "DeskAdmin",
    "EntryAdmin",
    "EvaluationAdmin",
    "IndexVersionAdmin",
    "QuestionAdmin",
    "TestSetAdmin",
    "TicketAdmin",
]
