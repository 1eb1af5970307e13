"""How allauth opens accounts and what a sign-in proves.

The seam for card and company sign-in: their provider calls `identity.prove()` with a
higher assurance, and everything else already asks `meets()`.
"""

from time import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.actions import register_person
from accounts.identity import SIGNED_IN_AT, Identity, Kind, identity_of, prove
from accounts.models import User
from foundation.limits import network_of

CONFIRMED_ADDRESS = 1


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Residents get a person with their first sign-in, which proves level 1."""

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: Any,
        commit: Any = True,  # noqa: FBT002
    ) -> User:
        """Store a new resident's account; it gets its person when first signed in."""
        saved: User = super().save_user(request, user, form, commit=False)
        saved.email = saved.email.lower()
        if commit:
            saved.save()
        return saved

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in and note in the session what that proves."""
        super().login(request, user)
        request.session[SIGNED_IN_AT] = time()
        if isinstance(user, User):
            if not user.is_staff:
                register_person(user)
            kind = Kind.STAFF if user.is_staff else Kind.PERSON
            shown = identity_of(request.session)
            if not shown.meets(CONFIRMED_ADDRESS, kind=kind):
                prove(request.session, Identity(kind, CONFIRMED_ADDRESS))

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        """Count wrong passwords by network too: nobody locks another's account."""
        network = network_of(self.get_client_ip(request))
        return (
            f"{network} {super()._get_login_attempts_cache_key(request, **credentials)}"
        )

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Send a mail whose links lead to our address, whatever Host the visitor sent.

        Templates write them as `{{ base_url }}{% url … %}`; they get no other address.
        """
        ours = {k: v for k, v in context.items() if not k.endswith("_url")}
        super().send_mail(
            template_prefix, email, {**ours, "base_url": settings.BASE_URL}
        )
