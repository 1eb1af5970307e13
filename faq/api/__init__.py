"""The FAQ for other programs: what is published, and a question like any other."""

from faq.api.desks import DeskViewSet
from faq.api.entries import EntryViewSet
from faq.api.questions import QuestionViewSet

__all__ = ["DeskViewSet", "EntryViewSet", "QuestionViewSet"]
