"""Mails counted, passkeys read with care, staff's password; the rest is allauth's."""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    AddEmailForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from django.core.exceptions import ValidationError
from django.forms import Field, HiddenInput

from foundation.limits import Limit, network_of


class Bound(NamedTuple):
    """A limit of the mails to one address, and how long to wait where it is reached."""

    limit: Limit
    of_one_network: bool
    wait: str


# By network first: nobody may use up what another needs to sign in, who has no other
# way in. The last bounds what reaches a mailbox from everywhere, and lies above what
# one network may do. A code may be sent again twice without being asked for anew.
BOUNDS = (
    Bound(Limit("mail-minute", 3, 60), of_one_network=True, wait="1分"),
    Bound(Limit("mail-hour", 10, 60 * 60), of_one_network=True, wait="1時間"),
    Bound(Limit("mail-address", 30, 60 * 60), of_one_network=False, wait="1時間"),
)


def count_mail(address: str) -> None:
    """Count one mail that a visitor asks for.

    Counted before anybody looks whether there is such an account: it tells nothing.

    Raises:
        ValidationError: too many went to this address; says when to try again.
    """
    network = network_of(get_adapter().get_client_ip(context.request))
    keys = {True: f"{network} {address}", False: address}
    for bound in BOUNDS:
        if bound.limit.reached(keys[bound.of_one_network]):
            sentence = (
                "このメールアドレスあてのメールが、短い時間に何度も求められました。"
                f"{bound.wait}ほど待ってから、もう一度お試しください。"
            )
            raise ValidationError(sentence, code="too_many_mails")
    for bound in BOUNDS:
        bound.limit.count(keys[bound.of_one_network])


class _MailsTheAddress:
    """For every form that has allauth send a mail to what is typed as `email`."""

    def clean_email(self) -> str:
        """Count the mail once the address is in order."""
        address: str = super().clean_email()  # type: ignore[misc]
        count_mail(address)
        return address


class ResidentLoginForm(LoginForm):  # type: ignore[misc]
    """An e-mail address, to which allauth sends a code."""

    def clean_login(self) -> str:
        """Count the mail once the address is in order."""
        address: str = super().clean_login()
        count_mail(address)
        return address


class CodeForm(_MailsTheAddress, RequestLoginCodeForm):  # type: ignore[misc]
    """Ask for a code to sign in with."""


class NewAccountForm(_MailsTheAddress, SignupForm):  # type: ignore[misc]
    """Ask for an account, by code or passkey."""


class NewAddressForm(_MailsTheAddress, AddEmailForm):  # type: ignore[misc]
    """Add an address to one's account."""


class ForgottenPasswordForm(_MailsTheAddress, ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link to set a password: staff alone have one."""


NOT_THE_PASSKEY = "パスキーを確認できませんでした。もう一度お試しください。"
# Source: IANA COSE Algorithms, the longest registered is -65535
_LONGEST_ALGORITHM = 6
# What the readers of WebAuthn raise at what no browser sends.
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    struct.error,
    TypeError,
    ValueError,
)


@contextmanager
def _says_not_the_passkey() -> Iterator[None]:
    """Say so of an answer nobody can read, and of one that does not fit."""
    try:
        yield
    except ValidationError as error:
        if error.code != "incorrect_code":  # of those that come by mail
            raise
        raise ValidationError(NOT_THE_PASSKEY) from error
    except _UNREADABLE as error:
        raise ValidationError(NOT_THE_PASSKEY) from error


class PasskeyField(Field):
    """What a passkey answers: a JSON object that a database can keep."""

    widget = HiddenInput
    default_error_messages = {"required": NOT_THE_PASSKEY}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        with _says_not_the_passkey():
            # Of escapes, infinities, fractions and great numbers browsers write none
            # here; and for a number as bytes the reader takes as much memory.
            if "\\u" in value:
                _refuse(value)
            answer = json.loads(
                value,
                parse_constant=_refuse,
                parse_float=_refuse,
                parse_int=_algorithm,
            )
            if not isinstance(answer, dict):
                _refuse(value)
            return answer

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002
        """Show no answer again: the passkey gives another."""
        return initial


def _refuse(value: str) -> NoReturn:
    raise ValueError(value)


def _algorithm(digits: str) -> int:
    """Return one of COSE's, the only numbers in an answer."""
    return int(digits) if len(digits) <= _LONGEST_ALGORITHM else _refuse(digits)


class _ShowsPasskey(AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = PasskeyField()

    def clean_credential(self) -> Any:
        with _says_not_the_passkey():
            return super().clean_credential()


class _AddsPasskey:
    def clean(self) -> Any:
        with _says_not_the_passkey():
            cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
            kept = Authenticator(type=Authenticator.Type.WEBAUTHN, data=cleaned)
            _ = kept.wrap().is_passwordless  # as the pages will read it
            return cleaned


class PasskeyLoginForm(_ShowsPasskey, LoginWebAuthnForm):  # type: ignore[misc]
    """Sign in by passkey alone."""


class PasskeySecondFactorForm(_ShowsPasskey):
    """Show a passkey after the first factor."""


class PasskeyAgainForm(_ShowsPasskey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Show a passkey once more before something that matters."""


class NewPasskeyForm(_AddsPasskey, AddWebAuthnForm):  # type: ignore[misc]
    """Add a passkey to one's account."""

    credential = PasskeyField()


class FirstPasskeyForm(_AddsPasskey, SignupWebAuthnForm):  # type: ignore[misc]
    """Make an account with a passkey."""

    credential = PasskeyField()


class StaffLoginForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password; allauth then asks for the second factor.

    A desk is shared: the session never outlives the browser.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def _setup_password_field(self) -> None:
        """Keep the field that allauth takes away where residents have no password."""

    def clean(self) -> dict[str, Any]:
        """Remember nobody."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["remember"] = False
        return cleaned
