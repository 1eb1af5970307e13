"""NUL characters, which no form sends and PostgreSQL stores in no text."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from foundation.views import API_PREFIX

NUL = "\x00"


class NullCharactersMiddleware:
    """Answer 400 to NUL in path, query, cookies or a form, before a query meets it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if NUL in request.path_info or NUL in query or "%00" in query:
            _refuse()
        # `"\000"` is how a cookie writes it.
        if any(NUL in value for value in request.COOKIES.values()):
            _refuse()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Look into the form only now: a page that is not there reads none.

        The API reads no forms, and refuses them itself.
        """
        if request.method == "POST" and not request.path.startswith(API_PREFIX):
            fields = request.POST.lists()
            if any(NUL in text for key, values in fields for text in (key, *values)):
                _refuse()


def _refuse() -> None:
    msg = (
        "送られた内容に、使えない特殊な文字（制御文字）が含まれています。"
        "前の画面に戻り、その文字を消してから、もう一度お試しください。"
    )
    raise BadRequest(msg)
