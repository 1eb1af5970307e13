"""What happened to entries, questions and tickets: ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from journal.events import Event


@dataclass(frozen=True, kw_only=True)
class EntryEvent(Event):
    """Something happened to one entry."""

    subject: ClassVar[str] = "entry_id"
    entry_id: UUID


@dataclass(frozen=True, kw_only=True)
class RevisionSubmitted(EntryEvent):
    """Its author asks another to read it (確認の依頼)."""

    name: ClassVar[str] = "faq.revision_submitted"
    label: ClassVar[str] = "FAQの確認依頼"
    revision_id: UUID


@dataclass(frozen=True, kw_only=True)
class RevisionDeclined(EntryEvent):
    """The reviewer gave it back (差戻し)."""

    name: ClassVar[str] = "faq.revision_declined"
    label: ClassVar[str] = "FAQの差戻し"
    revision_id: UUID


@dataclass(frozen=True, kw_only=True)
class DraftDiscarded(EntryEvent):
    """Words that never answered are gone; an entry without others too (破棄)."""

    name: ClassVar[str] = "faq.draft_discarded"
    label: ClassVar[str] = "FAQの下書きの破棄"
    revision_id: UUID


@dataclass(frozen=True, kw_only=True)
class EntryPublished(EntryEvent):
    """New words answer from now on (公開)."""

    name: ClassVar[str] = "faq.entry_published"
    label: ClassVar[str] = "FAQの公開"
    revision_id: UUID
    audience: str


@dataclass(frozen=True, kw_only=True)
class EntryWithdrawn(EntryEvent):
    """It answers nobody any more (公開終了)."""

    name: ClassVar[str] = "faq.entry_withdrawn"
    label: ClassVar[str] = "FAQの公開終了"
    audience: str


@dataclass(frozen=True, kw_only=True)
class EntryRefiled(EntryEvent):
    """It lies elsewhere, or is looked at again on another day (分類・見直し日)."""

    name: ClassVar[str] = "faq.entry_refiled"
    label: ClassVar[str] = "FAQの分類・見直し日の変更"
    changed: str


@dataclass(frozen=True, kw_only=True)
class AlternativeAdded(EntryEvent):
    """Another wording finds it (言い換えの登録)."""

    name: ClassVar[str] = "faq.alternative_added"
    label: ClassVar[str] = "FAQの言い換えの登録"
    alternative_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlternativeRemoved(EntryEvent):
    """A wording finds it no more (言い換えの削除)."""

    name: ClassVar[str] = "faq.alternative_removed"
    label: ClassVar[str] = "FAQの言い換えの削除"
    alternative_id: UUID


@dataclass(frozen=True, kw_only=True)
class EntriesImported(Event):
    """A file brought drafts to a desk (一括取込み)."""

    name: ClassVar[str] = "faq.entries_imported"
    label: ClassVar[str] = "FAQの一括取込み"
    subject: ClassVar[str] = "desk_id"
    desk_id: UUID
    rows: int


@dataclass(frozen=True, kw_only=True)
class DeskEvent(Event):
    """Something happened to one desk."""

    subject: ClassVar[str] = "desk_id"
    desk_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeskOpened(DeskEvent):
    """Another desk answers (新設)."""

    name: ClassVar[str] = "faq.desk_opened"
    label: ClassVar[str] = "相談窓口の新設"


@dataclass(frozen=True, kw_only=True)
class DeskChanged(DeskEvent):
    """Its name, hours or rules are others (変更)."""

    name: ClassVar[str] = "faq.desk_changed"
    label: ClassVar[str] = "相談窓口の変更"


@dataclass(frozen=True, kw_only=True)
class DeskClosed(DeskEvent):
    """It answers no more (廃止)."""

    name: ClassVar[str] = "faq.desk_closed"
    label: ClassVar[str] = "相談窓口の廃止"


@dataclass(frozen=True, kw_only=True)
class TicketEvent(Event):
    """Something happened to one ticket."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionHandedOver(TicketEvent):
    """A question went to the people of a desk (引継ぎ)."""

    name: ClassVar[str] = "faq.question_handed_over"
    label: ClassVar[str] = "質問の引継ぎ"
    question_id: UUID
    desk_id: UUID
    number: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class TicketAnswered(TicketEvent):
    """The desk wrote back (返事)."""

    name: ClassVar[str] = "faq.ticket_answered"
    label: ClassVar[str] = "相談への返事"
    reply_id: UUID


@dataclass(frozen=True, kw_only=True)
class TicketFollowedUp(TicketEvent):
    """The person wrote again (追加の質問)."""

    name: ClassVar[str] = "faq.ticket_followed_up"
    label: ClassVar[str] = "相談への追加"
    reply_id: UUID


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketEvent):
    """It is in somebody's hands, or in nobody's (担当者の割当)."""

    name: ClassVar[str] = "faq.ticket_assigned"
    label: ClassVar[str] = "相談の担当者の割当"
    assignee_id: int | None


@dataclass(frozen=True, kw_only=True)
class TicketClosed(TicketEvent):
    """It has ended (終了)."""

    name: ClassVar[str] = "faq.ticket_closed"
    label: ClassVar[str] = "相談の終了"


@dataclass(frozen=True, kw_only=True)
class ClusterSettled(Event):
    """Staff have dealt with questions that nothing answered (未回答の対応)."""

    name: ClassVar[str] = "faq.cluster_settled"
    label: ClassVar[str] = "未回答のまとまりの対応"
    subject: ClassVar[str] = "cluster_id"
    cluster_id: UUID
    state: str


@dataclass(frozen=True, kw_only=True)
class QuestionsFrozen(Event):
    """From now on it measures, and does not change (問題集の固定)."""

    name: ClassVar[str] = "faq.test_set_frozen"
    label: ClassVar[str] = "FAQのテスト問題集の固定"
    subject: ClassVar[str] = "test_set_id"
    test_set_id: UUID


@dataclass(frozen=True, kw_only=True)
class CalibrationActivated(Event):
    """Other thresholds decide from now on (しきい値の変更)."""

    name: ClassVar[str] = "faq.calibration_activated"
    label: ClassVar[str] = "FAQのしきい値の変更"
    subject: ClassVar[str] = "calibration_id"
    calibration_id: UUID
    audience: str


@dataclass(frozen=True, kw_only=True)
class TicketsRemoved(Event):
    """Tickets of a desk that ended years ago are gone (保存期間の終わり)."""

    name: ClassVar[str] = "faq.tickets_removed"
    label: ClassVar[str] = "保存期間を過ぎた相談の削除"
    subject: ClassVar[str] = "desk_id"
    desk_id: UUID
    count: int
