"""What happened to procedures and to what bodies offer: ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ProcedureEvent(Event):
    """Something happened to a procedure."""

    subject: ClassVar[str] = "procedure_id"
    procedure_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProcedurePublished(ProcedureEvent):
    """The public may see it (手続の公開)."""

    name: ClassVar[str] = "procedures.procedure_published"
    label: ClassVar[str] = "手続の公開"


@dataclass(frozen=True, kw_only=True)
class ProcedureWithdrawn(ProcedureEvent):
    """The public sees it no more (手続の公開終了)."""

    name: ClassVar[str] = "procedures.procedure_withdrawn"
    label: ClassVar[str] = "手続の公開終了"


@dataclass(frozen=True, kw_only=True)
class OfferingEvent(Event):
    """Something happened to what a body offers."""

    subject: ClassVar[str] = "offering_id"
    offering_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferingOpened(OfferingEvent):
    """A body entered a procedure that it will offer (受付の登録)."""

    name: ClassVar[str] = "procedures.offering_opened"
    label: ClassVar[str] = "受付の登録"
    procedure_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferingChanged(OfferingEvent):
    """Office, note or period changed (受付の変更)."""

    name: ClassVar[str] = "procedures.offering_changed"
    label: ClassVar[str] = "受付の変更"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OfferingPublished(OfferingEvent):
    """The public may apply to it (受付の公開)."""

    name: ClassVar[str] = "procedures.offering_published"
    label: ClassVar[str] = "受付の公開"


@dataclass(frozen=True, kw_only=True)
class OfferingWithdrawn(OfferingEvent):
    """The public sees it no more (受付の公開終了)."""

    name: ClassVar[str] = "procedures.offering_withdrawn"
    label: ClassVar[str] = "受付の公開終了"


@dataclass(frozen=True, kw_only=True)
class OfferingMoved(OfferingEvent):
    """It went to the department that took over (受付の引継ぎ)."""

    name: ClassVar[str] = "procedures.offering_moved"
    label: ClassVar[str] = "受付の引継ぎ"
    from_department_id: UUID
    to_department_id: UUID
