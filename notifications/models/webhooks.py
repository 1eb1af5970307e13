"""Webhooks: other programs are told what happened in a body."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone

from accounts.models import User
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Organization


class Webhook(models.Model):
    """An address of another program that hears of some events (Webhook).

    Its secret is derived from the key of the installation, its id and `generation`: it
    lies nowhere, and a new generation makes another.
    """

    tenancy = policies.BODY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    label = models.CharField("名前", max_length=100)
    url = models.URLField("送り先", max_length=500)
    events = ArrayField(models.CharField(max_length=100), verbose_name="出来事")
    generation = models.PositiveIntegerField("鍵の世代", default=1)
    is_active = models.BooleanField("送信する", default=True)
    created_at = models.DateTimeField("登録日時", default=timezone.now)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="登録者"
    )
    # Deliveries in a row that failed, since when, and until when it is left alone.
    failures = models.PositiveIntegerField("続いた失敗", default=0)
    failing_since = models.DateTimeField("失敗しはじめた日時", null=True, blank=True)
    rests_until = models.DateTimeField("次に試す日時", null=True, blank=True)

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "Webhook"
        verbose_name_plural = "Webhook"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="notifications_webhook_hears_of_something",
                condition=Q(events__len__gt=0),
            ),
        )
        indexes = (models.Index(fields=["organization", "-id"], name="webhook_newest"),)

    def __str__(self) -> str:
        return self.label


class DeliveryState(models.TextChoices):
    """Where a delivery stands (送信状態)."""

    QUEUED = "queued", "送信待ち"
    SENDING = "sending", "送信中"
    DELIVERED = "delivered", "届いた"
    FAILED = "failed", "届かなかった"


class DeliveryQuerySet(OrganizationScopedQuerySet["Delivery"]):
    """Deliveries."""

    def due(self) -> Self:
        """Those to be sent now, or claimed by a worker that never came back.

        In order for each subject: one waits while an earlier one of it to the same
        address is not settled. An address that fails is left alone for a while.
        """
        now = timezone.now()
        waiting = (DeliveryState.QUEUED, DeliveryState.SENDING)
        earlier = Delivery.objects.filter(
            webhook=OuterRef("webhook"),
            subject_id=OuterRef("subject_id"),
            position__lt=OuterRef("position"),
            state__in=waiting,
        )
        rested = Q(webhook__rests_until__isnull=True) | Q(webhook__rests_until__lte=now)
        return self.filter(
            rested,
            ~Exists(earlier),
            state__in=waiting,
            due_at__lte=now,
            webhook__is_active=True,
        )


class Delivery(models.Model):
    """One event on its way to one address (Webhookの送信)."""

    tenancy = policies.BODY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    webhook = models.ForeignKey(
        Webhook,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="deliveries",
        verbose_name="Webhook",
    )
    # Of the journal; a test's own.
    entry_id = models.UUIDField("ジャーナル")
    event = models.CharField("出来事", max_length=100)
    subject_id = models.UUIDField("対象")
    payload = models.JSONField("内容", default=dict)
    state = models.CharField(
        "状態", max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    due_at = models.DateTimeField("送信予定", default=timezone.now)
    delivered_at = models.DateTimeField("届いた日時", null=True, blank=True)
    failure = models.CharField("届かなかった理由", max_length=100, blank=True)
    position = models.BigIntegerField(
        "順番",
        editable=False,
        db_default=Func(Value("notifications_delivery_order"), function="nextval"),
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "Webhookの送信"
        verbose_name_plural = "Webhookの送信"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                "organization",
                "webhook",
                "entry_id",
                name="notifications_delivery_told_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["position"],
                condition=Q(state__in=["queued", "sending"]),
                name="delivery_to_send",
            ),
            models.Index(
                fields=["webhook", "subject_id", "position"],
                condition=Q(state__in=["queued", "sending"]),
                name="delivery_in_order",
            ),
            models.Index(fields=["organization", "-id"], name="delivery_newest"),
            models.Index(F("webhook"), F("id").desc(), name="delivery_of_webhook"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.subject_id}"
