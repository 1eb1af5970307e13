"""Queue messages once; send them at least once, in order for each subject."""

import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.actions import record
from notifications.channels import Channel, MailChannel
from notifications.errors import AddressRefused, MessageNotResendable
from notifications.events import MessageResent
from notifications.models import Message, MessageState
from notifications.queries import letter_of
from organizations.models import WORKING_ROLES, Role
from organizations.queries import has_role

logger = logging.getLogger(__name__)

# A dead worker's messages are sent by another after this. Nobody begins a letter that
# could outlast it: a slow server takes some ten answers of EMAIL_TIMEOUT each.
LEASE = timedelta(minutes=5)
_LAST_START_SECONDS = 120
_BATCH = 20
_LONGEST_RUN_SECONDS = 60
_LONGEST_WAIT_SECONDS = 3600
# With the waits doubling up to an hour: about four days.
# Source: RFC 5321 §4.5.4.1, "the give-up time generally needs to be at least 4-5 days"
LAST_ATTEMPT = 110
# For whoever says that nothing came; the same as a draft is kept.
ADDRESS_KEPT = timedelta(days=90)

ring: list[Callable[[], object]] = []
"""What to call when messages were queued; `notifications.tasks` fills it."""


def queue_message(message: Message) -> None:
    """Queue a message, unless its body has queued one with the same key.

    The key says what it is about, such as a journal entry: told twice, said once. Its
    context never holds answers, names or secrets.
    """
    Message.objects.bulk_create([message], ignore_conflicts=True)
    for bell in ring:
        transaction.on_commit(bell, robust=True)


def send_due_messages() -> int:
    """Send what is due, batch by batch; return how many were sent."""
    sent, begun = 0, monotonic()
    while monotonic() - begun < _LONGEST_RUN_SECONDS and (messages := _claim()):
        try:
            with MailChannel() as channel:
                sent += _send_batch(messages, channel)
        except OSError as error:
            logger.warning("mail server unreachable", exc_info=True)
            for message in messages:
                _postpone(message, error)
            break
    return sent


@transaction.atomic(using="worker")
def _claim() -> list[Message]:
    """Take the messages that wait longest, until the lease ends."""
    messages = list(
        Message.objects.using("worker")
        .due()
        .order_by("position")
        .select_for_update(skip_locked=True)[:_BATCH]
    )
    for message in messages:
        message.state = MessageState.SENDING
        message.attempts += 1
        message.due_at = timezone.now() + LEASE
    Message.objects.using("worker").bulk_update(
        messages, ["state", "attempts", "due_at"]
    )
    return messages


def _send_batch(messages: list[Message], channel: Channel) -> int:
    begun, sent = monotonic(), 0
    for message in messages:
        if monotonic() - begun > _LAST_START_SECONDS:
            break  # the lease brings the others back
        sent += _send(message, channel)
    return sent


def _send(message: Message, channel: Channel) -> bool:
    try:
        channel.send(letter_of(message))
    except AddressRefused as refused:
        _settle(message, state=MessageState.FAILED, failure=str(refused.code))
        return False
    except Exception as error:
        # Whatever is wrong with one message must not stop those of other people.
        logger.exception("message not sent", extra={"message_id": str(message.pk)})
        _postpone(message, error)
        return False
    return _settle(message, state=MessageState.SENT, sent_at=timezone.now())


def _postpone(message: Message, error: Exception) -> None:
    """Try again later, ever later; give up after some days."""
    failure = type(error).__name__
    if message.attempts >= LAST_ATTEMPT:
        _settle(message, state=MessageState.FAILED, failure=failure)
        logger.error("message given up", extra={"message_id": str(message.pk)})
        return
    wait_seconds = min(2**message.attempts, _LONGEST_WAIT_SECONDS)
    due_at = timezone.now() + timedelta(seconds=wait_seconds)
    _settle(message, state=MessageState.QUEUED, due_at=due_at, failure=failure)


def _settle(message: Message, **changed: object) -> bool:
    """Write down how the attempt ended, unless another attempt has begun since."""
    return bool(
        Message.objects.using("worker")
        .filter(
            organization_id=message.organization_id,
            pk=message.pk,
            attempts=message.attempts,
            state=MessageState.SENDING,
        )
        .update(**changed)
    )


def forget_addresses() -> int:
    """Blank the addresses of messages settled long ago; return how many.

    That something was said, and about what, stays; to whom is then known only where
    the form or the account still says it. What was given up can be sent no more.
    """
    moment = timezone.now() - ADDRESS_KEPT
    long_ago = Message.objects.using("worker").settled_before(moment)
    return long_ago.update(address="")


MAY_RESEND = (*WORKING_ROLES, Role.ADMINISTRATOR)


@transaction.atomic
def resend_message(message: Message, *, by: User) -> None:
    """Queue a message again that was given up (再送); its tries begin anew.

    Raises:
        MessageNotResendable: it was not given up, its address is forgotten, or `by`
            does not work for the body.
    """
    if not has_role(by, message.organization_id, *MAY_RESEND):
        raise MessageNotResendable
    given_up = Message.objects.filter(
        organization_id=message.organization_id,
        pk=message.pk,
        state=MessageState.FAILED,
    ).exclude(address="")
    if not given_up.update(
        state=MessageState.QUEUED, attempts=0, due_at=timezone.now(), failure=""
    ):
        raise MessageNotResendable
    event = MessageResent(
        organization_id=message.organization_id, message_id=message.pk
    )
    record(event, by=by)
    for bell in ring:
        transaction.on_commit(bell, robust=True)
