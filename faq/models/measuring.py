"""What is measured on test sets: their figures, and what other thresholds change."""

from datetime import timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from faq.decision import Thresholds
from faq.models.desks import Audience
from faq.models.test_sets import TestSet
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Organization

M = TypeVar("M", bound=models.Model)

# Longer than a task may run: who holds a row beyond it was killed.
LEASE = timedelta(minutes=6)


class Progress(models.TextChoices):
    """How far a measurement has come (測定の状態)."""

    WAITING = "waiting", "測定中"
    DONE = "done", "測定済み"
    FAILED = "failed", "測れませんでした"


class Limits(models.Model):
    """From which confidence on a question is answered, or three are offered."""

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    audience = models.CharField("対象", max_length=10, choices=Audience)
    answer_from = models.FloatField("回答する確信度")
    offer_from = models.FloatField("候補を示す確信度")
    lead_from = models.FloatField("次の候補との差", default=0)
    # Figures on the frozen test sets of all bodies: before and after.
    effect = models.JSONField("テストでの効果", default=dict)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="faq_%(class)s_answers_only_what_it_would_offer",
                condition=Q(answer_from__gte=F("offer_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {self.answer_from}／{self.offer_from}"

    @property
    def thresholds(self) -> Thresholds:
        """The three as the decision takes them."""
        return Thresholds(self.answer_from, self.offer_from, self.lead_from)


class Calibration(Limits):
    """Thresholds that hold, or held, for all bodies (しきい値).

    One is active for each audience; those before it are its history.
    """

    activated_at = models.DateTimeField("有効にした日時", default=timezone.now)
    activated_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="有効にした人",
    )

    class Meta(Limits.Meta):
        verbose_name = "しきい値"
        verbose_name_plural = "しきい値"
        ordering = ("-activated_at",)
        get_latest_by = "activated_at"


class MeasurementQuerySet(OrganizationScopedQuerySet[M]):
    """Rows that a worker measures."""

    def due(self) -> Self:
        """Those that nobody has begun, or whose measurer died; the longest first."""
        free = Q(begun_at=None) | Q(begun_at__lt=timezone.now() - LEASE)
        return self.filter(free, state=Progress.WAITING).order_by("asked_at")


class Measurement(models.Model):
    """What somebody asked to be measured; a worker does it, for it is slow.

    The row is the truth: a lost ring delays it until the next beat.
    """

    state = models.CharField(
        "状態", max_length=10, choices=Progress, default=Progress.WAITING
    )
    asked_at = models.DateTimeField("頼んだ日時", default=timezone.now)
    begun_at = models.DateTimeField("始めた日時", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("試した回数", default=0)
    measured_at = models.DateTimeField("測った日時", null=True, blank=True)
    failure = models.CharField("測れなかった理由", max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="faq_%(class)s_done_once_measured",
                condition=Q(state=Progress.DONE, measured_at__isnull=False)
                | (~Q(state=Progress.DONE) & Q(measured_at__isnull=True)),
            ),
        )


class Proposal(Limits, Measurement):
    """Thresholds that somebody proposes, and what they would change (しきい値の案)."""

    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="提案した人"
    )
    # Of what it was measured on: the sets, the thresholds until then, the model.
    basis = models.CharField("測った条件", max_length=64, blank=True)
    calibration = models.OneToOneField(
        Calibration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposal",
        verbose_name="有効にしたしきい値",
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = "しきい値の案"
        verbose_name_plural = "しきい値の案"
        ordering = ("-asked_at",)
        constraints = (
            *Limits.Meta.constraints,
            *Measurement.Meta.constraints,
            models.CheckConstraint(
                name="faq_proposal_holds_once_measured",
                condition=Q(calibration__isnull=True) | Q(state=Progress.DONE),
            ),
        )


class Evaluation(Measurement):
    """Figures of a test set at one moment (評価の記録)."""

    tenancy = policies.BODY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    test_set = models.ForeignKey(
        TestSet,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="evaluations",
        verbose_name="テスト問題集",
    )
    index_number = models.PositiveBigIntegerField("索引の版", default=0)
    thresholds = models.JSONField("しきい値", default=dict)
    figures = models.JSONField("結果", default=dict)
    measured_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="測った人",
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = "評価の記録"
        verbose_name_plural = "評価の記録"
        ordering = ("-asked_at",)
        constraints = (
            *Measurement.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "test_set"],
                condition=Q(state=Progress.WAITING),
                name="faq_evaluation_one_waits",
            ),
        )

    def __str__(self) -> str:
        return f"{self.test_set} {timezone.localtime(self.asked_at):%Y-%m-%d %H:%M}"
