"""A page for the empty 405 of Django's views."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.views import method_not_allowed


class MethodNotAllowedMiddleware:
    """Tell people what to do where a view says nothing but 405.

    Who signs in again after a form was sent too late is led to its address, which is
    no page. The API has said so itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        return method_not_allowed(request, response.headers.get("Allow", ""))
