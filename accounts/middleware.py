"""Sessions that end: after a while without a click, after a day's work, when told to.

With the session goes what the browser kept of its pages. Not its cookies: browsers
would take those of the whole domain, our neighbours' and the farewell's included; and
the key of what was filed without an account belongs to no session, and is all that
opens a draft.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import time
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.db.transaction import get_connection
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.identity import SIGNED_IN_AT
from accounts.models import User

SEEN_AT = "seen_at"
SIGNED_OUT = "portal.signed_out"
# Source: W3C Clear Site Data §3.1
FORGET = '"cache", "storage"'
# Writing the session at every click would cost more than it tells.
NOTED_EVERY_SECONDS = 60


class Limits(NamedTuple):
    """How long a session lasts without a click, and at most."""

    idle: timedelta
    absolute: timedelta


OF_STAFF = Limits(timedelta(minutes=30), timedelta(hours=8))
OF_RESIDENTS = Limits(timedelta(minutes=60), timedelta(hours=12))


class SessionLimitsMiddleware:
    """Sign out whoever comes back too late; ask the session only if the page does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(_user_in_time, request))  # type: ignore[assignment]
        response = self.get_response(request)
        # At the end, for a sign-in on the way has begun another session; and not where
        # the view failed, for then nothing can be written any more.
        session, failed = request.session, get_connection().needs_rollback
        if session.accessed and SESSION_KEY in session and not failed:
            _note(session)
        if SIGNED_OUT in request.META:
            response.headers["Clear-Site-Data"] = FORGET
        return response


@receiver(user_logged_out)
def _forget(request: HttpRequest, **_: Any) -> None:
    """Have the browser forget, whichever door one leaves by."""
    request.META[SIGNED_OUT] = True


def _user_in_time(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    user = get_user(request)
    if not isinstance(user, User):
        return user
    limits = OF_STAFF if user.is_staff else OF_RESIDENTS
    sentence = _too_late(request.session, limits)
    if not sentence:
        return user
    request.session.flush()
    _forget(request)
    messages.info(request, sentence, fail_silently=True)
    return AnonymousUser()


def _too_late(session: SessionBase, limits: Limits) -> str:
    """Return what to tell someone whose session has ended; empty while it lasts."""
    now = time()
    if now - session.get(SIGNED_IN_AT, now) >= limits.absolute.total_seconds():
        hours = limits.absolute // timedelta(hours=1)
        return f"ログインから{hours}時間たったため、ログアウトしました。"
    if now - session.get(SEEN_AT, now) >= limits.idle.total_seconds():
        minutes = limits.idle // timedelta(minutes=1)
        return f"{minutes}分間操作がなかったため、ログアウトしました。"
    return ""


def _note(session: SessionBase) -> None:
    """Write down that the session is in use, at most once a minute."""
    now = time()
    if SIGNED_IN_AT not in session:
        session[SIGNED_IN_AT] = now
    if now - session.get(SEEN_AT, 0) >= NOTED_EVERY_SECONDS:
        session[SEEN_AT] = now
