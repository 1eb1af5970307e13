"""Open accounts, and the persons they act for; forget what nobody uses."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.errors import AccountClosed, AccountNotOfStaff, AccountUnusable
from accounts.models import Person, PersonKind, User
from accounts.queries import unconfirmed
from foundation.tenancy.scope import NOBODY, Scope, scoped

# The code for it is good for some minutes.
UNCONFIRMED_KEPT = timedelta(days=1)


@transaction.atomic
def register_person(
    user: User, *, kind: PersonKind = PersonKind.NATURAL, corporate_number: str = ""
) -> Person:
    """Give the account the person it files for; the one it has stays."""
    if user.person_id:
        with scoped(Scope(person_ids=user.person_ids)):
            return Person.objects.get(pk=user.person_id)
    person = Person(kind=kind, corporate_number=corporate_number)
    with scoped(Scope(person_ids=frozenset({person.pk}))):
        person.save(force_insert=True)
    user.person = person
    if user.pk:
        user.save(update_fields=["person"])
    return person


@transaction.atomic
def staff_account(email: str, *, display_name: str = "") -> User:
    """Return the account of a member of staff; a new address gets a new account.

    It has no password: its owner signs in by a mail to the address, and is then asked
    for a second factor. A sign-up that nobody confirmed gives way: anyone may have
    typed the address.

    Raises:
        AccountNotOfStaff: a resident uses the address.
        AccountClosed: the account was closed.
        AccountUnusable: address or name cannot be kept.
    """
    address = User.objects.normalize_email(email).lower()
    for claimed in unconfirmed().filter(email=address):
        _forget(claimed)
    user = User.objects.filter(email=address).first()
    if user is None:
        user = _open_staff_account(address, display_name)
    if not user.is_staff:
        raise AccountNotOfStaff
    if not user.is_active:
        raise AccountClosed
    return user


def forget_unconfirmed() -> int:
    """Delete accounts whose sign-up nobody confirmed in time; return how many."""
    stale = unconfirmed().filter(date_joined__lte=timezone.now() - UNCONFIRMED_KEPT)
    with scoped(NOBODY):
        users = list(stale)
    for user in users:
        _forget(user)
    return len(users)


def forget_sessions() -> int:
    """Delete sessions that have ended, and from where they were used; return how many.

    The web deletes them too as people sign out or in again, so the application's own
    role may, and no other needs the right.
    """
    with scoped(NOBODY):
        ended, _ = Session.objects.filter(expire_date__lte=timezone.now()).delete()
        alive = Session.objects.filter(session_key=OuterRef("session_key"))
        UserSession.objects.filter(~Exists(alive)).delete()
    return ended


@transaction.atomic
def _forget(user: User) -> None:
    """Delete an account that was never used, with its address and sessions.

    It has no person yet. What else might hang on it the database refuses to lose.
    """
    for session in UserSession.objects.filter(user=user):
        session.end()
    EmailAddress.objects.filter(user=user).delete()
    rows = User.objects.filter(pk=user.pk)
    # Django's own would delete from tables where the role may not.
    rows._raw_delete(rows.db)  # noqa: SLF001


def _open_staff_account(address: str, display_name: str) -> User:
    """Return a new account, or the one that another body opened this moment."""
    _check(User(email=address, display_name=display_name))
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                address, display_name=display_name, is_staff=True
            )
            # Confirmed by the first mail that its owner answers.
            EmailAddress.objects.create(user=user, email=address, primary=True)
    except IntegrityError:
        return User.objects.get(email=address)
    return user


def _check(user: User) -> None:
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise AccountUnusable(" ".join(error.messages)) from error
