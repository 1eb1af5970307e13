"""The route of a request: what was asked for, without whose it was."""

from django.conf import settings
from django.http import HttpRequest

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(request: HttpRequest) -> str:
    """Return the URL pattern (`/applications/<uuid:pk>/`), never the path itself."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "static" if request.path.startswith(settings.STATIC_URL) else "unresolved"


def method_of(request: HttpRequest) -> str:
    """Return the HTTP method; `OTHER` for whatever a scanner makes up."""
    return request.method if request.method in METHODS else "OTHER"
