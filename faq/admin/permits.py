"""Whose roles open which step of the FAQ's desk."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, QueryDict

from accounts.models import User
from faq.actions.authoring import PUBLISHERS, WRITERS
from faq.actions.desks import KEEPERS
from foundation.desk.roles import bodies_where
from organizations.models import Role

EVERYONE = frozenset(Role.values)


def signed_in(request: HttpRequest) -> User:
    """Return the member of staff at the desk."""
    return cast("User", request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent; None where the form is only asked for."""
    return request.POST if request.method == "POST" else None


def _holders_of(roles: frozenset[str]) -> Callable[[HttpRequest, Any], bool]:
    def permitted(request: HttpRequest, row: Any) -> bool:
        mine = bodies_where(request.user, roles)
        return bool(mine) if row is None else row.organization_id in mine

    return permitted


writes = _holders_of(WRITERS)
publishes = _holders_of(PUBLISHERS)
keeps_desks = _holders_of(KEEPERS)
