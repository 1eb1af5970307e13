"""Write an entry, have it read by another, publish it, take it back."""

from faq.actions.authoring.drafts import (
    WORDS,
    WRITERS,
    check_writes,
    restore_revision,
    words_of,
    write_draft,
)
from faq.actions.authoring.reviewing import (
    PUBLISHERS,
    check_publishes,
    decline_revision,
    missing_in,
    publish_revision,
    submit_revision,
    withdraw_entry,
)
from faq.actions.authoring.wording import add_alternatives, remove_alternative

__all__ = [
    "PUBLISHERS",
    "WORDS",
    "WRITERS",
    "add_alternatives",
    "check_publishes",
    "check_writes",
    "decline_revision",
    "missing_in",
    "publish_revision",
    "remove_alternative",
    "restore_revision",
    "submit_revision",
    "withdraw_entry",
    "words_of",
    "write_draft",
]
