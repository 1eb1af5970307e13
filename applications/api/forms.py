"""The questions of an offering, for programs that ask them themselves."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications.api.serializers import RevisionSerializer
from applications.formspec import Field, FormSpec, Page
from applications.models import FormRevision
from applications.queries import current_revision, spec_of
from procedures.models import Offering

_CONDITION = {
    "type": ["object", "null"],
    "description": (
        "この条件（JSONLogic）を満たすときだけたずねます。いつもたずねるときは null"
    ),
}


class QuestionSerializer(serializers.Serializer[Field]):
    """One question."""

    key = serializers.CharField(help_text="回答を送るときの名前")
    label = serializers.CharField(help_text="質問文")  # type: ignore[assignment]
    hint = serializers.CharField(help_text="入力のてびき（ないときは空）")
    why = serializers.CharField(help_text="たずねる理由（ないときは空）")
    required = serializers.BooleanField(  # type: ignore[assignment]
        help_text="必ず答える質問か"
    )
    visible_when = serializers.SerializerMethodField()
    schema = serializers.SerializerMethodField(help_text="回答の JSON Schema")
    options = serializers.SerializerMethodField(
        help_text="選べる値と、その日本語（選ぶ質問だけ）"
    )

    @extend_schema_field(_CONDITION)
    def get_visible_when(self, field: Field) -> Any:
        return field.visible_when

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_schema(self, field: Field) -> dict[str, Any]:
        return field.schema()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_options(self, field: Field) -> dict[str, str]:
        return dict(getattr(field, "labels", {}))


class PageSerializer(serializers.Serializer[Page]):
    """Questions that are asked together."""

    slug = serializers.CharField(help_text="ページの名前")
    title = serializers.CharField(help_text="見出し")
    hint = serializers.CharField(help_text="説明（ないときは空）")
    visible_when = serializers.SerializerMethodField()
    questions = QuestionSerializer(source="fields", many=True, help_text="質問")

    @extend_schema_field(_CONDITION)
    def get_visible_when(self, page: Page) -> Any:
        return page.visible_when


class FormSerializer(serializers.Serializer[FormSpec]):
    """A form (様式): what is asked, why, and what the sender declares."""

    title = serializers.CharField(help_text="様式の名前")
    purpose = serializers.CharField(help_text="利用目的")
    minutes = serializers.IntegerField(help_text="入力にかかるおよその時間（分）")
    documents_needed = serializers.ListField(
        child=serializers.CharField(), help_text="用意するもの"
    )
    declaration = serializers.CharField(help_text="送信することで表明すること")
    revision = serializers.SerializerMethodField(help_text="様式の版")
    pages = PageSerializer(many=True, help_text="ページ（たずねる順）")

    @extend_schema_field(RevisionSerializer)
    def get_revision(self, spec: FormSpec) -> Any:
        del spec
        return RevisionSerializer(self.context["revision"]).data


class SchemaRenderer(JSONRenderer):
    """JSON under the name that JSON Schema has."""

    media_type = "application/schema+json"
    format = "schema"


@extend_schema(tags=["受付"])
class FormView(APIView):
    """The questions of an offering; anyone may ask."""

    permission_classes = (AllowAny,)

    @extend_schema(summary="質問（様式）", responses=FormSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002
        """Answer with the pages, their questions, and how each is answered."""
        revision = _revision(pk)
        spec = spec_of(revision.pk)
        return Response(FormSerializer(spec, context={"revision": revision}).data)


@extend_schema(tags=["受付"])
class SchemaView(APIView):
    """The contract of the answers; anyone may ask."""

    permission_classes = (AllowAny,)
    renderer_classes = (SchemaRenderer, JSONRenderer)

    @extend_schema(
        summary="回答の JSON Schema",
        description=(
            "申請の `answers` の形（JSON Schema 2020-12）。この形のとおりでなくても、"
            "画面と同じように読み取れる書き方（和暦の日付、全角の数字など）は受け取ります。"
        ),
        responses={(200, "application/schema+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Answer with the JSON Schema of what is filed."""
        schema = spec_of(_revision(pk).pk).schema()
        return Response({**schema, "$id": request.build_absolute_uri()})


def _revision(offering_id: UUID) -> FormRevision:
    offering = get_object_or_404(Offering.objects.published(), pk=offering_id)
    revision = current_revision(offering.procedure_id)
    if revision is None:
        raise Http404
    return revision
