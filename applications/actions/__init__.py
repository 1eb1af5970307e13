"""What people do with applications, each in one function and one transaction."""

from applications.actions.drafts import (
    discard_draft,
    purge_expired_drafts,
    save_draft,
    start_draft,
)
from applications.actions.filing import (
    correct_application,
    file_application,
    start_correction,
    withdraw_application,
)
from applications.actions.publishing import publish_form
from applications.actions.rendering import render_due_documents
from applications.actions.review import (
    accept_application,
    assign_application,
    decide_application,
    return_application,
    write_note,
)

__all__ = [
    "accept_application",
from applications.actions.submissions import submit_answers, submit_correction
from applications.actions.viewing import note_viewing
    "assign_application",
    "correct_application",
    "decide_application",
    "discard_draft",
    "file_application",
    "publish_form",
    "purge_expired_drafts",
    "render_due_documents",
    "move_late_arrival",
    "move_open_applications",
    "note_export",
    "note_exported",
    "note_viewing",
    "open_document",
    "return_application",
    "save_draft",
    "start_correction",
    "start_draft",
    "withdraw_application",
    "write_note",
]
    "submit_answers",
    "submit_correction",
