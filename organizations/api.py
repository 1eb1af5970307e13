"""The 35 bodies, for other programs; and how the reference tells of their tokens."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import GenericViewSet

from foundation.paging import ByCode
from organizations.backends import TokenAuthentication
from organizations.models import Organization


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """A body (団体)."""

    code = serializers.CharField(
        read_only=True, help_text="全国地方公共団体コード（6けた）"
    )
    kind_label = serializers.CharField(
        source="get_kind_display", read_only=True, help_text="種別の日本語"
    )

    class Meta:
        model = Organization
        fields = ("code", "name", "kana", "kind", "kind_label")


@extend_schema(tags=["団体"])
@extend_schema_view(
    list=extend_schema(
        summary="団体の一覧",
        description="高知県と県内34市町村を、団体コードの順に返します。",
    ),
    retrieve=extend_schema(summary="1つの団体"),
)
class OrganizationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Organization]
):
    """The prefecture and its municipalities; anyone may ask."""

    permission_classes = (AllowAny,)
    pagination_class = ByCode
    serializer_class = OrganizationSerializer
    queryset = Organization.objects.all()
    lookup_field = "code"
    lookup_value_converter = "int"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Name the token, and the scope that each operation asks of it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """Describe the header."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": (
                "APIトークン（kp1_ ではじまる文字列）。個人は「APIトークン」の画面で、"
                "団体は職員画面で発行します。"
            ),
        }

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        """Name the scope; OpenAPI 3.1 allows that for every scheme."""
        view = auto_schema.view
        scopes = getattr(view, "required_scopes", {})
        scope = scopes.get(getattr(view, "action", None))
        return {self.name: [str(scope)] if scope else []}
