"""The desks that answer, for other programs."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from faq.api.doors import AudienceParameters, PublicDoor, check_audience
from faq.models import Audience, Desk
from foundation.paging import NewestFirst
from organizations.api import OrganizationSerializer
from procedures.api import OfficeSerializer


class DeskNameSerializer(serializers.ModelSerializer[Desk]):
    """A desk, as other things name it (相談窓口)."""

    class Meta:
        model = Desk
        fields = ("id", "code", "name")


class DeskSerializer(serializers.ModelSerializer[Desk]):
    """A desk with its hours (相談窓口)."""

    audience_label = serializers.CharField(
        source="get_audience_display", read_only=True, help_text="対象の日本語"
    )
    organization = OrganizationSerializer(read_only=True, help_text="団体")
    office = OfficeSerializer(source="department", read_only=True, help_text="担当部署")
    hours = serializers.CharField(read_only=True, help_text="開いている曜日と時刻")
    is_open = serializers.SerializerMethodField(help_text="いま開いているか")
    reply_days = serializers.IntegerField(
        read_only=True, help_text="引継いだ質問に返事をするまでの目安（開庁日）"
    )

    class Meta:
        model = Desk
        fields = (
            "id",
            "code",
            "name",
            "subject",
            "audience",
            "audience_label",
            "organization",
            "office",
            "hours",
            "is_open",
            "reply_days",
        )

    def get_is_open(self, desk: Desk) -> bool:
        return desk.is_open_at(timezone.now())


class DeskParameters(AudienceParameters):
    """Which desks are asked for."""

    organization = serializers.IntegerField(
        required=False, min_value=0, max_value=999_999, help_text="団体コード（6けた）"
    )


@extend_schema(tags=["FAQ"])
@extend_schema_view(
    list=extend_schema(
        summary="相談窓口の一覧",
        description="質問に答える窓口を、受付時間と連絡先とともに返します。",
        parameters=[DeskParameters],
    ),
)
class DeskViewSet(mixins.ListModelMixin, PublicDoor):
    """Desks in service."""

    pagination_class = NewestFirst
    serializer_class = DeskSerializer
    queryset = Desk.objects.none()

    def get_queryset(self) -> QuerySet[Desk]:
        """Return desks of the audience; those for staff to their own body alone."""
        asked = DeskParameters.of(self.request)
        check_audience(self.request, asked["audience"])
        desks = Desk.objects.answering(asked["audience"])
        if asked["audience"] == Audience.STAFF:
            desks = desks.visible_to(self.request.auth)
        if "organization" in asked:
            desks = desks.filter(organization=asked["organization"])
        return desks.select_related("organization", "department")
