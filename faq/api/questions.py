"""Ask, say whether it helped, and hand over: with a secret of the conversation."""

import hmac
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast
from uuid import UUID

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import GenericViewSet

from faq.actions.asking import (
    Circumstances,
    Conversation,
    ask_question,
    begin_conversation,
    choose_entry,
    judge_answer,
)
from faq.actions.handing import MESSAGE_CHARACTERS, hand_over
from faq.api.desks import DeskSerializer
from faq.api.doors import WRITTEN, audience_field, check_audience
from faq.api.serializers import (
    ContactSerializer,
    EntrySerializer,
    contacts_in_words,
)
from faq.decision import MOST_CANDIDATES, Outcome
from faq.models import (
    Audience,
    Desk,
    Door,
    Entry,
    Language,
    Question,
    Ticket,
    Verdict,
)
from faq.queries.asked import ticket_of
from faq.queries.finding import Asking, asking_as_resident, asking_as_staff, readable
from faq.retrieval.guard import QUESTION_CHARACTERS
from faq.safety import contacts_for
from foundation.numbering import inquiry_code
from foundation.strict import StrictSerializer
from foundation.tenancy.scope import capability_of, opened_by
from foundation.throttling import AnonymousThrottle, TokenThrottle
from organizations.queries import organization_names

if TYPE_CHECKING:
    from organizations.models import ApiToken

_UNKNOWN_PLACE = "県内の市町村の団体コードを指定してください。"
_UNKNOWN_TOPIC = "相談窓口の一覧にある `id` を指定してください。"
_WRONG_CONVERSATION = "会話の `id` と `token` を、前の返事のとおりに送ってください。"
_NOTHING_SAID = "`verdict` か `entry` のどちらかを送ってください。"


class AnonymousAsking(AnonymousThrottle):
    """One line; each question costs an encoding."""

    scope = "anonymous_asking"


class TokenAsking(TokenThrottle):
    """One token; each question costs an encoding."""

    scope = "token_asking"


class AnonymousHanding(AnonymousThrottle):
    """One line; each ticket costs somebody's time."""

    scope = "anonymous_handing"


class ConversationSerializer(StrictSerializer):
    """An earlier question's conversation."""

    id = serializers.UUIDField(help_text="会話の番号")
    token = serializers.CharField(max_length=100, help_text="会話の鍵")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "住民の質問",
            value={
                "text": "訪問販売で契約した布団を、クーリング・オフしたい",
                "place": 392022,
            },
            request_only=True,
        )
    ]
)
class AskingSerializer(StrictSerializer):
    """A question, and from whom."""

    text = serializers.CharField(
        max_length=QUESTION_CHARACTERS,
        help_text=(
            "質問。電話番号やマイナンバーなど、個人の情報は入れないでください。"
            "保存する前に伏せ字にします。"
        ),
    )
    audience = audience_field()
    place = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=999_999,
        help_text="質問する人の市町村の団体コード（6けた）。県とこの市町村の項目が答えます。",
    )
    language = serializers.ChoiceField(
        WRITTEN,
        default=Language.JAPANESE,
        help_text="返事の言語。英語だけの質問には英語で返します。",
    )
    topic = serializers.UUIDField(
        required=False, help_text="先にさがす相談窓口の `id`（話題の続きのとき）"
    )
    conversation = ConversationSerializer(
        required=False,
        help_text="前の質問の `conversation`。続けてたずねるときに送ります。",
    )

    def validate_place(self, place: int) -> int:
        """Know the body."""
        if place not in organization_names():
            raise serializers.ValidationError(_UNKNOWN_PLACE)
        return place

    def validate_conversation(self, given: dict[str, Any]) -> Conversation:
        """Check that the secret is the conversation's."""
        for key in settings.INQUIRY_KEYS:
            code = inquiry_code(given["id"], key)
            if hmac.compare_digest(code.encode(), given["token"].encode()):
                return Conversation(given["id"], code)
        raise serializers.ValidationError(_WRONG_CONVERSATION)


class TokenSerializer(StrictSerializer):
    """The secret that opens a question."""

    token = serializers.CharField(
        max_length=100, help_text="質問の返事にあった `conversation.token`"
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "役に立った",
            value={"token": "ABCD2345EFGH6789", "verdict": "solved"},
            request_only=True,
        )
    ]
)
class FeedbackSerializer(TokenSerializer):
    """Whether it helped, or which of those offered was meant."""

    verdict = serializers.ChoiceField(
        Verdict.choices, required=False, help_text="役に立ったか"
    )
    entry = serializers.UUIDField(required=False, help_text="候補から選んだ項目の `id`")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two."""
        if "verdict" not in attrs and "entry" not in attrs:
            raise serializers.ValidationError(_NOTHING_SAID)
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "返事をメールで受け取る",
            value={
                "token": "ABCD2345EFGH6789",
                "message": "契約したのは先週です。",
                "email": "hanako@example.jp",
            },
            request_only=True,
        )
    ]
)
class HandoverSerializer(TokenSerializer):
    """What the person adds for the desk."""

    message = serializers.CharField(
        max_length=MESSAGE_CHARACTERS,
        required=False,
        allow_blank=True,
        default="",
        help_text="窓口への説明（なくてもよい）",
    )
    email = serializers.EmailField(
        max_length=254,
        required=False,
        allow_blank=True,
        default="",
        help_text="返事の宛先。なければ、会話の鍵（問合せ番号）で画面から読めます。",
    )


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
        if _answers(asked):
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


@extend_schema(tags=["FAQ"])
class QuestionViewSet(GenericViewSet[Question]):
    """Questions; what is opened again is opened by the conversation's secret."""

    permission_classes = (AllowAny,)
    queryset = Question.objects.none()
    lookup_value_converter = "uuid"
    throttled_by: ClassVar[dict[str, tuple[type[BaseThrottle], ...]]] = {
        "create": (AnonymousAsking, TokenAsking),
        "handover": (AnonymousHanding,),
    }

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what costs more apart, besides the usual."""
        dear = self.throttled_by.get(self.action, ())
        return [*super().get_throttles(), *(throttle() for throttle in dear)]

    @extend_schema(
        summary="質問する",
        description=(
            "公開された項目から答えをさがします。`answer` のときは1つの回答、"
            "`candidates` のときは3つまでの候補、`hand_over` のときは受け持つ窓口を"
            "返します。回答は、窓口の職員が書いた文のままです。"
        ),
        request=AskingSerializer,
        responses={201: AskedSerializer},
    )
    def create(self, request: Request) -> Response:
        """Find what answers."""
        sent = _read(AskingSerializer, request)
        check_audience(request, sent["audience"])
        asking = _asking(request, sent)
        conversation = sent.get("conversation") or begin_conversation()
        question = ask_question(
            sent["text"],
            asking=asking,
            around=Circumstances(
                conversation=conversation,
                door=Door.API,
                place=sent.get("place"),
                language=sent["language"],
            ),
        )
        asked = Asked(question, conversation, _shown(question, asking))
        answer = AskedSerializer(asked, context=self.get_serializer_context()).data
        return Response(answer, status=201)

    @extend_schema(
        summary="役に立ったかを送る",
        description=(
            "はじめに送った評価が残ります。同じものを何度送っても変わりません。"
            "検索の順位は変わらず、職員が改善の参考にします。"
        ),
        request=FeedbackSerializer,
        responses=JudgedSerializer,
    )
    @action(detail=True, methods=["post"])
    def feedback(self, request: Request, pk: UUID) -> Response:
        """Note what the person says of the answer."""
        sent = _read(FeedbackSerializer, request)
        with opened_by(sent["token"]):
            question = _opened(request, pk, sent["token"])
            if "entry" in sent:
                question = choose_entry(question, sent["entry"])
            if "verdict" in sent:
                question = judge_answer(question, sent["verdict"])
        return Response(JudgedSerializer(question).data)

    @extend_schema(
        summary="窓口へ引継ぐ",
        description=(
            "質問と会話の記録を窓口の職員に渡します。1つの質問から作られる相談は1つだけ"
            "で、もう一度送ると同じ相談を返します（200）。"
        ),
        request=HandoverSerializer,
        responses={
            201: TicketSerializer,
            200: OpenApiResponse(TicketSerializer, description="引継ぎ済みです。"),
        },
    )
    @action(detail=True, methods=["post"])
    def handover(self, request: Request, pk: UUID) -> Response:
        """Give the question to the people of the desk."""
        sent = _read(HandoverSerializer, request)
        with opened_by(sent["token"]):
            question = _opened(request, pk, sent["token"])
            is_new = ticket_of(question) is None
            ticket = hand_over(
                question,
                message=sent["message"],
                contact_email=sent["email"],
                by=cast("ApiToken | None", request.auth),
            )
        answer = TicketSerializer(ticket).data
        return Response(answer, status=201 if is_new else 200)


def _read(
    serializer_class: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    sent: dict[str, Any] = serializer.validated_data
    return sent


def _asking(request: Request, sent: dict[str, Any]) -> Asking:
    """Return within what to look.

    Raises:
        ValidationError: the desk answers nobody of this audience.
    """
    topic = [sent["topic"]] if "topic" in sent else []
    is_staff = sent["audience"] == Audience.STAFF
    if topic:
        desks = Desk.objects.answering(sent["audience"])
        desks = desks.visible_to(request.auth) if is_staff else desks
        if not desks.filter(pk__in=topic).exists():
            raise ValidationError({"topic": [_UNKNOWN_TOPIC]})
    if is_staff:
        return asking_as_staff(request.auth, desks=topic)
    return asking_as_resident(sent["text"], place=sent.get("place"), desks=topic)


def _shown(question: Question, asking: Asking) -> list[Entry]:
    """Return the entries to show, best first, read once more as they are now."""
    if question.outcome == Outcome.HAND_OVER:
        return []
    keys = [row["entry"] for row in question.found[:MOST_CANDIDATES]]
    rows = (
        readable(asking)
        .filter(pk__in=keys)
        .select_related("live__procedure", "desk", "organization")
    )
    known = {str(entry.pk): entry for entry in rows}
    return [known[key] for key in keys if key in known]


def _answers(asked: Asked) -> bool:
    return asked.question.outcome == Outcome.ANSWER and bool(asked.entries)


def _opened(request: Request, pk: UUID, token: str) -> Question:
    """Return the question that the secret opens; within its scope.

    Raises:
        Http404: there is none, or the secret is not its own.
    """
    question = (
        Question.objects.select_related("desk__department", "organization")
        .filter(pk=pk, capability=capability_of(token))
        .first()
    )
    if question is None:
        raise Http404
    check_audience(request, question.audience)
    return question
