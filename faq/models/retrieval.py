"""What retrieval is made of: vectors, built indexes, thresholds, test sets."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from faq.models.desks import Audience, Desk
from faq.models.entries import Language
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Organization


class Vector(models.Model):
    """What an encoder made of a text (ベクトル), under the text's SHA-256.

    It belongs to the words, not to the entry: whoever writes the same words again, or
    goes back to an old revision, waits for nothing.
    """

    model = models.CharField("モデル", max_length=100)
    digest = models.CharField("文のSHA-256", max_length=64)
    # float16, little-endian.
    data = models.BinaryField("値")

    class Meta:
        verbose_name = "ベクトル"
        verbose_name_plural = "ベクトル"
        constraints = (
            models.UniqueConstraint("model", "digest", name="faq_vector_once"),
        )

    def __str__(self) -> str:
        return self.digest


class IndexVersion(models.Model):
    """One building of the index of an audience (索引の版)."""

    audience = models.CharField("対象", max_length=10, choices=Audience)
    number = models.PositiveBigIntegerField("版")
    model = models.CharField("モデル", max_length=100, blank=True)
    entries = models.PositiveIntegerField("項目数")
    rows = models.PositiveIntegerField("ベクトル数")
    is_delta = models.BooleanField("差分", default=False)
    seconds = models.FloatField("作成時間（秒）")
    built_at = models.DateTimeField("作成日時", default=timezone.now)

    class Meta:
        verbose_name = "索引の版"
        verbose_name_plural = "索引の版"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                "audience", "number", name="faq_indexversion_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {self.number}"


class Calibration(models.Model):
    """From which confidence on a question is answered, or three are offered (しきい値).

    One is active for each audience; those before it are its history.
    """

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    audience = models.CharField("対象", max_length=10, choices=Audience)
    answer_from = models.FloatField("回答する確信度")
    offer_from = models.FloatField("候補を示す確信度")
    lead_from = models.FloatField("次の候補との差", default=0)
    activated_at = models.DateTimeField("有効にした日時", default=timezone.now)
    activated_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="有効にした人",
    )
    # Figures on the frozen test sets at activation: before and after.
    effect = models.JSONField("テストでの効果", default=dict)

    class Meta:
        verbose_name = "しきい値"
        verbose_name_plural = "しきい値"
        ordering = ("-activated_at",)
        get_latest_by = "activated_at"
        constraints = (
            models.CheckConstraint(
                name="faq_calibration_answers_only_what_it_would_offer",
                condition=Q(answer_from__gte=F("offer_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {self.answer_from}／{self.offer_from}"


class TestSet(models.Model):
    """Questions whose right answer a desk knows (テスト問題集)."""

    tenancy = policies.BODY
    __test__ = False  # pytest: not a test

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    audience = models.CharField("対象", max_length=10, choices=Audience)
    name = models.CharField("名称", max_length=100)
    frozen_at = models.DateTimeField("固定した日時", null=True, blank=True)

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "テスト問題集"
        verbose_name_plural = "テスト問題集"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                "organization", "name", name="faq_testset_name_once_a_body"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Expectation(models.TextChoices):
    """What a test question ought to meet (問題の種類)."""

    IN_SCOPE = "in", "答えがある"
    NEAR = "near", "分野は合うが、答えがない"
    FAR = "far", "分野がちがう"


class TestQuestion(models.Model):
    """One question of a test set (テスト問題)."""

    tenancy = policies.BODY
    __test__ = False

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    test_set = models.ForeignKey(
        TestSet,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="questions",
        verbose_name="テスト問題集",
    )
    desk = models.ForeignKey(
        Desk,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="相談窓口",
    )
    text = models.CharField("質問", max_length=500)
    language = models.CharField(
        "言語", max_length=10, choices=Language, default=Language.JAPANESE
    )
    expectation = models.CharField(
        "種類", max_length=5, choices=Expectation, default=Expectation.IN_SCOPE
    )
    # Codes of the entries that answer it; the first is the best.
    entry_codes = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        verbose_name="正しい項目のコード",
    )

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "テスト問題"
        verbose_name_plural = "テスト問題"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="faq_testquestion_in_scope_has_an_answer",
                condition=Q(expectation=Expectation.IN_SCOPE, entry_codes__len__gt=0)
                | (~Q(expectation=Expectation.IN_SCOPE) & Q(entry_codes__len=0)),
            ),
        )

    def __str__(self) -> str:
        return self.text


class Evaluation(models.Model):
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
    index_number = models.PositiveBigIntegerField("索引の版")
    thresholds = models.JSONField("しきい値", default=dict)
    figures = models.JSONField("結果", default=dict)
    measured_at = models.DateTimeField("測った日時", default=timezone.now)
    measured_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="測った人",
    )

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "評価の記録"
        verbose_name_plural = "評価の記録"
        ordering = ("-measured_at",)

    def __str__(self) -> str:
        return f"{self.test_set} {self.measured_at:%Y-%m-%d %H:%M}"
