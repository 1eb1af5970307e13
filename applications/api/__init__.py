"""Applications for other programs: those of a person, and those of a body."""

from applications.api.cases import CaseViewSet
from applications.api.filings import ApplicationViewSet
from applications.api.forms import FormView, SchemaView

__all__ = ["ApplicationViewSet", "CaseViewSet", "FormView", "SchemaView"]
