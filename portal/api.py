"""The OpenAPI document itself, for programs."""

from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.openapi import document


class OpenApiView(APIView):
    """The contract of the API, as YAML or JSON; anyone may ask."""

    permission_classes = (AllowAny,)
    renderer_classes = (
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
    )

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Answer with the document, named as in `docs/`."""
        name = f"openapi.{request.accepted_renderer.format}"
        return Response(
            document(),
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )
