"""What is known of an account beyond its row."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: Any) -> bool:
    """Tell whether the account has an authenticator app or a passkey."""
    return bool(is_mfa_enabled(user, SECOND_FACTORS))


def unconfirmed() -> QuerySet[User]:
    """Find residents' accounts that nobody ever proved to be theirs, or used."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return User.objects.filter(
        ~Exists(confirmed), is_staff=False, last_login__isnull=True
    )
