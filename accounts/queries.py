"""What is known of an account beyond its row."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: Any) -> bool:
    """Tell whether the account has an authenticator app or a passkey."""
    return bool(is_mfa_enabled(user, SECOND_FACTORS))
