"""Residents with their persons; staff with their roles."""

from datetime import date
from itertools import count
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.actions import register_person
from accounts.models import Person, User
from foundation.tenancy.scope import Scope, scoped
from organizations.models import Membership

_numbers = count(1)
LONG_AGO = date(2020, 4, 1)
PASSWORD = "a-long-sample-password"  # pragma: allowlist secret


def resident(email: str | None = None) -> User:
    """Return a resident's account, with its person and a confirmed address."""
    user = User.objects.create_user(email or f"resident{next(_numbers)}@example.jp")
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    register_person(user)
    return user


def person() -> Person:
    """Return a natural person with an account."""
    return register_person(resident())


def staff(
    *roles: str,
    organization: int,
    email: str | None = None,
    second_factor: bool = True,
    department_id: UUID | None = None,
) -> User:
    """Return a member of staff with `roles` in one body."""
    user = User.objects.create_user(
        email or f"staff{next(_numbers)}@example.jp",
        PASSWORD,
        is_staff=True,
        display_name=f"職員{next(_numbers)}",
    )
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    if second_factor:
        TOTP.activate(user, generate_totp_secret())
    with scoped(Scope(organization_ids=frozenset({organization}))):
        for role in roles:
            Membership.objects.create(
                organization_id=organization,
                user=user,
                department_id=department_id,
                role=role,
                valid_from=LONG_AGO,
            )
    return user
