"""What happened to bodies and to the keys of other programs: ids and codes only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from journal.events import Event


@dataclass(frozen=True, kw_only=True)
class TokenEvent(Event):
    """Something happened to an API token.

    That of a person is told of under the prefecture, which keeps the portal.
    """

    subject: ClassVar[str] = "token_id"
    token_id: UUID


@dataclass(frozen=True, kw_only=True)
class TokenIssued(TokenEvent):
    """Another program got a key (APIトークンの発行)."""

    name: ClassVar[str] = "organizations.token_issued"
    label: ClassVar[str] = "APIトークンの発行"
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(TokenEvent):
    """A key opens nothing any more (APIトークンの失効)."""

    name: ClassVar[str] = "organizations.token_revoked"
    label: ClassVar[str] = "APIトークンの失効"


@dataclass(frozen=True, kw_only=True)
class DepartmentEvent(Event):
    """Something happened to a department."""

    subject: ClassVar[str] = "department_id"
    department_id: UUID


@dataclass(frozen=True, kw_only=True)
class DepartmentOpened(DepartmentEvent):
    """A department was entered, for a day that may still come (部署の新設)."""

    name: ClassVar[str] = "organizations.department_opened"
    label: ClassVar[str] = "部署の新設"
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class DepartmentContactChanged(DepartmentEvent):
    """Telephone, address or hours of a department changed (連絡先の変更)."""

    name: ClassVar[str] = "organizations.department_contact_changed"
    label: ClassVar[str] = "部署の連絡先の変更"


@dataclass(frozen=True, kw_only=True)
class DepartmentEnded(DepartmentEvent):
    """A department ends on a day, and another takes over (部署の廃止・名称変更)."""

    name: ClassVar[str] = "organizations.department_ended"
    label: ClassVar[str] = "部署の廃止・名称変更の登録"
    successor_id: UUID
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class DepartmentNameCorrected(DepartmentEvent):
    """A name that was still to come was replaced (予定の名称の訂正)."""

    name: ClassVar[str] = "organizations.department_name_corrected"
    label: ClassVar[str] = "予定していた部署の名称の訂正"


@dataclass(frozen=True, kw_only=True)
class DepartmentSucceeded(DepartmentEvent):
    """The day has come: another department has taken over (部署の引継ぎ)."""

    name: ClassVar[str] = "organizations.department_succeeded"
    label: ClassVar[str] = "部署の引継ぎ"
    successor_id: UUID


@dataclass(frozen=True, kw_only=True)
class MembershipEvent(Event):
    """Something happened to somebody's role in a body."""

    subject: ClassVar[str] = "membership_id"
    membership_id: UUID
    user_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class MembershipGiven(MembershipEvent):
    """Somebody got a role from a day on (役割の割当)."""

    name: ClassVar[str] = "organizations.membership_given"
    label: ClassVar[str] = "役割の割当"
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(MembershipEvent):
    """Somebody's role ends on a day (役割の終了)."""

    name: ClassVar[str] = "organizations.membership_ended"
    label: ClassVar[str] = "役割の終了"
    valid_until: date
