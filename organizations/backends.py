"""Who calls the API, and what the token they came with opens."""

import re
from typing import Any

from django.db.models import Exists, OuterRef
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User
from foundation.tenancy import scope as tenancy
from foundation.tenancy.scope import NOBODY, become, capability_of
from organizations.models import ApiToken, Scope
from organizations.queries import scope_for

CHALLENGE = 'Bearer realm="kochi-portal"'
REFUSED = "トークンが正しくないか、有効期限が切れたか、取り消されています。"
_HEADER = re.compile(r"Bearer +(kp1_[A-Za-z0-9_-]{43})", re.IGNORECASE)


class TokenAuthentication(BaseAuthentication):
    """Let a request act as the token in its `Authorization` header, and only as that.

    Whatever cookies came along count for nothing, so no other site's page can use
    somebody's session here. Every reason to refuse gets the same answer.
    """

    def authenticate(self, request: Request) -> tuple[ApiToken, ApiToken] | None:
        become(NOBODY)
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        match = _HEADER.fullmatch(header)
        token = _usable(match[1]) if match else None
        if token is None:
            become(NOBODY)
            raise AuthenticationFailed(REFUSED)
        become(scope_for(token))
        return token, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        return CHALLENGE


def _usable(secret: str) -> ApiToken | None:
    """Find the token by the hash of its secret, which also opens its row."""
    capability = capability_of(secret)
    become(tenancy.Scope(capability=capability))
    owner = User.objects.filter(person=OuterRef("person"), is_active=True)
    token = (
        ApiToken.objects.annotate(has_owner=Exists(owner))
        .filter(capability=capability)
        .first()
    )
    if token is None or not token.is_usable:
        return None
    return token if token.organization_id or token.has_owner else None


class ScopeRequired(BasePermission):
    """Ask for the scope that the view's `required_scopes` names for its action.

    `view` is any of DRF's; naming its type would import the views that import this.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the token has it; what no table names is refused."""
        if view.action in (None, "metadata"):  # no such method here: 405
            return True
        wanted: Scope = view.required_scopes[view.action]
        self.message = (
            f"このトークンには「{wanted.label}」（{wanted}）の権限がありません。"
        )
        return isinstance(request.auth, ApiToken) and wanted in request.auth.scopes
