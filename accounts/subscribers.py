"""What follows when an account gets another key."""

from typing import Any

from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User


@receiver(authenticator_added)
def end_other_sessions(request: HttpRequest, user: User, **_: Any) -> None:
    """End the account's sessions but this one: they began without the new key.

    Staff are let in because their account has a second factor; whoever had signed in
    before it had one was never asked for it.
    """
    current = request.session.session_key
    for session in UserSession.objects.filter(user=user).exclude(session_key=current):
        session.end()
