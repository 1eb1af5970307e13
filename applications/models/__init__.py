"""Published forms, drafts, applications with their versions, and papers."""

from applications.models.applications import (
    NO_DAY,
    Application,
    ApplicationQuerySet,
    ApplicationVersion,
    Correction,
    Filed,
    Note,
    Part,
)
from applications.models.drafts import Draft, DraftQuerySet, Submission
from applications.models.forms import Form, FormRevision
from applications.models.papers import Document

__all__ = [
    "NO_DAY",
    "Application",
    "ApplicationQuerySet",
    "ApplicationVersion",
    "Correction",
    "Document",
    "Draft",
    "DraftQuerySet",
    "Filed",
    "Form",
    "FormRevision",
    "Note",
    "Part",
    "Submission",
]
