"""What the API says of an application, and what it reads."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.reverse import reverse

from applications.models import Application, Correction, Document, FormRevision
from applications.queries import (
    documents_of,
    goes_by_post,
    inquiry_code_of,
    latest_answers,
    open_corrections,
    remedies_of,
    spec_of,
    timeline,
)
from foundation.strict import StrictSerializer
from organizations.api import OrganizationSerializer
from procedures.api import OfficeSerializer, ProcedureNameSerializer

_NOT_ANSWERS = "項目の key をキー、回答を値とするオブジェクトにしてください。"


class RowSerializer(serializers.Serializer[Any]):
    """One answer in words."""

    key = serializers.CharField(help_text="項目の key")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="項目の名前"
    )
    lines = serializers.ListField(
        child=serializers.CharField(), help_text="回答（行ごと）"
    )


class SectionSerializer(serializers.Serializer[Any]):
    """Answers that belong together, in words."""

    title = serializers.CharField(help_text="見出し")
    rows = RowSerializer(many=True, help_text="項目と回答")


class TimelineSerializer(serializers.Serializer[Any]):
    """One step of a case."""

    title = serializers.CharField(help_text="できごと")
    at = serializers.DateTimeField(help_text="日時")
    text = serializers.CharField(help_text="説明（ないときは空）")


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """A request to correct (補正依頼)."""

    class Meta:
        model = Correction
        fields = ("message", "field_keys", "sent_at", "due_on")


class RemedySerializer(serializers.Serializer[Any]):
    """What can be done against a refusal."""

    title = serializers.CharField(help_text="審査請求か、取消しの訴えか")
    lines = serializers.ListField(
        child=serializers.CharField(), help_text="だれに、いつまでに、何ができるか"
    )


class RevisionSerializer(serializers.ModelSerializer[FormRevision]):
    """The form an application was made with."""

    class Meta:
        model = FormRevision
        fields = ("number", "sha256", "published_at")


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A paper of the case (文書)."""

    kind_label = serializers.CharField(
        source="get_kind_display", read_only=True, help_text="種別の日本語"
    )
    sha256 = serializers.SerializerMethodField(
        help_text="PDFのSHA-256（16進）。PDFができるまでは null"
    )
    pdf = serializers.SerializerMethodField(
        help_text="PDFのアドレス。PDFができるまでは null"
    )

    class Meta:
        model = Document
        fields = ("id", "kind", "kind_label", "created_at", "sha256", "pdf")

    def get_sha256(self, document: Document) -> str | None:
        return document.sha256 or None

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_pdf(self, document: Document) -> str | None:
        if not document.sha256:
            return None
        return reverse(
            f"{self.context['view'].basename}-document",
            kwargs={"pk": document.application_id, "document_id": document.pk},
            request=self.context["request"],
        )


class ApplicationSummarySerializer(serializers.ModelSerializer[Application]):
    """An application without what was answered (申請のあらまし)."""

    url = serializers.SerializerMethodField(help_text="くわしい内容のアドレス")
    state_label = serializers.CharField(
        source="get_state_display", read_only=True, help_text="状態の日本語"
    )
    kind_label = serializers.CharField(
        source="get_kind_display", read_only=True, help_text="種別の日本語"
    )
    organization = OrganizationSerializer(read_only=True, help_text="提出先の団体")
    procedure = ProcedureNameSerializer(
        source="offering.procedure", read_only=True, help_text="手続"
    )

    class Meta:
        model = Application
        fields: tuple[str, ...] = (
            "url",
            "id",
            "number",
            "procedure",
            "organization",
            "kind",
            "kind_label",
            "state",
            "state_label",
            "version",
            "filed_at",
            "accepted_at",
            "due_on",
            "closed_at",
        )

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, application: Application) -> str:
        return reverse(
            f"{self.context['view'].basename}-detail",
            kwargs={"pk": application.pk},
            request=self.context["request"],
        )


class CaseSerializer(ApplicationSummarySerializer):
    """An application with its answers, papers and history (申請)."""

    office = OfficeSerializer(source="department", read_only=True, help_text="担当窓口")
    form = RevisionSerializer(
        source="revision", read_only=True, help_text="申請したときの様式の版"
    )
    answers = serializers.SerializerMethodField(help_text="項目の key と回答")
    sections = serializers.SerializerMethodField(help_text="回答を日本語で表したもの")
    correction = serializers.SerializerMethodField(
        help_text="待っている補正の依頼。ないときは null"
    )
    timeline = serializers.SerializerMethodField(
        help_text="これまでのできごと（古い順）"
    )
    remedies = serializers.SerializerMethodField(
        help_text=(
            "不服があればできること（教示）。不許可・却下のときと、条件や理由を書いて"
            "許可・承認したときだけで、ほかは空"
        )
    )
    by_post = serializers.SerializerMethodField(
        help_text=(
            "結果を書面でも郵送するか。許可・不許可などの結果で、オンラインでの"
            "受け取りの申出がないとき true"
        )
    )
    documents = serializers.SerializerMethodField(help_text="文書（新しい順）")

    class Meta(ApplicationSummarySerializer.Meta):
        fields = (
            *ApplicationSummarySerializer.Meta.fields,
            "closing_reason",
            "office",
            "form",
            "answers",
            "sections",
            "correction",
            "timeline",
            "remedies",
            "by_post",
            "documents",
        )

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_answers(self, application: Application) -> dict[str, Any]:
        return latest_answers(application)

    @extend_schema_field(SectionSerializer(many=True))
    def get_sections(self, application: Application) -> Any:
        spec = spec_of(application.revision_id)
        sections = spec.sections(latest_answers(application))
        return SectionSerializer(sections, many=True).data

    @extend_schema_field(CorrectionSerializer(allow_null=True))
    def get_correction(self, application: Application) -> Any:
        correction = open_corrections(application).first()
        return CorrectionSerializer(correction).data if correction else None

    @extend_schema_field(TimelineSerializer(many=True))
    def get_timeline(self, application: Application) -> Any:
        return TimelineSerializer(timeline(application), many=True).data

    @extend_schema_field(RemedySerializer(many=True))
    def get_remedies(self, application: Application) -> Any:
        return RemedySerializer(remedies_of(application), many=True).data

    def get_by_post(self, application: Application) -> bool:
        return goes_by_post(application)

    @extend_schema_field(DocumentSerializer(many=True))
    def get_documents(self, application: Application) -> Any:
        documents = documents_of(application)
        return DocumentSerializer(documents, many=True, context=self.context).data


class ApplicationSerializer(CaseSerializer):
    """An application, as whoever filed it sees it."""

    inquiry_code = serializers.SerializerMethodField(
        help_text="問合せ番号。申請した人だけが知る番号です。"
    )

    class Meta(CaseSerializer.Meta):
        fields = (*CaseSerializer.Meta.fields, "inquiry_code")

    def get_inquiry_code(self, application: Application) -> str:
        return inquiry_code_of(application)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "補正",
            value={"answers": {"phone": "0887-22-1111"}},
            request_only=True,
        )
    ]
)
class AnswersSerializer(StrictSerializer):
    """Answers to the questions of a form."""

    answers = serializers.DictField(
        help_text="項目の key と回答。書き方は受付の `form` と `schema` にあります。",
        error_messages={"not_a_dict": _NOT_ANSWERS},
    )
    not_my_number = serializers.BooleanField(
        default=False,
        help_text="12けたの番号がマイナンバーではないことを確かめたとき true",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "水道使用開始届（様式によって項目は変わります）",
            value={
                "offering": "019abc4e-7d1f-7c52-8f0e-6a4d2b1c9e55",
                "answers": {
                    "kind": "start",
                    "place": {"postal_code": "781-7109", "rest": "25番地1"},
                    "start_on": "2026-12-07",
                    "use": "home",
                    "payment": "account",
                    "user_name": {"family": "髙知", "given": "花子"},
                    "user_kana": "コウチ　ハナコ",
                    "phone": "0887-22-1111",
                    "email": "hanako@example.jp",
                    "attendance": False,
                    "entry_consent": True,
                },
            },
            request_only=True,
        )
    ]
)
class FilingSerializer(AnswersSerializer):
    """What is filed, and where."""

    offering = serializers.UUIDField(help_text="受付の id")


class ReasonSerializer(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=2000, help_text="理由")


@extend_schema_serializer(
    examples=[OpenApiExample("理由なし", value={}, request_only=True)]
)
class RemarkSerializer(StrictSerializer):
    """Why, where there is something to say."""

    reason = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default="",
        help_text="理由（結果のお知らせに載ります）",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "補正の依頼",
            value={
                "field_keys": ["phone"],
                "message": "日中につながる電話番号を書いてください。",
                "due_on": "2026-12-11",
            },
            request_only=True,
        )
    ]
)
class ReturnSerializer(StrictSerializer):
    """What is to be corrected, and by when."""

    field_keys = serializers.ListField(
        child=serializers.CharField(max_length=100),
        allow_empty=False,
        max_length=200,
        help_text="直してもらう項目の key",
    )
    message = serializers.CharField(
        max_length=2000, help_text="申請者への説明（どこを、なぜ、どのように直すのか）"
    )
    due_on = serializers.DateField(help_text="補正の期限。次の開庁日から1年後まで")
