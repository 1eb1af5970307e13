"""What both doors share: one case within reach, its papers, its refusals."""

from typing import Any, ClassVar, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from applications.api.serializers import (
    ApplicationSummarySerializer,
    DocumentSerializer,
)
from applications.errors import AnswersIncomplete, CorrectionNotPossible, PdfNotMade
from applications.models import Application, Document
from applications.queries import documents_of
from foundation.openapi import REFERENCE
from foundation.paging import NewestFirst
from organizations.models import ApiToken


def read(
    serializer_class: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    """Return what was sent, as the serializer reads it.

    Raises:
        ValidationError: names each value that cannot be used.
    """
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    sent: dict[str, Any] = serializer.validated_data
    return sent


def with_details(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Fetch along what only the page of one application shows."""
    return applications.select_related("department", "revision").defer(
        "revision__document"
    )


class DiskAway(APIException):
    """The folder of papers does not answer."""

    status_code = 503
    default_detail = (
        "いまPDFを取り出せません。少し待ってから、もう一度取得してください。"
    )
    wait = 60


class PdfRenderer(BaseRenderer):
    """Names the media type, so that a caller may ask for it; the file is sent as is."""

    media_type = "application/pdf"
    format = "pdf"


class CaseDoor(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Application]
):
    """A list of applications within reach, and each with its papers."""

    pagination_class = NewestFirst
    queryset = Application.objects.none()
    lookup_value_converter = "uuid"
    serializer_classes: ClassVar[dict[str, type[ApplicationSummarySerializer]]] = {}

    @property
    def token(self) -> ApiToken:
        """The token that the request came with."""
        return cast("ApiToken", self.request.auth)

    def get_serializer_class(self) -> type[ApplicationSummarySerializer]:
        return self.serializer_classes.get(self.action, ApplicationSummarySerializer)

    def handle_exception(self, exc: Exception) -> Any:
        """Name what cannot be used as what was sent names it."""
        if isinstance(exc, AnswersIncomplete | CorrectionNotPossible):
            errors: Any = {name: [said] for name, said in exc.errors.items()}
            is_answers = isinstance(exc, AnswersIncomplete)
            exc = ValidationError({"answers": errors} if is_answers else errors)
        return super().handle_exception(exc)

    @extend_schema(
        summary="文書の一覧",
        description="PDFのアドレスと SHA-256 を含みます。",
        responses=DocumentSerializer(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def documents(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """List the papers of the case."""
        papers = documents_of(self.get_object())
        context = self.get_serializer_context()
        return Response(DocumentSerializer(papers, many=True, context=context).data)

    @extend_schema(
        summary="文書のPDF",
        description="受け取ったPDFの SHA-256 を、文書の一覧のものと比べてください。",
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (409, "application/problem+json"): OpenApiResponse(
                REFERENCE, description="PDFを作っているところです。"
            ),
        },
    )
    @action(
        detail=True,
        url_path="documents/<uuid:document_id>/pdf",
        renderer_classes=[PdfRenderer, JSONRenderer],
    )
    def document(self, request: Request, pk: UUID, document_id: UUID) -> FileResponse:  # noqa: ARG002
        """Hand out one paper as PDF, and note that it was opened."""
        application = self.get_object()
        paper = get_object_or_404(
            Document.objects.filter(organization_id=application.organization_id),
            application=application,
            pk=document_id,
        )
        if not paper.file:
            raise PdfNotMade
        try:
            file = paper.file.open()
        except OSError as error:
            raise DiskAway from error
        self.note_opening(paper)
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"{paper.get_kind_display()}_{application.number}.pdf",
            content_type="application/pdf",
        )

    def note_opening(self, paper: Document) -> None:
        """Write down that the paper was handed out."""
        raise NotImplementedError
