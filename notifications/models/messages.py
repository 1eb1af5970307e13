"""Messages: said once, even if the event that caused them is delivered twice."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, Func, OuterRef, Value
from django.utils import timezone

from accounts.models import Person
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import FiledQuerySet
from organizations.models import Organization


class MessageState(models.TextChoices):
    """Where a message stands (送信状態)."""

    QUEUED = "queued", "送信待ち"
    SENDING = "sending", "送信中"
    SENT = "sent", "送信済み"
    FAILED = "failed", "送信できず"


class Template(models.TextChoices):
    """What a message says (文面); its words stand in `templates/notifications/`."""

    RECEIVED = "received", "受付のお知らせ"
    RETURNED = "returned", "補正のお願い"
    RESUMED = "resumed", "補正の受付を終えたお知らせ"
    CORRECTED = "corrected", "補正を受け取ったお知らせ"
    DECIDED = "decided", "結果が出たお知らせ"
    WITHDRAWN = "withdrawn", "取下げを受け付けたお知らせ"
    TICKET_WAITING = "ticket_waiting", "相談が届いたお知らせ（窓口あて）"
    TICKET_ANSWERED = "ticket_answered", "相談に返事をしたお知らせ"


WAITING = (MessageState.QUEUED, MessageState.SENDING)
SETTLED = (MessageState.SENT, MessageState.FAILED)


class MessageQuerySet(FiledQuerySet["Message"]):
    """Messages."""

    def due(self) -> Self:
        """Those to be sent now: queued, or claimed by a worker that never came back.

        In order for each subject: one waits while an earlier one is not settled.
        """
        earlier = Message.objects.filter(
            organization=OuterRef("organization"),
            subject_id=OuterRef("subject_id"),
            position__lt=OuterRef("position"),
            state__in=WAITING,
        )
        return self.filter(
            ~Exists(earlier), state__in=WAITING, due_at__lte=timezone.now()
        )

    def settled_before(self, moment: datetime) -> Self:
        """Those last tried before then, sent or given up, that still know to whom."""
        return self.filter(state__in=SETTLED, due_at__lt=moment).exclude(address="")


class Message(models.Model):
    """One message to one address about one subject (通知)."""

    tenancy = policies.BODY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name="宛先の人",
    )
    key = models.CharField("重複防止キー", max_length=100)
    template = models.CharField("文面", max_length=50, choices=Template)
    context = models.JSONField("差込み", default=dict)
    subject_id = models.UUIDField("対象")
    # Empty once it is forgotten.
    address = models.EmailField("宛先", blank=True)
    state = models.CharField(
        "状態", max_length=10, choices=MessageState, default=MessageState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    due_at = models.DateTimeField("送信予定", default=timezone.now)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)
    failure = models.CharField("送れなかった理由", max_length=100, blank=True)
    # Ids sort by the clocks of several machines; the order of saying must not.
    position = models.BigIntegerField(
        "順番",
        editable=False,
        db_default=Func(Value("notifications_message_order"), function="nextval"),
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        constraints = (
            models.UniqueConstraint(
                "organization", "key", name="notifications_message_said_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["position"],
                condition=models.Q(state__in=WAITING),
                name="message_to_send",
            ),
            models.Index(
                fields=["subject_id", "position"],
                condition=models.Q(state__in=WAITING),
                name="message_in_order",
            ),
            models.Index(fields=["organization", "-id"], name="message_newest"),
            models.Index(
                fields=["state"],
                condition=~models.Q(state=MessageState.SENT),
                name="message_unsent",
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=SETTLED) & ~models.Q(address=""),
                name="message_to_forget",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_template_display()} {self.subject_id}"
