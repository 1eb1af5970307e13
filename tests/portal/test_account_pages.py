"""Pages of the account library are ours: our frame, plain Japanese, no jargon."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

FOR_ANYBODY = [
    "account_login",
    "account_signup",
    "account_signup_by_passkey",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
]
SIGNED_IN = [
    "account_email",
    "account_logout",
    "account_set_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
]
OF_STAFF = [
    "account_change_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
]
# Words of the trade that Japanese people read in Latin letters.
KNOWN = {"AI", "API", "Cookie", "FAQ", "IP", "IPアドレス", "JavaScript", "PDF", "QR"}


def words_in_english(page):
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    page = re.sub(r'class="number">[^<]+<', "><", page)
    text = re.sub(r"<[^>]+>|\S+@\S+", " ", page)
    return set(re.findall(r"[A-Za-z]{2,}", text)) - KNOWN


def assert_ours(response):
    page = response.content.decode()
    assert response.status_code == 200
    assert "高知県版ポータル</title>" in page
    assert page.count("<h1") == 1
    assert words_in_english(page.partition("</head>")[2]) == set()


def sign_in(client, user):
    client.force_login(user)
    if user.is_staff:
        proof = {"password": "a-long-sample-password"}  # pragma: allowlist secret
        assert client.post(reverse("account_reauthenticate"), proof).status_code == 302


@pytest.mark.parametrize("name", FOR_ANYBODY)
def test_a_page_before_sign_in_speaks_japanese(client, name):
    assert_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_of_ones_account_speaks_japanese(client, name):
    sign_in(client, factories.resident())

    assert_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", OF_STAFF)
def test_a_page_of_the_staffs_account_speaks_japanese(client, name):
    user = factories.staff(organization=factories.MUROTO)
    RecoveryCodes.activate(user)
    sign_in(client, user)

    assert_ours(client.get(reverse(name)))


def test_a_dead_link_for_a_new_password_says_what_to_do(client):
    path = reverse("account_reset_password_from_key", args=["1", "spent"])

    response = client.get(path)

    assert_ours(response)
    assert "もう一度メールを受け取る" in response.content.decode()


def test_signing_in_by_code_is_japanese_from_mail_to_mistake(client, mailoutbox):
    user = factories.resident()

    client.post(reverse("account_login"), {"login": user.email})
    (mail,) = mailoutbox
    page = client.get(reverse("account_confirm_login_code"))
    wrong = client.post(reverse("account_confirm_login_code"), {"code": "WRONG"})

    assert mail.subject == "ログインの確認コード（高知県版ポータル）"
    code = re.search(r"^[A-Z0-9-]{6,}$", mail.body, re.MULTILINE)[0]
    assert words_in_english(mail.body.replace(code, "")) == set()
    assert_ours(page)
    assert "確認コードがちがいます。" in wrong.content.decode()


def test_an_empty_answer_is_told_what_to_do(client):
    page = client.post(reverse("account_signup"), {"email": ""}).content.decode()

    assert "<title>エラー：アカウントを作る" in page
    assert "この項目は必ず入力してください。" in page


def test_a_code_page_offers_another_code_and_a_way_out(client, mailoutbox):
    client.post(reverse("account_signup"), {"email": "new@example.jp"})

    page = client.get(reverse("account_email_verification_sent")).content.decode()

    assert "new@example.jp" in page
    assert "コードをもう一度送る" in page
    assert "やめてログイン画面へ戻る" in page
