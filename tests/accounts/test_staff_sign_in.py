"""Staff sign in by password and second factor, or not at all."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.actions import staff_account
from accounts.identity import Kind, identity_of
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return factories.staff("clerk", organization=MUROTO)


def ask(client, user, password=factories.PASSWORD):
    return client.post(
        reverse("admin:login") + "?next=/admin/applications/application/",
        {"login": user.email, "password": password},
    )


def test_the_desk_leads_visitors_to_its_own_door(client):
    response = client.get(reverse("admin:index"), follow=True)

    page = response.content.decode()
    assert response.redirect_chain[0][0].startswith(reverse("admin:login"))
    assert "職員ログイン" in page
    assert 'type="password"' in page
    assert 'name="remember"' not in page


def test_password_and_second_factor_open_the_desk(client, staff):
    response = ask(client, staff)
    assert urlsplit(response["Location"]).path == reverse("mfa_authenticate")
    assert client.get(reverse("admin:index")).status_code == 302

    response = client.post(
        reverse("mfa_authenticate"), {"code": factories.totp_code(staff)}
    )

    assert response["Location"] == "/admin/applications/application/"
    assert client.get(response["Location"]).status_code == 200
    assert identity_of(client.session).kind == Kind.STAFF
    assert client.session.get_expire_at_browser_close()


def test_a_password_alone_opens_nothing(client, staff):
    ask(client, staff)

    assert client.get(reverse("admin:index")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_wrong_second_factor_opens_nothing(client, staff):
    ask(client, staff)
    wrong = "000000" if factories.totp_code(staff) != "000000" else "111111"

    client.post(reverse("mfa_authenticate"), {"code": wrong})

    assert client.get(reverse("admin:index")).status_code == 302


def test_a_wrong_password_is_told_without_saying_whose(client, staff):
    known = ask(client, staff, "wrong")
    unknown = client.post(
        reverse("admin:login"),
        {"login": "nobody@example.jp", "password": "wrong"},  # pragma: allowlist secret
    )

    told = [
        re.findall(r"<li>(.*?)</li>", page.content.decode())
        for page in (known, unknown)
    ]
    assert known.status_code == unknown.status_code == 422
    assert told[0] == told[1]


def test_staff_without_a_second_factor_must_enrol_one_first(client):
    newcomer = factories.staff("clerk", organization=MUROTO, second_factor=False)

    ask(client, newcomer)
    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain[-1][0] == reverse("mfa_index")
    assert "認証アプリかパスキーの登録が必要です" in response.content.decode()


def test_an_authenticator_app_that_is_enrolled_opens_the_desk(client):
    newcomer = factories.staff("clerk", organization=MUROTO, second_factor=False)
    ask(client, newcomer)
    asked = client.get(reverse("mfa_activate_totp"))
    client.post(asked["Location"], {"password": factories.PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    client.post(reverse("mfa_activate_totp"), {"code": code})

    assert client.get(reverse("admin:index")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client):
    newcomer = factories.staff("clerk", organization=MUROTO, second_factor=False)
    Authenticator.objects.create(user=newcomer, type="recovery_codes", data={})
    client.force_login(newcomer)

    assert client.get(reverse("admin:index")).status_code == 302


def test_a_resident_is_refused_at_the_desk(client):
    client.force_login(factories.resident())

    response = client.get(reverse("admin:index"), follow=True)

    assert response.status_code == 403


def test_staff_who_were_let_go_are_signed_out(client, staff):
    client.force_login(staff)
    staff.is_active = False
    staff.save()

    assert client.get(reverse("admin:index")).status_code == 302


def test_signing_out_leads_back_to_the_door(client, staff):
    client.force_login(staff)

    response = client.post(reverse("admin:logout"), follow=True)

    assert "ログアウトしました" in response.content.decode()
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_new_colleague_signs_in_by_mail_and_is_asked_for_a_second_factor():
    colleague = staff_account("new@muroto.example", display_name="新任")
    client = Client()

    client.post(reverse("account_login"), {"login": colleague.email})
    [letter] = mail.outbox
    code = re.search(r"^[A-Z0-9-]{6,}$", letter.body, re.MULTILINE)[0]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain[-1][0] == reverse("mfa_index")


def test_a_staff_account_belongs_to_no_person_and_has_no_password():
    colleague = staff_account("New@Muroto.example")

    assert colleague.email == "new@muroto.example"
    assert colleague.person_id is None
    assert not colleague.has_usable_password()
    assert staff_account("new@muroto.example") == colleague
