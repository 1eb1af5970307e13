"""How often the API answers: per line without a token, per token with one.

The shared cache counts; while it is away each process does (`foundation.cache`).
"""

import hashlib
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from foundation.limits import network_of


class _Throttle(SimpleRateThrottle):
    def counts(self, request: Request) -> bool:
        """Tell whether the request is of the kind that is counted here."""
        raise NotImplementedError

    def caller(self, request: Request) -> str:
        """Return who is counted."""
        raise NotImplementedError

    def get_cache_key(self, request: Request, view: Any) -> str | None:  # noqa: ARG002
        if not self.counts(request):
            return None
        # Hashed: no address of a person lies in the cache.
        digest = hashlib.sha256(self.caller(request).encode()).hexdigest()
        return f"throttle:{self.scope}:{digest}"


class AnonymousThrottle(_Throttle):
    """One line: many phones share an address, so the rate is loose."""

    scope = "anonymous"

    def counts(self, request: Request) -> bool:
        return request.auth is None

    def caller(self, request: Request) -> str:
        return network_of(self.get_ident(request))


class TokenThrottle(_Throttle):
    """One token."""

    scope = "token"

    def counts(self, request: Request) -> bool:
        return request.auth is not None

    def caller(self, request: Request) -> str:
        return str(request.auth.pk)
