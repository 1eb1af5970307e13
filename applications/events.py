"""What happened to applications and forms: ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ApplicationEvent(Event):
    """Something happened to one application."""

    subject: ClassVar[str] = "application_id"
    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationFiled(ApplicationEvent):
    """It arrived at the body (到達)."""

    name: ClassVar[str] = "applications.filed"
    label: ClassVar[str] = "到達"
    offering_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class ApplicationAccepted(ApplicationEvent):
    """Staff took it up (受付)."""

    name: ClassVar[str] = "applications.accepted"
    label: ClassVar[str] = "受付"


@dataclass(frozen=True, kw_only=True)
class ApplicationReturned(ApplicationEvent):
    """Staff sent it back to be corrected (補正依頼)."""

    name: ClassVar[str] = "applications.returned"
    label: ClassVar[str] = "補正の依頼"
    correction_id: UUID
    field_keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ApplicationResumed(ApplicationEvent):
    """Staff examine it as it is, without the correction (審査の再開)."""

    name: ClassVar[str] = "applications.resumed"
    label: ClassVar[str] = "補正を待たない審査の再開"
    correction_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationCorrected(ApplicationEvent):
    """The applicant sent it again, corrected (補正)."""

    name: ClassVar[str] = "applications.corrected"
    label: ClassVar[str] = "補正の到達"
    version: int


@dataclass(frozen=True, kw_only=True)
class ApplicationDecided(ApplicationEvent):
    """It came to its end: completed, approved or rejected (完了・処分)."""

    name: ClassVar[str] = "applications.decided"
    label: ClassVar[str] = "処理の終了"
    outcome: str
    by_post: bool = False


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(ApplicationEvent):
    """The applicant took it back (取下げ)."""

    name: ClassVar[str] = "applications.withdrawn"
    label: ClassVar[str] = "取下げ"


@dataclass(frozen=True, kw_only=True)
class ApplicationAssigned(ApplicationEvent):
    """It was given to a member of staff (担当者の割当)."""

    name: ClassVar[str] = "applications.assigned"
    label: ClassVar[str] = "担当者の変更"
    assignee_id: int | None


@dataclass(frozen=True, kw_only=True)
class NoteWritten(ApplicationEvent):
    """Staff wrote something down for each other (内部メモ); not here what."""

    name: ClassVar[str] = "applications.note_written"
    label: ClassVar[str] = "内部メモの記入"
    note_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationMoved(ApplicationEvent):
    """It went to the department that took over (部署の引継ぎ)."""

    name: ClassVar[str] = "applications.moved"
    label: ClassVar[str] = "担当部署の引継ぎ"
    from_department_id: UUID
    to_department_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonalDataViewed(ApplicationEvent):
    """Staff or a program looked at the answers (個人情報の閲覧)."""

    name: ClassVar[str] = "applications.viewed"
    label: ClassVar[str] = "内容の閲覧"
    via: str


@dataclass(frozen=True, kw_only=True)
class ApplicationsExported(Event):
    """Staff took a list of cases along as a file (書出し); each case tells too."""

    name: ClassVar[str] = "applications.exported"
    label: ClassVar[str] = "一覧の書出し"
    subject: ClassVar[str] = "export_id"
    export_id: UUID
    procedure: str


@dataclass(frozen=True, kw_only=True)
class DocumentDownloaded(ApplicationEvent):
    """A document was fetched (文書の取得); the first time counts for a notice."""

    name: ClassVar[str] = "applications.document_downloaded"
    label: ClassVar[str] = "文書の取得"
    document_id: UUID


@dataclass(frozen=True, kw_only=True)
class FormPublished(Event):
    """A form got a new immutable revision (様式の公開)."""

    name: ClassVar[str] = "applications.form_published"
    label: ClassVar[str] = "様式の公開"
    subject: ClassVar[str] = "form_id"
    form_id: UUID
    number: int
    sha256: str
