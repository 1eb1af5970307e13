"""A sign-up that nobody confirmed stands in nobody's way, and does not stay."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import UNCONFIRMED_KEPT, staff_account
from accounts.errors import AccountNotOfStaff
from accounts.models import User
from accounts.tasks import forget_unconfirmed
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

ADDRESS = "new@muroto.example"


def sign_up(address=ADDRESS, *, days_ago=0):
    client = Client()
    client.post(reverse("account_signup"), {"email": address})
    joined = timezone.now() - timedelta(days=days_ago)
    User.objects.filter(email=address).update(date_joined=joined)
    return client, User.objects.get(email=address)


def code():
    return re.search(r"^[A-Z0-9-]{6,}$", mail.outbox[-1].body, re.MULTILINE)[0]


def confirm(client):
    return client.post(reverse("account_email_verification_sent"), {"code": code()})


def test_an_address_that_a_stranger_typed_can_still_become_staff():
    _, claimed = sign_up()
    assert claimed.person_id is None

    colleague = staff_account(ADDRESS.upper(), display_name="新任")

    assert (colleague.is_staff, colleague.display_name) == (True, "新任")
    assert not User.objects.filter(pk=claimed.pk).exists()


def test_the_stranger_gets_nothing_of_it_even_with_the_code():
    client, _ = sign_up()
    staff_account(ADDRESS)

    response = confirm(client)

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_confirmed_account_stays_a_residents():
    client, resident = sign_up()
    confirm(client)

    with pytest.raises(AccountNotOfStaff):
        staff_account(ADDRESS)

    resident.refresh_from_db()
    assert resident.person_id


def test_after_a_day_the_night_forgets_a_sign_up_nobody_confirmed():
    _, stale = sign_up(days_ago=UNCONFIRMED_KEPT.days)
    _, fresh = sign_up("fresh@example.jp")

    forget_unconfirmed()

    assert not User.objects.filter(pk=stale.pk).exists()
    assert User.objects.filter(pk=fresh.pk).exists()


def test_the_night_leaves_everybody_else():
    client, used = sign_up(days_ago=400)
    confirm(client)
    newcomer = staff_account("newcomer@muroto.example")
    kept = [used, newcomer, factories.resident()]
    kept.append(factories.staff("clerk", organization=MUROTO))
    ago = timezone.now() - timedelta(days=400)
    User.objects.update(date_joined=ago)
    signed_in = User.objects.create_user("guest@example.jp", last_login=ago)
    User.objects.filter(pk=signed_in.pk).update(date_joined=ago)

    forget_unconfirmed()

    assert set(User.objects.all()) >= {*kept, signed_in}
