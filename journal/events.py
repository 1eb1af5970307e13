"""Facts in the past tense, and who wants to hear of them."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, Self, TypeVar, get_type_hints
from uuid import UUID

_EVENTS: dict[str, type["Event"]] = {}
_SUBSCRIBERS: dict[str, list["Subscriber"]] = {}
_TO_ALL: list["Subscriber"] = []

type_by_name = _EVENTS.__getitem__


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact about one subject of one body: ids and codes, never personal data.

    A subclass names itself (`name = "applications.returned"`, `label` for people) and
    the field that holds its subject's id (`subject = "application_id"`).
    """

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    subject: ClassVar[str] = ""
    organization_id: int

    def __init_subclass__(cls) -> None:
        if cls.name:
            _EVENTS[cls.name] = cls

    @property
    def subject_id(self) -> UUID:
        """The id of what the event is about; events of one subject keep their order."""
        subject: UUID = getattr(self, self.subject)
        return subject

    def payload(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return {f.name: _encode(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """Build the event from `payload`; fields it does not know are left out."""
        hints = get_type_hints(cls)
        known = {f.name for f in fields(cls)} & payload.keys()
        return cls(**{name: _decode(hints[name], payload[name]) for name in known})


Subscriber = Callable[[Any, UUID], None]
F = TypeVar("F", bound=Subscriber)


def subscriber(event: type[Event]) -> Callable[[F], F]:
    """Call the function with (event, entry id) at least once after each `event`.

    It must bear being called again: the entry id is the key for what may be done once.
    """

    def register(function: F) -> F:
        _SUBSCRIBERS.setdefault(event.name, []).append(function)
        return function

    return register


def subscriber_to_all(function: F) -> F:
    """Call the function after each event of whatever name, as `subscriber` does."""
    _TO_ALL.append(function)
    return function


def labels() -> dict[str, str]:
    """Return the name of every event with what people call it."""
    return {name: event.label or name for name, event in sorted(_EVENTS.items())}


def subscribers_of(name: str) -> tuple[Subscriber, ...]:
    """Return the functions that want events called `name`, in order of registration."""
    return (*_SUBSCRIBERS.get(name, ()), *_TO_ALL)


def _encode(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case tuple() | list():
            return [_encode(item) for item in value]
    return value


def _decode(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if hint in (UUID, UUID | None):
        return UUID(value)
    if hint in (datetime, datetime | None):
        return datetime.fromisoformat(value)
    if hint in (date, date | None):
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
