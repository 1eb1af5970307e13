"""By mail."""

from smtplib import SMTPRecipientsRefused
from typing import Protocol, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from notifications.errors import AddressRefused
from notifications.queries import Letter

_PERMANENT = range(500, 600)  # RFC 5321 §4.2.1


class Channel(Protocol):
    """Carries letters; opened for a batch, closed after it."""

    def __enter__(self) -> Self:
        """Reach the other side."""

    def __exit__(self, *error: object) -> None:
        """Let go of it."""

    def send(self, letter: Letter) -> None:
        """Hand one letter over.

        Raises:
            AddressRefused: it can never arrive there; any other error may pass.
        """


class MailChannel:
    """E-mail through Django's `EMAIL_BACKEND`, one connection for a batch.

    The Message-ID follows from the message: should the same one be handed over twice,
    because a worker died between the server's 250 and our noting it, then mail
    programs that look at it show one.
    """

    def __enter__(self) -> Self:
        self._connection = get_connection()
        self._connection.open()
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def send(self, letter: Letter) -> None:
        """Hand one letter to the mail server.

        Raises:
            AddressRefused: the server refused the recipient for good.
        """
        mail = EmailMessage(
            letter.subject,
            letter.body,
            to=[letter.address],
            connection=self._connection,
            headers={
                "Message-ID": f"<{letter.id}@{urlsplit(settings.BASE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",  # RFC 3834: nobody answers it
                "Content-Language": "ja",
            },
        )
        # A connection that an earlier letter broke is opened again.
        self._connection.open()
        try:
            mail.send()
        except SMTPRecipientsRefused as refused:
            [(code, _)] = refused.recipients.values()
            if code in _PERMANENT:
                raise AddressRefused(code) from refused
            raise
        except OSError:
            self._connection.close()
            raise
