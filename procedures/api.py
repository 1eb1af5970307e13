"""The catalogue, for other programs: what can be filed, and where."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import GenericViewSet

from foundation.paging import ByCode, NewestFirst
from foundation.strict import Parameters
from organizations.api import OrganizationSerializer
from organizations.models import Department
from procedures.models import Offering, Operation, Procedure
from procedures.queries import search_procedures


class OperationSerializer(serializers.ModelSerializer[Operation]):
    """A field of work (業務)."""

    class Meta:
        model = Operation
        fields = ("code", "title")


class ProcedureSerializer(serializers.ModelSerializer[Procedure]):
    """A procedure (手続)."""

    url = serializers.HyperlinkedIdentityField(
        view_name="api-procedure-detail",
        lookup_field="code",
        help_text="手続のアドレス",
    )
    organization = OrganizationSerializer(read_only=True, help_text="所管する団体")
    operation = OperationSerializer(read_only=True, help_text="業務")
    kind_label = serializers.CharField(
        source="get_kind_display", read_only=True, help_text="種別の日本語"
    )
    day_unit_label = serializers.CharField(
        source="get_day_unit_display", read_only=True, help_text="日数の単位の日本語"
    )

    class Meta:
        model = Procedure
        fields = (
            "url",
            "code",
            "title",
            "kana",
            "summary",
            "kind",
            "kind_label",
            "operation",
            "organization",
            "legal_basis",
            "standard_days",
            "day_unit",
            "day_unit_label",
            "required_level",
            "level_reason",
            "fee",
        )


class ProcedureNameSerializer(serializers.ModelSerializer[Procedure]):
    """A procedure, as other things name it."""

    url = serializers.HyperlinkedIdentityField(
        view_name="api-procedure-detail",
        lookup_field="code",
        help_text="手続のアドレス",
    )

    class Meta:
        model = Procedure
        fields = ("url", "code", "title")


class OfficeSerializer(serializers.ModelSerializer[Department]):
    """The department that handles it (担当窓口)."""

    class Meta:
        model = Department
        fields = ("name", "phone", "email", "address", "opening_hours")


class OfferingSerializer(serializers.ModelSerializer[Offering]):
    """A procedure as one body offers it (受付)."""

    url = serializers.HyperlinkedIdentityField(
        view_name="api-offering-detail", help_text="受付のアドレス"
    )
    procedure = ProcedureNameSerializer(read_only=True, help_text="手続")
    organization = OrganizationSerializer(read_only=True, help_text="団体")
    office = OfficeSerializer(source="department", read_only=True, help_text="担当窓口")
    is_open = serializers.BooleanField(read_only=True, help_text="いま受け付けているか")
    form = serializers.HyperlinkedIdentityField(
        view_name="api-offering-form", help_text="質問（様式）のアドレス"
    )
    schema = serializers.HyperlinkedIdentityField(
        view_name="api-offering-schema", help_text="回答の JSON Schema のアドレス"
    )

    class Meta:
        model = Offering
        fields = (
            "url",
            "id",
            "procedure",
            "organization",
            "office",
            "note",
            "other_ways",
            "is_open",
            "opens_at",
            "closes_at",
            "form",
            "schema",
        )


class ProcedureParameters(Parameters):
    """How the catalogue may be searched."""

    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="さがすことば。空白で区切ると、すべてを含む手続を返します。",
    )


class OfferingParameters(Parameters):
    """Which offerings are asked for."""

    organization = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=999_999,
        help_text="団体コード（6けた）",
    )
    procedure = serializers.SlugField(
        required=False, max_length=50, help_text="手続コード"
    )


@extend_schema(tags=["手続"])
@extend_schema_view(
    list=extend_schema(
        summary="手続の一覧",
        description="公開され、どこかの団体が受け付けている手続を、手続コードの順に返します。",
        parameters=[ProcedureParameters],
    ),
    retrieve=extend_schema(summary="1つの手続"),
)
class ProcedureViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Procedure]
):
    """Published procedures; anyone may ask."""

    permission_classes = (AllowAny,)
    pagination_class = ByCode
    serializer_class = ProcedureSerializer
    queryset = Procedure.objects.published()
    lookup_field = "code"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Procedure]:
        """Return what the public may see, narrowed by the words asked for."""
        words = ProcedureParameters.of(self.request) if self.action == "list" else {}
        return search_procedures(words.get("q", ""))


@extend_schema(tags=["受付"])
@extend_schema_view(
    list=extend_schema(
        summary="受付の一覧",
        description=(
            "団体ごとの手続の受付を返します。申請するときは、受付の `id` を使います。"
        ),
        parameters=[OfferingParameters],
    ),
    retrieve=extend_schema(summary="1つの受付"),
)
class OfferingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Offering]
):
    """What can be applied to; anyone may ask."""

    permission_classes = (AllowAny,)
    pagination_class = NewestFirst
    serializer_class = OfferingSerializer
    queryset = Offering.objects.published()
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Offering]:
        """Return what the public may see, of the body and procedure asked for."""
        asked = OfferingParameters.of(self.request) if self.action == "list" else {}
        columns = {"organization": "organization", "procedure": "procedure__code"}
        wanted = {columns[name]: value for name, value in asked.items()}
        return (
            Offering.objects.published()
            .filter(**wanted)
            .select_related("organization", "procedure", "department")
        )
