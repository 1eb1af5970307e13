"""Give other programs their keys, and take them back."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import Person, User
from foundation.tenancy.scope import capability_of
from journal.actions import record
from organizations.actions.turns import take_turn
from organizations.errors import TokenNotGrantable
from organizations.events import TokenIssued, TokenRevoked
from organizations.models import WORKING_ROLES, ApiToken, Organization, Role, Scope
from organizations.queries import PREFECTURE, roles_held_now

BEGINNING = "kp1_"  # so that a leaked one is recognised by those who scan for them
SECRET_BYTES = 32
SHOWN_CHARACTERS = 12
LONGEST = timedelta(days=366)

SCOPES_OF_PERSONS = (Scope.APPLICATIONS_READ, Scope.APPLICATIONS_WRITE)
SCOPES_OF_BODIES = (Scope.CASES_READ, Scope.CASES_WRITE, Scope.FAQ_READ)


class IssuedToken(NamedTuple):
    """A new token and its secret, which nobody can ever read again."""

    token: ApiToken
    secret: str


@transaction.atomic
def issue_token(  # noqa: PLR0913 - what a token is made of
    *,
    label: str,
    scopes: Collection[str],
    expires_at: datetime,
    by: User,
    organization: Organization | None = None,
    person: Person | None = None,
    roles: Collection[str] = (),
) -> IssuedToken:
    """Give a program a key that acts for one body, or for one person.

    Args:
        label: What the program is, in its owner's words.
        scopes: What it opens; `applications:…` for a person, `cases:…` and `faq:…`
            for a body.
        expires_at: When it ends, within a year and a day.
        by: The person's own account, or an administrator of the body.
        organization: The body it acts for.
        person: The person it acts for.
        roles: What it may do with the body's cases: to accept, examine, approve, and
            nothing that `by` may not.

    Raises:
        TokenNotGrantable: says which of these does not hold.
    """
    _check_time(expires_at)
    if organization is not None:
        _check_for_body(organization, scopes, roles, by)
    else:
        _check_for_person(person, scopes, roles, by)
    secret = BEGINNING + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken(
        organization=organization,
        person=person,
        label=label,
        prefix=secret[:SHOWN_CHARACTERS],
        capability=capability_of(secret),
        scopes=sorted(scopes),
        roles=sorted(roles),
        expires_at=expires_at,
    )
    token.save(force_insert=True)
    record(
        TokenIssued(
            organization_id=_told_under(token),
            token_id=token.pk,
            scopes=tuple(token.scopes),
        ),
        by=by,
    )
    return IssuedToken(token, secret)


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> ApiToken:
    """Make the token open nothing from now on; once is enough.

    Raises:
        TokenNotGrantable: `by` is neither its person nor an administrator of its body.
    """
    if not _may_manage(token, by):
        raise TokenNotGrantable
    token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(
            TokenRevoked(organization_id=_told_under(token), token_id=token.pk), by=by
        )
    return token


def _may_manage(token: ApiToken, user: User) -> bool:
    if token.organization_id is not None:
        take_turn(token.organization_id)
        return Role.ADMINISTRATOR in roles_held_now(user, token.organization_id)
    return token.person_id == user.person_id


def _told_under(token: ApiToken) -> int:
    return token.organization_id or PREFECTURE


def _check_time(expires_at: datetime) -> None:
    if not timedelta() < expires_at - timezone.now() <= LONGEST:
        message = "有効期限は、今から1年以内の日時にしてください。"
        raise TokenNotGrantable(message)


def _check_for_body(
    organization: Organization,
    scopes: Collection[str],
    roles: Collection[str],
    by: User,
) -> None:
    take_turn(organization.pk)
    held = roles_held_now(by, organization.pk)
    if Role.ADMINISTRATOR not in held:
        message = "団体のトークンを発行できるのは、その団体の「管理」の役割の人です。"
        raise TokenNotGrantable(message)
    # Without one it would read what the desk shows to none but these.
    if not roles or not held.intersection(WORKING_ROLES).issuperset(roles):
        message = (
            "トークンには、受付・審査・決裁のうち、自分に割り当てられている役割を"
            "1つ以上選んでください。"
        )
        raise TokenNotGrantable(message)
    _check_scopes(scopes, SCOPES_OF_BODIES)


def _check_for_person(
    person: Person | None, scopes: Collection[str], roles: Collection[str], by: User
) -> None:
    if person is None or by.person_id != person.pk or roles:
        message = "個人のトークンを発行できるのは、ご本人だけです。"
        raise TokenNotGrantable(message)
    _check_scopes(scopes, SCOPES_OF_PERSONS)


def _check_scopes(scopes: Collection[str], offered: Collection[str]) -> None:
    if not scopes or not set(scopes) <= set(offered):
        message = "このトークンに選べる権限の範囲を、1つ以上選んでください。"
        raise TokenNotGrantable(message)
