"""Ask, say whether it helped, and hand over: with a secret of the conversation."""

from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import GenericViewSet

from faq.actions.asking import (
    Circumstances,
    ask_question,
    begin_conversation,
    choose_entry,
    judge_answer,
)
from faq.actions.handing import hand_over
from faq.api.answered import Asked, AskedSerializer, JudgedSerializer, TicketSerializer
from faq.api.doors import check_audience
from faq.api.sent import AskingSerializer, FeedbackSerializer, HandoverSerializer
from faq.decision import MOST_CANDIDATES, Outcome
from faq.models import (
    Audience,
    Desk,
    Door,
    Entry,
    Question,
)
from faq.queries.finding import Asking, asking_as_resident, asking_as_staff, readable
from foundation.tenancy.scope import capability_of, opened_by
from foundation.throttling import AnonymousThrottle, TokenThrottle

if TYPE_CHECKING:
    from organizations.models import ApiToken

_UNKNOWN_TOPIC = "相談窓口の一覧にある `id` を指定してください。"


class AnonymousAsking(AnonymousThrottle):
    """One line; each question costs an encoding."""

    scope = "anonymous_asking"


class TokenAsking(TokenThrottle):
    """One token; each question costs an encoding."""

    scope = "token_asking"


class AnonymousHanding(AnonymousThrottle):
    """One line; each ticket costs somebody's time."""

    scope = "anonymous_handing"


class TokenHanding(TokenThrottle):
    """One token; each ticket costs somebody's time."""

    scope = "token_handing"


@extend_schema(tags=["FAQ"])
class QuestionViewSet(GenericViewSet[Question]):
    """Questions; what is opened again is opened by the conversation's secret."""

    permission_classes = (AllowAny,)
    queryset = Question.objects.none()
    lookup_value_converter = "uuid"
    throttled_by: ClassVar[dict[str, tuple[type[BaseThrottle], ...]]] = {
        "create": (AnonymousAsking, TokenAsking),
        "handover": (AnonymousHanding, TokenHanding),
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
            ticket, is_new = hand_over(
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
