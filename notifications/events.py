"""What staff did with messages: ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from journal.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageResent(Event):
    """Staff had a message sent again that could not be sent (再送)."""

    name: ClassVar[str] = "notifications.message_resent"
    label: ClassVar[str] = "通知の再送"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
