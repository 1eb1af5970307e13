"""Who may ask for a mail how often, and how staff sign in; the rest is allauth's."""

from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    AddEmailForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)
from allauth.core import context
from django.core.exceptions import ValidationError

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
    address = address.lower()
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
