"""Read applications: for pages, for staff, and for the floors above."""

from applications.queries.filings import (
    application_by_number,
    application_in,
    applications_of,
    documents_of,
    draft_in,
    drafts_of,
    goes_by_post,
    inquiry_code_of,
    latest_answers,
    open_corrections,
    remedies_of,
    was_called_off,
)
from applications.queries.forms import (
    asked_of,
    asks_for_online_notice,
    current_revision,
    review_digest,
    spec_of,
    spec_of_draft,
    wishes_online_notice,
)
from applications.queries.papers import backlog
from applications.queries.progress import (
    TimelineEntry,
    days_left,
    due_again,
    timeline,
)
from applications.queries.summaries import (
    ApplicationSummary,
    application_summary,
    changed_since,
    correction_due_on,
)
from applications.queries.workload import Workload, workload_of

__all__ = [
    "ApplicationSummary",
    "TimelineEntry",
    "Workload",
    "application_by_number",
    "application_in",
    "application_summary",
    "applications_of",
    "asked_of",
    "asks_for_online_notice",
    "backlog",
    "changed_since",
    "correction_due_on",
    "current_revision",
    "days_left",
    "documents_of",
    "draft_in",
    "drafts_of",
    "due_again",
    "goes_by_post",
    "inquiry_code_of",
    "latest_answers",
    "open_corrections",
    "remedies_of",
    "review_digest",
    "spec_of",
    "spec_of_draft",
    "timeline",
    "was_called_off",
    "wishes_online_notice",
    "workload_of",
]
