"""What the API says of a question, of what was said of it, and of a ticket."""

from typing import Any, NamedTuple

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from faq.actions.asking import Conversation
from faq.api.desks import DeskSerializer
from faq.api.serializers import ContactSerializer, EntrySerializer, contacts_in_words
from faq.decision import MOST_CANDIDATES, Outcome
from faq.models import Entry, Language, Question, Ticket
from faq.safety import contacts_for


class ConversationKeySerializer(serializers.Serializer[Any]):
    """What goes on with the conversation."""

    id = serializers.UUIDField(help_text="会話の番号")
    token = serializers.CharField(
        help_text="会話の鍵（問合せ番号）。評価、引継ぎ、続きの質問に使います。"
    )


class Asked(NamedTuple):
    """A question as it was answered."""

    question: Question
    conversation: Conversation
    entries: list[Entry]


def _answers(asked: Asked) -> bool:
    return asked.question.outcome == Outcome.ANSWER and bool(asked.entries)


class AskedSerializer(serializers.Serializer[Asked]):
    """What a question meets: an answer, up to three candidates, or a desk."""

    id = serializers.UUIDField(source="question.id", help_text="質問の番号")
    conversation = ConversationKeySerializer(help_text="会話")
    outcome = serializers.ChoiceField(
        Outcome.choices, source="question.outcome", help_text="結果"
    )
    outcome_label = serializers.CharField(
        source="question.get_outcome_display", help_text="結果の日本語"
    )
    language = serializers.ChoiceField(
        Language.choices, source="question.language", help_text="返事の言語"
    )
    confidence = serializers.FloatField(
        source="question.confidence",
        allow_null=True,
        help_text="確信度（-1〜1）。言葉だけで比べたときは null",
    )
    answer = serializers.SerializerMethodField(
        help_text="回答。結果が `answer` でないときは null"
    )
    candidates = serializers.SerializerMethodField(
        help_text="候補（3つまで）。結果が `candidates` のときだけ"
    )
    contacts = serializers.SerializerMethodField(
        help_text="期限や危険にかかわるとき、すぐに電話できる公的な連絡先"
    )
    desk = DeskSerializer(source="question.desk", help_text="受け持つ相談窓口")
    feedback = serializers.SerializerMethodField(help_text="評価を送るアドレス")
    handover = serializers.SerializerMethodField(help_text="窓口へ引継ぐアドレス")

    @extend_schema_field(EntrySerializer(allow_null=True))
    def get_answer(self, asked: Asked) -> Any:
        return self._entries(asked, Outcome.ANSWER, 1)[0] if _answers(asked) else None

    @extend_schema_field(EntrySerializer(many=True))
    def get_candidates(self, asked: Asked) -> Any:
        return self._entries(asked, Outcome.CANDIDATES, MOST_CANDIDATES)

    @extend_schema_field(ContactSerializer(many=True))
    def get_contacts(self, asked: Asked) -> Any:
        numbers = [str(number) for number in contacts_for(asked.question.text)]
        if asked.entries and asked.question.outcome != Outcome.HAND_OVER:
            live: Any = asked.entries[0].live
            numbers += [number for number in live.contacts if number not in numbers]
        return contacts_in_words(numbers)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_feedback(self, asked: Asked) -> str:
        return self._address("feedback", asked)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_handover(self, asked: Asked) -> str:
        return self._address("handover", asked)

    def _entries(self, asked: Asked, outcome: str, most: int) -> Any:
        if asked.question.outcome != outcome:
            return []
        context = {**self.context, "language": asked.question.language}
        return EntrySerializer(asked.entries[:most], many=True, context=context).data

    def _address(self, name: str, asked: Asked) -> str:
        return reverse(
            f"api-faq-question-{name}",
            kwargs={"pk": asked.question.pk},
            request=self.context["request"],
        )


class JudgedSerializer(serializers.ModelSerializer[Question]):
    """What was said of an answer."""

    entry = serializers.UUIDField(
        source="chosen_id",
        allow_null=True,
        read_only=True,
        help_text="選んだ項目。ないときは null",
    )
    verdict = serializers.SerializerMethodField(
        help_text="`solved`（役に立った）か `unsolved`（解決せず）。まだのときは null"
    )

    class Meta:
        model = Question
        fields = ("id", "entry", "verdict")

    @extend_schema_field({"type": ["string", "null"]})
    def get_verdict(self, question: Question) -> str | None:
        return question.verdict or None


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    """A question in the hands of a desk (引継ぎの相談)."""

    state_label = serializers.CharField(
        source="get_state_display", read_only=True, help_text="状態の日本語"
    )
    desk = DeskSerializer(read_only=True, help_text="返事をする相談窓口")

    class Meta:
        model = Ticket
        fields = ("number", "state", "state_label", "opened_at", "due_on", "desk")
