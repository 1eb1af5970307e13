"""Make entries and wordings of what people asked: staff confirm, nobody else."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import TextChoices

from accounts.models import User
from faq.actions.authoring import (
    add_alternatives,
    check_writes,
    publish_revision,
    submit_revision,
    write_draft,
)
from faq.actions.clustering import settle_cluster
from faq.errors import LearnedAlready, ReviewedByItsAuthor
from faq.models import (
    Alternative,
    Cluster,
    Entry,
    Language,
    Origin,
    Question,
    Revision,
    Ticket,
)
from faq.retrieval.analysis import is_japanese
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
    wordings = [(question.text, _language_of(question)) for question in questions]
    return add_alternatives(
        entry, wordings[:MOST_WORDINGS], origin=Origin.CONFIRMED, by=by
    )


def _language_of(question: Question) -> str:
    """Return what it is written in; people ask in Japanese on an English page too."""
    is_foreign = question.language == Language.ENGLISH
    return (
        Language.JAPANESE
        if is_foreign and is_japanese(question.text)
        else question.language
    )


@transaction.atomic
def learn_entry(
    source: Cluster | Ticket,
    words: Mapping[str, Any],
    questions: Iterable[Question],
    *,
    then: str = Then.DRAFT,
    by: User,
) -> Revision:
    """Write a new entry that these questions find, and bring it as far as `then`.

    Of one cluster, or of one ticket, one entry is made; a cluster is settled with it.

    Raises:
        RoleMissing: `by` may not write, or not publish, for the body.
        LearnedAlready: somebody has made an entry of it.
        WordsUnusable, RevisionIncomplete: something is wrong or missing in the words.
        ReviewedByItsAuthor: the desk wants another to read it.
        AskedAlready: another entry has just this question.
    """
    check_writes(by, source.organization_id)
    if then == Then.PUBLISH and source.desk.needs_review:
        raise ReviewedByItsAuthor
    _hold(source)
    if made := learned_from(source):
        message = (
            f"ここからは、すでに項目「{made.code}」が作られています。"
            "その項目を開いてください。"
        )
        raise LearnedAlready(message)
    revision = write_draft(words, desk=source.desk, by=by)
    own = guarded(str(words.get("question", "")))
    others = [question for question in questions if question.text != own]
    learn_wordings(revision.entry, others, by=by)
    if then == Then.REVIEW:
        revision = submit_revision(revision, by=by)
    elif then == Then.PUBLISH:
        publish_revision(revision, by=by)
    source.learned_id = revision.entry_id
    source.save(update_fields=["learned_id"])
    if isinstance(source, Cluster):
        settle_cluster(source, Cluster.State.RESOLVED, by=by)
    return revision


def learned_from(source: Cluster | Ticket) -> Entry | None:
    """Return the entry that was made of it, unless that has been withdrawn."""
    if source.learned_id is None:
        return None
    made = Entry.objects.filter(
        organization_id=source.organization_id, pk=source.learned_id
    )
    return made.filter(withdrawn_at__isnull=True).first()


def _hold(source: Cluster | Ticket) -> None:
    """Wait for who makes an entry of it just now, and see which that is."""
    rows: Any = type(source)._meta.default_manager
    held = rows.filter(organization_id=source.organization_id, pk=source.pk)
    source.learned_id = (
        held.select_for_update(of=("self",)).values_list("learned_id", flat=True).get()
    )
