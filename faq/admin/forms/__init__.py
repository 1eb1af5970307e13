"""What staff fill in about entries and their other wordings."""

from faq.admin.forms.draft import DraftForm
from faq.admin.forms.review import ReadForm, ReasonForm, RestoreForm
from faq.admin.forms.wordings import UnwordingForm, WordingForm

__all__ = [
    "DraftForm",
    "ReadForm",
    "ReasonForm",
    "RestoreForm",
    "UnwordingForm",
    "WordingForm",
]
