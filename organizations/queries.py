"""Who may see which bodies, and who may do what in them."""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from foundation.tenancy.scope import NOBODY, Scope, capability_of
from organizations.models import (
    ApiToken,
    Department,
    Membership,
    Organization,
    OrganizationKind,
    Role,
)

PREFECTURE = 390003


@cache
def organization_names() -> dict[int, str]:
    """Return code → name of all bodies; they change with the program's data."""
    return dict(Organization.objects.values_list("code", "name"))


def everywhere() -> Scope:
    """Return the scope of all bodies, for figures that tell nothing of any of them."""
    return Scope(organization_ids=frozenset(organization_names()))


@cache
def organizations_by_kind() -> dict[str, list[Organization]]:
    """Return all bodies under 県, 市, 町 and 村, as lasting as their names."""
    bodies = list(Organization.objects.all())
    return {
        kind.label: [body for body in bodies if body.kind == kind]
        for kind in OrganizationKind
    }


def roles_of(user: Any) -> dict[int, frozenset[str]]:
    """Return body → roles of a user or token today; read once per object.

    Support appears under every body, and only as support.
    """
    cached: dict[int, frozenset[str]] | None = getattr(user, "_roles", None)
    if cached is None:
        cached = _roles_of(user, timezone.localdate())
        user._roles = cached  # noqa: SLF001 - our own memo on our own object
    return cached


def _roles_of(user: Any, day: date) -> dict[int, frozenset[str]]:
    if isinstance(user, ApiToken):
        body = user.organization_id
        return {body: frozenset(user.roles)} if body else {}
    if not isinstance(user, User) or not user.is_staff or not user.is_active:
        return {}
    roles: dict[int, set[str]] = {}
    rows = Membership.objects.filter(user=user).on(day)
    for body, role in rows.values_list("organization_id", "role"):
        everywhere = organization_names() if role == Role.SUPPORT else (body,)
        for code in everywhere:
            roles.setdefault(code, set()).add(role)
    return {body: frozenset(held) for body, held in roles.items()}


def bodies_served(user: Any) -> frozenset[int]:
    """Return the bodies for which `user` works; support only looks at others'."""
    return frozenset(
        body for body, held in roles_of(user).items() if held != {Role.SUPPORT}
    )


def has_role(user: Any, organization_id: int, *wanted: str) -> bool:
    """Tell whether `user` holds one of the `wanted` roles in the body today."""
    return not roles_of(user).get(organization_id, frozenset()).isdisjoint(wanted)


def roles_held_now(user: User, organization_id: int) -> frozenset[str]:
    """Return the roles in the body as the database tells them this moment.

    For a check after a wait: `roles_of` tells what held when the request began.
    """
    held = Membership.objects.filter(
        organization_id=organization_id,
        user=user,
        user__is_active=True,
        user__is_staff=True,
    )
    return frozenset(held.now().values_list("role", flat=True))


def scope_for(user: Any) -> Scope:
    """Return the bodies that `user` works for and the persons they are."""
    if isinstance(user, ApiToken):
        persons = frozenset({user.person_id} if user.person_id else ())
    elif isinstance(user, User):
        persons = user.person_ids
    else:
        return NOBODY
    return Scope(organization_ids=frozenset(roles_of(user)), person_ids=persons)


def scope_of_request(request: HttpRequest) -> Scope:
    """Return the scope of the signed-in user and of the token in the cookie, if any.

    A visitor who brings no session is not asked who they are: a page that shows all the
    same to all stays storable, and costs no query more.
    """
    brings_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    scope = scope_for(request.user) if brings_session else NOBODY
    token = request.COOKIES.get(settings.CAPABILITY_COOKIE_NAME, "")
    return Scope(
        organization_ids=scope.organization_ids,
        person_ids=scope.person_ids,
        capability=capability_of(token) if token else "",
    )


def members_with(organization_id: int, roles: Collection[str]) -> list[User]:
    """Return who holds one of the `roles` in the body today, by name."""
    held = Membership.objects.filter(
        organization_id=organization_id, role__in=sorted(roles)
    ).now()
    return list(
        User.objects.filter(
            pk__in=held.values("user_id"), is_active=True, is_staff=True
        ).order_by("display_name", "email")
    )


def department_in_charge(department_id: UUID, day: date) -> UUID:
    """Return who has in hand, on that day, what the department once had.

    Itself while it is in force; otherwise its successor, or the successor's.
    """
    seen: set[UUID] = set()
    while department_id not in seen:
        seen.add(department_id)
        heir = (
            Department.objects.filter(pk=department_id, valid_until__lte=day)
            .values_list("successor_id", flat=True)
            .first()
        )
        department_id = heir or department_id
    return department_id


def tokens_of(person_id: UUID | None) -> QuerySet[ApiToken]:
    """Return a person's tokens, the newest first."""
    return ApiToken.objects.owned_by(person_id).order_by("-id")
