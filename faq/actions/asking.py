"""What a person does with the FAQ: ask, choose, say whether it helped."""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person
from faq.backends.language_models import rewritten
from faq.decision import MOST_CANDIDATES, Outcome
from faq.errors import EntryNotOffered, NobodyToAsk
from faq.masking import masked_question
from faq.models import Audience, Desk, Door, Language, Question, Verdict
from faq.queries.asked import offered_for
from faq.queries.finding import Answering, Asking, find
from faq.retrieval.guard import QUESTION_CHARACTERS
from foundation.identifiers import new_id
from foundation.numbering import inquiry_code
from foundation.tenancy.scope import capability_of, opened_by
from organizations.queries import PREFECTURE

# Whoever answers what no other desk of the prefecture answers.
EVERYTHING_ELSE = "administration"
# So much nearer another desk's entry may be before a topic is left. Source: 234 of the
# sample's questions in each of three topics: where another desk has the answer, wrong
# entries are shown to 6 %, without this rule to 23 %; where the topic has it, to 3 %.
TOPIC_MARGIN = 0.02
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2}")


class Conversation(NamedTuple):
    """Questions of one person in a row, and the secret that opens them."""

    id: UUID
    token: str


def begin_conversation() -> Conversation:
    """Return a new conversation, of which nothing is stored before the first question.

    Its secret is 問合せ番号: what is handed over is found again by it.
    """
    conversation_id = new_id()
    return Conversation(
        conversation_id, inquiry_code(conversation_id, settings.INQUIRY_KEYS[0])
    )


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """Around what a question is asked.

    Args:
        conversation: What it belongs to.
        door: Through which it came.
        place: Code of the municipality that the person named.
        language: In which the person reads.
        person: Who asks, if they have signed in.
    """

    conversation: Conversation
    door: str = Door.PAGE
    place: int | None = None
    language: str = Language.JAPANESE
    person: Person | None = None


def ask_question(text: str, *, asking: Asking, around: Circumstances) -> Question:
    """Find what answers the question, and keep the question without its person's data.

    Args:
        text: As typed.
        asking: Within what to look; with desks, these first where they are as near.
        around: Who asks, and where.

    Raises:
        QuestionEmpty: nothing readable was asked.
        NobodyToAsk: there is no desk that a question could be for.
    """
    found = _found(text, asking)
    desk = _desk_of(found, asking, around.place)
    answers = found.outcome == Outcome.ANSWER
    question = Question(
        organization_id=desk.organization_id,
        desk=desk,
        person=around.person,
        capability=capability_of(around.conversation.token),
        conversation=around.conversation.id,
        audience=asking.audience,
        door=around.door,
        place_id=around.place,
        text=masked_question(found.question)[:QUESTION_CHARACTERS],
        language=_language_of(found.question, around.language),
        outcome=found.outcome,
        confidence=found.confidence,
        found=_as_stored(found),
        answered_id=found.entries[0].pk if answers else None,
    )
    with opened_by(around.conversation.token):
        question.save(force_insert=True)
    return question


def _found(text: str, asking: Asking) -> Answering:
    """Look everywhere, and then with other words for the same; the topic goes first.

    Words that were not the person's own may lead to entries, but answer nothing.
    """
    everywhere = replace(asking, desks=())
    found = find(text, everywhere)
    if asking.desks:
        within = find(text, asking)
        found = within if _is_as_near(within, found) else found
    if found.outcome != Outcome.HAND_OVER or not (other := rewritten(found.question)):
        return found
    again = find(other, everywhere)
    if again.outcome == Outcome.HAND_OVER:
        return found
    return replace(again, question=found.question, outcome=Outcome.CANDIDATES)


def _is_as_near(within: Answering, found: Answering) -> bool:
    """Tell whether the topic has something that is no farther than all the rest."""
    if within.outcome == Outcome.HAND_OVER:
        return False
    if within.confidence is None or found.confidence is None:
        return True
    return within.confidence >= found.confidence - TOPIC_MARGIN


def _as_stored(found: Answering) -> list[dict[str, object]]:
    return [
        {"entry": str(match.id), "score": match.score, "cosine": match.cosine}
        for match in found.matches
    ]


def _desk_of(found: Answering, asking: Asking, place: int | None) -> Desk:
    """Return whose question it is; of what nothing answers, if the nearest agree."""
    nearest = [entry.desk for entry in found.entries[:MOST_CANDIDATES]]
    is_stray = found.outcome == Outcome.HAND_OVER and len(set(nearest)) > 1
    if not nearest or (is_stray and asking.audience == Audience.RESIDENT):
        return _desk_for_the_rest(asking, place)
    return nearest[0]


def _desk_for_the_rest(asking: Asking, place: int | None) -> Desk:
    """Return who answers what nobody else does: in the town chosen, if it has a desk.

    Raises:
        NobodyToAsk: there is none.
    """
    desks = Desk.objects.answering(asking.audience)
    if asking.audience == Audience.RESIDENT:
        of_all = (desks.filter(organization=body) for body in (place, PREFECTURE))
        desk = next(filter(None, map(_general_of, of_all)), None)
    else:
        desk = desks.filter(organization__in=asking.organizations).first()
    if desk is None:
        raise NobodyToAsk
    return desk


def _general_of(desks: QuerySet[Desk]) -> Desk | None:
    """Return the desk for everything else; where there is none, the first."""
    return desks.filter(code=EVERYTHING_ELSE).first() or desks.first()


def _language_of(question: str, reads: str) -> str:
    """Return the language to answer in: who asks in English reads English."""
    is_english = _LATIN.search(question) and not _JAPANESE.search(question)
    return Language.ENGLISH if is_english else reads


def held_question(question: Question) -> Question:
    """Read the question again, held until the transaction ends."""
    return (
        Question.objects.select_for_update(of=("self",))
        .select_related("desk")
        .get(organization_id=question.organization_id, pk=question.pk)
    )


def is_offered(question: Question, entry_id: UUID) -> bool:
    """Tell whether the entry is one of those that the question was offered."""
    return entry_id in offered_for(question)


@transaction.atomic
def choose_entry(question: Question, entry_id: UUID | None) -> Question:
    """Note which of the offered entries the person opened; None: no one fits.

    It proposes to staff and changes no ranking. After the verdict it stays.

    Raises:
        EntryNotOffered: it is none of those.
    """
    if entry_id is not None and not is_offered(question, entry_id):
        raise EntryNotOffered
    if entry_id is None:
        return judge_answer(question, Verdict.UNSOLVED)
    question = held_question(question)
    if not question.verdict:
        question.chosen_id = entry_id
        question.save(update_fields=["chosen_id"])
    return question


@transaction.atomic
def judge_answer(question: Question, verdict: str) -> Question:
    """Note whether it helped, once a question; it changes no ranking."""
    question = held_question(question)
    if not question.verdict:
        question.verdict = verdict
        question.judged_at = timezone.now()
        question.save(update_fields=["verdict", "judged_at"])
    return question
