"""What a person's own programs may do: file, follow, correct, withdraw."""

from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity import OF_TOKEN
from applications.actions import (
    open_document,
    submit_answers,
    submit_correction,
    withdraw_application,
)
from applications.api.doors import CaseDoor, read, with_details
from applications.api.serializers import (
    AnswersSerializer,
    ApplicationSerializer,
    ApplicationSummarySerializer,
    FilingSerializer,
    ReasonSerializer,
)
from applications.errors import OfferingUnknown
from applications.models import Application, Document
from applications.queries import applications_of
from applications.workflow import State
from foundation.strict import Parameters
from organizations.models import Scope

if TYPE_CHECKING:
    from accounts.models import Person

_KEY = OpenApiParameter(
    "Idempotency-Key",
    UUID,
    OpenApiParameter.HEADER,
    required=True,
    description=(
        "申請ごとに新しく作る UUID。返事が届かなかったときは、同じ値と同じ内容で"
        "もう一度送信してください。二重に申請されることはありません。"
        "別の受付や別の内容には使えません（409）。"
    ),
)
_NO_KEY = "Idempotency-Key ヘッダーに、この申請のために作った UUID を入れてください。"


class FilingParameters(Parameters):
    """Which of one's applications are asked for."""

    state = serializers.ChoiceField(State.choices, required=False, help_text="状態")


@extend_schema(tags=["申請"])
@extend_schema_view(
    list=extend_schema(
        summary="自分の申請の一覧",
        description="新しい順に返します。回答は含みません。",
        parameters=[FilingParameters],
    ),
    retrieve=extend_schema(
        summary="1つの申請",
        description="回答、あゆみ、文書、待っている補正を含みます。",
    ),
)
class ApplicationViewSet(CaseDoor):
    """Applications of the person whose token it is."""

    required_scopes: ClassVar = {
        "list": Scope.APPLICATIONS_READ,
        "retrieve": Scope.APPLICATIONS_READ,
        "documents": Scope.APPLICATIONS_READ,
        "document": Scope.APPLICATIONS_READ,
        "create": Scope.APPLICATIONS_WRITE,
        "correct": Scope.APPLICATIONS_WRITE,
        "withdraw": Scope.APPLICATIONS_WRITE,
    }
    serializer_classes: ClassVar = dict.fromkeys(
        ("retrieve", "create", "correct"), ApplicationSerializer
    )

    def get_queryset(self) -> QuerySet[Application]:
        """Return the person's own, over all bodies."""
        mine = applications_of(self.token.person_id)
        if self.action == "list":
            return mine.filter(**FilingParameters.of(self.request))
        return with_details(mine)

    @extend_schema(
        summary="申請する",
        description=(
            "受付の質問への回答を送り、申請します。画面から申請したときと同じ規則で確かめ、"
            "直すところがあれば、項目ごとに 422 でお知らせします。何も保存されません。"
        ),
        parameters=[_KEY],
        request=FilingSerializer,
        responses={
            201: ApplicationSerializer,
            200: OpenApiResponse(
                ApplicationSerializer,
                description="同じ Idempotency-Key で、すでに申請されています。",
            ),
        },
    )
    def create(self, request: Request) -> Response:
        """File the answers; the same key again finds what was filed."""
        sent = read(FilingSerializer, request)
        key = _idempotency_key(request)
        try:
            filing = submit_answers(
                sent["offering"],
                sent["answers"],
                key=key,
                person=cast("Person", self.token.person),
                by=self.token,
                not_my_number=sent["not_my_number"],
            )
        except OfferingUnknown as error:
            raise ValidationError({"offering": [str(error)]}) from error
        answer = self._detail(filing.application)
        status = 201 if filing.is_new else 200
        return Response(answer, status=status, headers={"Location": answer["url"]})

    @extend_schema(
        summary="補正する",
        description="補正を求められた項目の、新しい回答を送ります。ほかの回答は変わりません。",
        request=AnswersSerializer,
        responses=ApplicationSerializer,
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Send what was asked to be corrected."""
        application = self.get_object()
        sent = read(AnswersSerializer, request)
        filing = submit_correction(
            application,
            sent["answers"],
            by=self.token,
            not_my_number=sent["not_my_number"],
        )
        return Response(self._detail(filing.application))

    @extend_schema(
        summary="取り下げる",
        examples=[
            OpenApiExample(
                "理由", value={"reason": "引っ越しをやめたため"}, request_only=True
            )
        ],
        request=ReasonSerializer,
        responses=ApplicationSummarySerializer,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Take the application back before it is decided."""
        application = self.get_object()
        reason = read(ReasonSerializer, request)["reason"]
        withdrawn = withdraw_application(
            application, reason=reason, by=self.token, identity=OF_TOKEN
        )
        return Response(self.get_serializer(withdrawn).data)

    def note_opening(self, paper: Document) -> None:
        """A notice counts as received from its first opening."""
        open_document(paper, by=self.token)

    def _detail(self, application: Application) -> Any:
        found = self.get_queryset().get(pk=application.pk)
        return self.get_serializer(found).data


def _idempotency_key(request: Request) -> UUID:
    try:
        return UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError as error:
        raise ValidationError({"Idempotency-Key": [_NO_KEY]}) from error
