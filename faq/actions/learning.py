"""Make entries and wordings of what people asked: staff confirm, nobody else."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import TextChoices

from accounts.models import User
from faq.actions.authoring import (
    add_alternatives,
    publish_revision,
    submit_revision,
    write_draft,
)
from faq.errors import ReviewedByItsAuthor
from faq.models import Alternative, Desk, Entry, Origin, Question, Revision
from faq.retrieval.guard import guarded

# More wordings of one entry would only repeat each other.
MOST_WORDINGS = 20


class Then(TextChoices):
    """How far a new entry goes at once."""

    DRAFT = "draft", "下書きにする"
    REVIEW = "review", "下書きにして確認を頼む"
    PUBLISH = "publish", "公開する"


def learn_wordings(
    entry: Entry, questions: Iterable[Question], *, by: User
) -> list[Alternative]:
    """Let the entry be found by what people asked; return what it did not know.

    Raises:
        RoleMissing: `by` writes nothing for the body of the entry.
        AskedAlready: another entry has just this question.
    """
    wordings = [(question.text, question.language) for question in questions]
    return add_alternatives(
        entry, wordings[:MOST_WORDINGS], origin=Origin.CONFIRMED, by=by
    )


@transaction.atomic
def learn_entry(
    desk: Desk,
    words: Mapping[str, Any],
    questions: Iterable[Question],
    *,
    then: str = Then.DRAFT,
    by: User,
) -> Revision:
    """Write a new entry that these questions find, and bring it as far as `then`.

    Raises:
        RoleMissing: `by` may not write, or not publish, for the body.
        WordsUnusable, RevisionIncomplete: something is wrong or missing in the words.
        ReviewedByItsAuthor: the desk wants another to read it.
        AskedAlready: another entry has just this question.
    """
    if then == Then.PUBLISH and desk.needs_review:
        raise ReviewedByItsAuthor
    revision = write_draft(words, desk=desk, by=by)
    own = guarded(str(words.get("question", "")))
    others = [question for question in questions if question.text != own]
    learn_wordings(revision.entry, others, by=by)
    if then == Then.REVIEW:
        revision = submit_revision(revision, by=by)
    elif then == Then.PUBLISH:
        publish_revision(revision, by=by)
    return revision
