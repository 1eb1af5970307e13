"""A mailbox in the browser, for trying the portal out: SAMPLE only, never routed else.

Mail goes into a folder, one `.eml` file each; the page shows what lies there, so that
whoever tries the portal finds sign-in codes and notices without a mail server.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from pathlib import Path
from time import time
from typing import Self

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from kochi_portal.sample import TOTP_SECRET

_UNSAFE_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9@.-]")


def folder() -> Path:
    """Return the folder that holds the mail."""
    return Path(settings.EMAIL_FILE_PATH)


class FolderBackend(BaseEmailBackend):
    """Write each mail to a file named by its Message-ID: sent twice, it lies once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails; a reader sees each whole or not at all."""
        folder().mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            content = mail.message()
            name = _UNSAFE_IN_FILE_NAMES.sub("", content["Message-ID"])
            fresh = folder() / f".{name}.new"
            fresh.write_bytes(content.as_bytes())
            fresh.replace(folder() / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """One mail of the folder, decoded."""

    name: str
    at: datetime
    sender: str
    recipients: str
    subject: str
    text: str

    @classmethod
    def read(cls, file: Path) -> Self:
        """Decode the file; an HTML part is left aside."""
        parsed = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert isinstance(parsed, ParsedMail)  # noqa: S101 - so says the policy
        body = parsed.get_body(("plain",))
        return cls(
            name=file.stem,
            at=datetime.fromtimestamp(
                file.stat().st_mtime, tz=timezone.get_current_timezone()
            ),
            sender=str(parsed["From"]),
            recipients=str(parsed["To"]),
            subject=str(parsed["Subject"]),
            text=body.get_content() if body else "",
        )


def mails() -> list[Mail]:
    """Return what lies in the folder, newest first."""
    found = [Mail.read(file) for file in folder().glob("[!.]*.eml")]
    return sorted(found, key=lambda mail: mail.at, reverse=True)


def index(request: HttpRequest) -> HttpResponse:
    """List the mails."""
    columns = ("件名", "宛先", "日時")
    rows = [
        [
            {
                "label": columns[0],
                "text": mail.subject,
                "url": reverse("mailbox:message", args=[mail.name]),
            },
            {"label": columns[1], "text": mail.recipients},
            {"label": columns[2], "text": f"{mail.at:%m月%d日 %H時%M分%S秒}"},
        ]
        for mail in mails()
    ]
    context = {"columns": columns, "rows": rows, "second_factor": _second_factor()}
    return render(request, "mailbox/index.html", context)


def _second_factor() -> str:
    """Return what the authenticator of the sample's staff shows now."""
    now = int(time()) // app_settings.TOTP_PERIOD
    shown: str = format_hotp_value(hotp_value(TOTP_SECRET, now))
    return shown


def message(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail.

    Raises:
        Http404: none of that name lies in the folder.
    """
    for mail in mails():
        if mail.name == name:
            return render(request, "mailbox/message.html", {"mail": mail})
    raise Http404


app_name = "mailbox"
urlpatterns = [
    path("", index, name="index"),
    path("<str:name>/", message, name="message"),
]
