import os
import runpy
from base64 import b32encode

import pytest
import time_machine
from django.core.mail import EmailMessage, get_connection
from django.urls import include, path

from kochi_portal import settings as settings_module
from kochi_portal import urls

urlpatterns = [
    path("mailbox/", include("kochi_portal.mailbox")),
    *urls.urlpatterns,
]

RFC_6238_SECRET = b32encode(b"12345678901234567890").decode()


@pytest.fixture
def mailbox(settings, tmp_path):
    """Send mail into a folder, and show it as `make run` does."""
    settings.EMAIL_BACKEND = "kochi_portal.mailbox.FolderBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.ROOT_URLCONF = __name__
    return tmp_path / "mail"


def send(subject, *, message_id, body="確認コードは 123456 です。"):
    EmailMessage(
        subject,
        body,
        "高知県版ポータル <portal@localhost>",
        ["hanako@example.jp"],
        headers={"Message-ID": f"<{message_id}@localhost>"},
        connection=get_connection(),
    ).send()


def test_a_mail_that_is_sent_twice_lies_in_the_folder_once(mailbox):
    send("一通目", message_id="1")
    send("一通目", message_id="1")

    assert [file.name for file in mailbox.iterdir()] == ["1@localhost.eml"]


def test_a_message_id_never_leads_out_of_the_folder(mailbox):
    send("どこへ", message_id="../../etc/passwd")

    assert [file.parent for file in mailbox.iterdir()] == [mailbox]
    assert list(mailbox.parent.iterdir()) == [mailbox]


def test_the_mailbox_lists_mails_newest_first(mailbox, client):
    send("先のお知らせ", message_id="1")
    send("後のお知らせ", message_id="2")
    os.utime(mailbox / "1@localhost.eml", (0, 0))
    page = client.get("/mailbox/").content.decode()

    assert page.index("後のお知らせ") < page.index("先のお知らせ")
    assert "hanako@example.jp" in page


def test_a_mail_is_shown_decoded_and_as_text(mailbox, client):
    send("【受付】髙知", message_id="1", body="確認コード 123456\n<script>alert(1)")
    page = client.get("/mailbox/1@localhost/")
    text = page.content.decode()

    assert "【受付】髙知" in text
    assert "確認コード 123456" in text
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    assert "'none'" in page["Content-Security-Policy"]


@time_machine.travel("1970-01-01T00:00:59Z", tick=False)
def test_the_mailbox_shows_the_second_factor_of_the_samples_staff(
    mailbox, client, monkeypatch
):
    # Source: RFC 6238 Appendix B, the last six digits.
    monkeypatch.setattr("kochi_portal.mailbox.TOTP_SECRET", RFC_6238_SECRET)

    assert "287082" in client.get("/mailbox/").content.decode()


def test_an_empty_mailbox_says_what_brings_mail(mailbox, client):
    assert "まだメールは届いていません" in client.get("/mailbox/").content.decode()


def test_a_mail_that_is_not_there_is_404(mailbox, client):
    send("一通", message_id="1")

    assert client.get("/mailbox/2@localhost/").status_code == 404
    assert client.get("/mailbox/..%2F1@localhost/").status_code == 404


def test_the_mailbox_is_not_routed_where_the_portal_is_no_sample(client):
    assert client.get("/mailbox/").status_code == 404


@pytest.mark.parametrize(
    ("url", "backend", "folder"),
    [
        (
            "filemail:///var/mail/portal",
            "kochi_portal.mailbox.FolderBackend",
            "/var/mail/portal",
        ),
        (
            "smtp://mail.example:25",
            "django.core.mail.backends.smtp.EmailBackend",
            "",
        ),
    ],
)
def test_the_address_of_mail_decides_where_it_goes(monkeypatch, url, backend, folder):
    monkeypatch.setenv("EMAIL_URL", url)
    made = runpy.run_path(settings_module.__file__)

    assert made["EMAIL_BACKEND"] == backend
    assert made.get("EMAIL_FILE_PATH", "") == folder
