"""What was asked: conversations, questions, and groups of what nothing answered."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from faq.decision import Outcome
from faq.models.desks import Audience, Desk
from faq.models.entries import Language
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import FiledQuerySet, OrganizationScopedQuerySet
from organizations.models import Organization


class Asked(models.Model):
    """What somebody asks: opened by the body, the person, or who holds the token."""

    tenancy = policies.BODY_PERSON_OR_CAPABILITY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="質問した人",
    )
    capability = models.CharField("会話の鍵のハッシュ値", max_length=64)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_capability_is_a_hash",
                condition=Q(capability__regex=r"^[0-9a-f]{64}$"),
            ),
        )


class Door(models.TextChoices):
    """Through which door a question came (入口)."""

    PAGE = "page", "ページ"
    PANEL = "panel", "チャット"
    API = "api", "API"


class Verdict(models.TextChoices):
    """What the person said of an answer (役に立ったか)."""

    SOLVED = "solved", "役に立った"
    UNSOLVED = "unsolved", "解決しなかった"


class Cluster(models.Model):
    """Unanswered questions that ask for the same (未回答のまとまり)."""

    class State(models.TextChoices):
        """What staff made of it."""

        OPEN = "open", "未対応"
        RESOLVED = "resolved", "対応済み"
        DISMISSED = "dismissed", "対象外"

    tenancy = policies.BODY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, db_constraint=False, verbose_name="相談窓口"
    )
    # The question nearest to the middle of all, masked.
    title = models.CharField("代表的な質問", max_length=500)
    size = models.PositiveIntegerField("質問数", default=1)
    first_at = models.DateTimeField("最初の質問")
    last_at = models.DateTimeField("最近の質問")
    # Of any body: no key, for a foreign key would carry this row's.
    nearest_id = models.UUIDField("いちばん近い項目", null=True, blank=True)
    nearest_cosine = models.FloatField("近さ", null=True, blank=True)
    # So that two clerks do not both make one.
    learned_id = models.UUIDField("ここから作った項目", null=True, blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.OPEN)

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "未回答のまとまり"
        verbose_name_plural = "未回答のまとまり"
        ordering = ("-size", "-last_at")
        indexes = (
            models.Index(
                fields=["organization", "state", "-size"], name="faq_cluster_by_size"
            ),
        )

    def __str__(self) -> str:
        return self.title


class QuestionQuerySet(FiledQuerySet["Question"]):
    """Questions as they were asked."""

    def unanswered(self) -> Self:
        """Those that got no answer, or one of which was said that it did not help."""
        return self.filter(
            Q(outcome=Outcome.HAND_OVER)
            | Q(verdict=Verdict.UNSOLVED)
            | Q(outcome=Outcome.CANDIDATES, chosen_id__isnull=True, verdict="")
        )


class Question(Asked):
    """One question with what was found for it (質問の記録); its words are masked."""

    conversation = models.UUIDField("会話")
    audience = models.CharField("対象", max_length=10, choices=Audience)
    door = models.CharField("入口", max_length=6, choices=Door, default=Door.PAGE)
    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, db_constraint=False, verbose_name="相談窓口"
    )
    # The municipality that the person asked from or about, if they said so.
    place = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="市町村",
    )
    text = models.CharField("質問", max_length=500)
    language = models.CharField("言語", max_length=10, choices=Language)
    asked_at = models.DateTimeField("日時", default=timezone.now)
    outcome = models.CharField("結果", max_length=10, choices=Outcome)
    confidence = models.FloatField("確信度", null=True, blank=True)
    # [{"entry": id, "score": fused, "cosine": of the question field}], best first.
    found = models.JSONField("見つけた項目", default=list)
    # Entries of any body, as in `found`: opaque here.
    answered_id = models.UUIDField("示した項目", null=True, blank=True)
    chosen_id = models.UUIDField("選ばれた項目", null=True, blank=True)
    verdict = models.CharField(
        "役に立ったか", max_length=10, choices=Verdict, blank=True
    )
    judged_at = models.DateTimeField("評価の日時", null=True, blank=True)
    cluster = models.ForeignKey(
        Cluster,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="questions",
        verbose_name="まとまり",
    )

    objects = QuestionQuerySet.as_manager()

    class Meta(Asked.Meta):
        verbose_name = "質問の記録"
        verbose_name_plural = "質問の記録"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["organization", "-id"], name="faq_question_newest"),
            models.Index(
                fields=["organization", "desk", "asked_at"], name="faq_question_of_desk"
            ),
            models.Index(fields=["conversation"], name="faq_question_in_order"),
            models.Index(fields=["capability"], name="faq_question_by_capability"),
            models.Index(fields=["asked_at"], name="faq_question_by_day"),
        )

    def __str__(self) -> str:
        return self.text
