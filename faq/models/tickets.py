"""Tickets: what was handed over to a desk, and the messages that follow."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.models import User
from faq.models.conversations import Asked, Question
from faq.models.desks import Audience, Desk
from faq.models.entries import Language
from foundation.tenancy.querysets import FiledQuerySet


class TicketState(models.TextChoices):
    """Whose turn it is (相談の状態)."""

    WAITING = "waiting", "返事待ち"
    ANSWERED = "answered", "返事済み"
    CLOSED = "closed", "終了"


OPEN_TICKETS = (TicketState.WAITING, TicketState.ANSWERED)


class TicketQuerySet(FiledQuerySet["Ticket"]):
    """Tickets."""

    def waiting(self) -> Self:
        """Those that somebody at the desk has to answer."""
        return self.filter(state=TicketState.WAITING)

    def answered_before(self, moment: datetime) -> Self:
        """Those whose last word is the desk's, and older."""
        return self.filter(state=TicketState.ANSWERED, last_at__lt=moment)

    def closed_before(self, moment: datetime) -> Self:
        """Those ended before then."""
        return self.filter(state=TicketState.CLOSED, last_at__lt=moment)


class Ticket(Asked):
    """A question handed over to the people of a desk (引継ぎの相談)."""

    number = models.CharField("受付番号", max_length=24)
    question = models.ForeignKey(
        Question,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
        verbose_name="もとの質問",
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, db_constraint=False, verbose_name="相談窓口"
    )
    audience = models.CharField("対象", max_length=10, choices=Audience)
    language = models.CharField("言語", max_length=10, choices=Language)
    # [{"at", "question", "outcome", "shown"}]: the conversation until then, masked.
    transcript = models.JSONField("会話の記録", default=list)
    contact_email = models.EmailField("返事の宛先", blank=True)
    state = models.CharField(
        "状態", max_length=10, choices=TicketState, default=TicketState.WAITING
    )
    assignee = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )
    opened_at = models.DateTimeField("受付日時", default=timezone.now)
    last_at = models.DateTimeField("最終更新", default=timezone.now)
    due_on = models.DateField("返事の目安")
    # As a cluster's.
    learned_id = models.UUIDField("ここから作った項目", null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta(Asked.Meta):
        verbose_name = "引継ぎの相談"
        verbose_name_plural = "引継ぎの相談"
        ordering = ("-id",)
        constraints = (
            *Asked.Meta.constraints,
            models.UniqueConstraint(
                "organization", "number", name="faq_ticket_number_once"
            ),
            # Handed over twice by an impatient finger, it is one ticket.
            models.UniqueConstraint(
                "organization", "question", name="faq_ticket_once_a_question"
            ),
        )
        indexes = (
            models.Index(
                F("organization"),
                F("due_on"),
                F("id"),
                condition=Q(state=TicketState.WAITING),
                name="faq_ticket_to_do",
            ),
            models.Index(fields=["organization", "-id"], name="faq_ticket_newest"),
            models.Index(fields=["capability"], name="faq_ticket_by_capability"),
            models.Index(fields=["person", "-id"], name="faq_ticket_of_person"),
        )

    def __str__(self) -> str:
        return self.number


class Reply(Asked):
    """One message of a ticket, from the person or from the desk (やり取り)."""

    class Side(models.TextChoices):
        """Who wrote it."""

        ASKER = "asker", "相談者"
        DESK = "desk", "窓口"

    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="replies",
        verbose_name="相談",
    )
    side = models.CharField("差出人", max_length=6, choices=Side)
    text = models.TextField("本文", max_length=4000)
    written_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="書いた職員",
    )
    written_at = models.DateTimeField("日時", default=timezone.now)
    position = models.BigIntegerField(
        "順番",
        editable=False,
        db_default=Func(Value("faq_reply_order"), function="nextval"),
    )

    objects = FiledQuerySet.as_manager()

    class Meta(Asked.Meta):
        verbose_name = "やり取り"
        verbose_name_plural = "やり取り"
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.written_at:%Y-%m-%d %H:%M}"
