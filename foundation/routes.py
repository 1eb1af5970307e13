"""The route of a request: what was asked for, without whose it was; codes in it."""

from django.conf import settings
from django.http import HttpRequest


class BodyCode:
    """A body's code in an address: six digits, which every column can hold."""

    regex = "[0-9]{6}"

    def to_python(self, value: str) -> int:
        """Return the code."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Write the code as it is written everywhere."""
        return f"{value:06}"


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(request: HttpRequest) -> str:
    """Return the URL pattern (`/applications/<uuid:pk>/`), never the path itself."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "static" if request.path.startswith(settings.STATIC_URL) else "unresolved"


def method_of(request: HttpRequest) -> str:
    """Return the HTTP method; `OTHER` for whatever a scanner makes up."""
    return request.method if request.method in METHODS else "OTHER"
