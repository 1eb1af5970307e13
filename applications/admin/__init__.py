"""The desk of those who work on cases: triage, the case itself, forms."""

from applications.admin.revisions import FormRevisionAdmin
from applications.admin.triage import ApplicationAdmin

__all__ = ["ApplicationAdmin", "FormRevisionAdmin"]
