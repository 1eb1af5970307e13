"""No page made for one person may lie in a cache, the browser's included."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NoStoreMiddleware:
    """Forbid storing what was asked for with, read from or answered with a cookie.

    Every cookie counts as personal: ours all are (session, form secret, message, key of
    a filing). Outside of the session's middleware, which it never makes read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = getattr(request, "session", None)
        if (
            request.COOKIES
            or response.cookies
            or "Authorization" in request.headers
            or (session is not None and session.accessed)
        ):
            response.headers["Cache-Control"] = "no-store"
        return response
