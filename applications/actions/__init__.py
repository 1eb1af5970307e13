"""What people do with applications, each in one function and one transaction."""

from applications.actions.drafts import (
    discard_draft,
    purge_expired_drafts,
    save_draft,
    save_page,
    start_draft,
)
from applications.actions.exporting import note_export, note_exported
from applications.actions.filing import (
    correct_application,
    file_application,
    start_correction,
    withdraw_application,
)
from applications.actions.moving import move_late_arrival, move_open_applications
from applications.actions.papers import open_document
from applications.actions.publishing import publish_form
from applications.actions.rendering import render_due_documents
from applications.actions.review import (
    OUTCOMES,
    accept_application,
    assign_application,
    decide_application,
    resume_application,
    return_application,
    write_note,
)
from applications.actions.submissions import submit_answers, submit_correction
from applications.actions.viewing import note_viewing

__all__ = [
    "OUTCOMES",
    "accept_application",
    "assign_application",
    "correct_application",
    "decide_application",
    "discard_draft",
    "file_application",
    "move_late_arrival",
    "move_open_applications",
    "note_export",
    "note_exported",
    "note_viewing",
    "open_document",
    "publish_form",
    "purge_expired_drafts",
    "render_due_documents",
    "resume_application",
    "return_application",
    "save_draft",
    "save_page",
    "start_correction",
    "start_draft",
    "submit_answers",
    "submit_correction",
    "withdraw_application",
    "write_note",
]
