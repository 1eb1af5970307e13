"""What a body's own systems may do: fetch cases, accept, return, resume, decide."""

from typing import ClassVar, cast
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from applications.actions import (
    accept_application,
    decide_application,
    note_viewing,
    resume_application,
    return_application,
)
from applications.api.doors import CaseDoor, read, with_details
from applications.api.serializers import (
    ApplicationSummarySerializer,
    CaseSerializer,
    ReasonSerializer,
    RemarkSerializer,
    ReturnSerializer,
)
from applications.models import Application, Document
from applications.queries import changed_since
from applications.workflow import State
from foundation.strict import MomentField, Parameters, StrictSerializer
from organizations.models import Scope


class CaseParameters(Parameters):
    """Which cases are asked for."""

    state = serializers.ChoiceField(State.choices, required=False, help_text="状態")
    procedure = serializers.SlugField(
        required=False, max_length=50, help_text="手続コード"
    )
    changed_since = MomentField(
        required=False,
        help_text=(
            "この日時よりあとに動きのあった申請だけを返します。処理の途中だったものを"
            "もらさないよう、前回の取得より1分ほど前の日時にしてください。"
        ),
    )


@extend_schema(tags=["審査"])
@extend_schema_view(
    list=extend_schema(
        summary="受け付けた申請の一覧",
        description="自団体に届いた申請を、新しい順に返します。個人の情報は含みません。",
        parameters=[CaseParameters],
    ),
    retrieve=extend_schema(
        summary="1つの受け付けた申請",
        description="回答を含みます。閲覧したことが記録されます。",
    ),
)
class CaseViewSet(CaseDoor):
    """Cases of the body whose token it is."""

    required_scopes: ClassVar = {
        "list": Scope.CASES_READ,
        "retrieve": Scope.CASES_READ,
        "documents": Scope.CASES_READ,
        "document": Scope.CASES_READ,
        "accept": Scope.CASES_WRITE,
        "send_back": Scope.CASES_WRITE,
        "resume": Scope.CASES_WRITE,
        "complete": Scope.CASES_WRITE,
        "approve": Scope.CASES_WRITE,
        "reject": Scope.CASES_WRITE,
    }
    serializer_classes: ClassVar = {"retrieve": CaseSerializer}

    def get_queryset(self) -> QuerySet[Application]:
        """Return the body's own."""
        ours = Application.objects.visible_to(self.token).select_related(
            "organization", "offering__procedure"
        )
        if self.action != "list":
            return with_details(ours)
        asked = CaseParameters.of(self.request)
        if "state" in asked:
            ours = ours.filter(state=asked["state"])
        if "procedure" in asked:
            ours = ours.filter(offering__procedure__code=asked["procedure"])
        if "changed_since" in asked:
            body = cast("int", self.token.organization_id)
            ours = ours.filter(pk__in=changed_since(asked["changed_since"], body))
        return ours

    def retrieve(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Answer with the answers, and leave a trace of it."""
        application = self.get_object()
        note_viewing(application, via="api", by=self.token)
        return Response(self.get_serializer(application).data)

    @extend_schema(
        summary="受け付ける", request=None, responses=ApplicationSummarySerializer
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Take the case up."""
        return self._answer(accept_application(self.get_object(), by=self.token))

    @extend_schema(
        summary="補正を求める",
        description="申請者が直せるのは、`field_keys` に挙げた項目だけです。",
        request=ReturnSerializer,
        responses=ApplicationSummarySerializer,
    )
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Ask the applicant to correct the named answers by a day."""
        application = self.get_object()
        sent = read(ReturnSerializer, request)
        correction = return_application(application, **sent, by=self.token)
        return self._answer(correction.application)

    @extend_schema(
        summary="補正を待たずに審査を再開する",
        description=(
            "補正の依頼を終わらせ、届いている内容で審査を続けます。申請者が入力の途中"
            "だった補正は消え、補正を待たないことが申請者に知らされます。"
        ),
        request=None,
        responses=ApplicationSummarySerializer,
    )
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Examine it as it is, without the correction."""
        return self._answer(resume_application(self.get_object(), by=self.token))

    @extend_schema(
        summary="完了する",
        description="届出の手続を終えます。",
        request=RemarkSerializer,
        responses=ApplicationSummarySerializer,
    )
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Bring a 届出 to its end."""
        return self._decide("complete", RemarkSerializer)

    @extend_schema(
        summary="許可・承認する",
        request=RemarkSerializer,
        responses=ApplicationSummarySerializer,
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Grant it."""
        return self._decide("approve", RemarkSerializer)

    @extend_schema(
        summary="不許可・却下とする",
        examples=[
            OpenApiExample(
                "理由", value={"reason": "設置場所が区域の外のため"}, request_only=True
            )
        ],
        request=ReasonSerializer,
        responses=ApplicationSummarySerializer,
    )
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Refuse it, with the reason."""
        return self._decide("reject", ReasonSerializer)

    def note_opening(self, paper: Document) -> None:
        """Papers carry answers too."""
        note_viewing(paper.application, via="api", by=self.token)

    def _decide(self, event: str, asks: type[StrictSerializer]) -> Response:
        application = self.get_object()
        reason = read(asks, self.request)["reason"]
        return self._answer(
            decide_application(application, event, reason=reason, by=self.token)
        )

    def _answer(self, application: Application) -> Response:
        return Response(self.get_serializer(application).data)
