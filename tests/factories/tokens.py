"""Programs that call the API, each with its token."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from accounts.models import User
from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from organizations.actions import IssuedToken, issue_token
from organizations.models import ApiToken, Organization
from organizations.queries import scope_for
from tests.factories import people

APPLICATIONS = ("applications:read", "applications:write")
CASES = ("cases:read", "cases:write")
WORKING = ("clerk", "examiner", "approver")


def token_of(user: User, *scopes: str) -> IssuedToken:
    """Return a token that acts for the resident."""
    with scoped(scope_for(user)):
        return issue_token(
            label="家計簿アプリ",
            scopes=scopes or APPLICATIONS,
            person=user.person,
            expires_at=timezone.now() + timedelta(days=30),
            by=user,
        )


def token_for(
    organization: int, *scopes: str, roles: tuple[str, ...] = WORKING
) -> IssuedToken:
    """Return a token that acts for the body."""
    administrator = people.staff("administrator", *roles, organization=organization)
    with scoped(scope_for(administrator)):
        return issue_token(
            label="庁内システム",
            scopes=scopes or CASES,
            roles=roles,
            organization=Organization.objects.get(pk=organization),
            expires_at=timezone.now() + timedelta(days=30),
            by=administrator,
        )


def set_token(token: ApiToken, **columns: Any) -> None:
    """Change columns of the token, behind the actions."""
    with scoped(Scope(capability=token.capability)):
        ApiToken.objects.filter(pk=token.pk).update(**columns)


class Caller(Client):
    """A program with a token, or without one."""

    def __init__(self, issued: IssuedToken | None = None, secret: str = "") -> None:
        secret = issued.secret if issued else secret
        super().__init__(
            headers={"Authorization": f"Bearer {secret}"} if secret else {}
        )

    def send(self, path: str, body: Any = None, *, key: UUID | None = None) -> Any:
        """POST JSON, under a new `Idempotency-Key` unless one is given."""
        return self.post(
            path,
            {} if body is None else body,
            content_type="application/json",
            headers={"Idempotency-Key": str(key or new_id())},
        )
