"""Browsers of people: signed in, or with the key to one filing."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.identity import Identity, Kind, prove
from accounts.models import User
from applications.models import Application, Draft
from applications.queries import inquiry_code_of
from tests.factories.people import PASSWORD


def browser_of(user: User) -> Client:
    """Return the browser of someone who has signed in."""
    client = Client()
    client.force_login(user)
    session = client.session
    kind = Kind.STAFF if user.is_staff else Kind.PERSON
    prove(session, Identity(kind, 1))
    session.save()
    return client


def browser_with(filed: Application | Draft) -> Client:
    """Return a browser that holds the 問合せ番号 of one filing and no account."""
    client = Client()
    client.cookies[settings.CAPABILITY_COOKIE_NAME] = inquiry_code_of(filed)
    return client


def totp_code(user: User) -> str:
    """Return what the account's authenticator app shows now."""
    secret = Authenticator.objects.get(user=user, type="totp").data["secret"]
    counter = next(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(get_adapter().decrypt(secret), counter)))


def sign_in(client: Client, user: User) -> None:
    """Bring staff through the door of the desk: password, then second factor."""
    credentials = {"login": user.email, "password": PASSWORD}
    client.post(reverse("admin:login"), credentials)
    client.post(reverse("mfa_authenticate"), {"code": totp_code(user)})
