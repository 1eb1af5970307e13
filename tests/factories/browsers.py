"""Browsers of people: signed in, or with the key to one filing."""

from django.conf import settings
from django.test import Client

from accounts.identity import Identity, Kind, prove
from accounts.models import User
from applications.models import Application, Draft
from applications.queries import inquiry_code_of


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
