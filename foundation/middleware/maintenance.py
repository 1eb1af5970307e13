"""A closed door with a note on it, while the portal is being worked on."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from foundation.views import under_maintenance


class MaintenanceMiddleware:
    """Answer 503 while `MAINTENANCE` is set or the flag file exists.

    The first line of the file, if any, tells people until when (11月24日 午前6時).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        note = _note()
        if note is None and not settings.MAINTENANCE:
            return self.get_response(request)
        until = (note or "").strip().partition("\n")[0]
        return under_maintenance(request, until=until)


def _note() -> str | None:
    try:
        note: str = settings.MAINTENANCE_FILE.read_text(encoding="utf-8")
    except OSError:
        return None
    return note
