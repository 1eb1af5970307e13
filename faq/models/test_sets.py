"""Questions whose right answer a desk knows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from faq.models.desks import Audience, Desk
from faq.models.entries import Language
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Organization


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
