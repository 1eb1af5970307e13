"""One transaction and one scope for each request, template rendering included."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from foundation.tenancy.scope import lazily_scoped

SERVER_ERROR = 500


class TenancyMiddleware:
    """Scope what the request reads and writes; undo all of it when it fails.

    `settings.TENANCY_SCOPE_OF_REQUEST` names the function that computes the scope;
    it runs at the first statement, so a page without a query needs no database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.scope_of = import_string(settings.TENANCY_SCOPE_OF_REQUEST)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with lazily_scoped(partial(self.scope_of, request)):
            response = self.get_response(request)
            if response.status_code >= SERVER_ERROR:
                self.process_exception(request)
        return response

    def process_exception(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        exception: Exception | None = None,  # noqa: ARG002
    ) -> None:
        """Undo what a failed view wrote."""
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)
