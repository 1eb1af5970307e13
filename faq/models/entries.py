"""Entries: what the desks have written, revision by revision."""

from collections.abc import Collection
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from faq.models.desks import Audience, Desk
from faq.safety import OfficialContact
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Organization
from procedures.models import Procedure

ANSWERS_RESIDENTS = policies.public_when(
    "audience = 'resident' AND published_at IS NOT NULL"
)


class Language(models.TextChoices):
    """What a text is written in, as an HTML `lang` knows it, or nearly."""

    JAPANESE = "ja", "日本語"
    EASY = "ja-easy", "やさしい日本語"
    KANA = "ja-Hira", "ひらがな"
    ENGLISH = "en", "English"


class EntryQuerySet(OrganizationScopedQuerySet["Entry"]):
    """Entries."""

    def published(self, audience: str) -> Self:
        """Those that may answer the audience, if their days allow."""
        return self.filter(
            audience=audience, published_at__isnull=False, withdrawn_at__isnull=True
        )

    def known_to(self, bodies: Collection[int]) -> Self:
        """Those of the bodies, and what others have published for residents."""
        of_others = Q(
            audience=Audience.RESIDENT,
            published_at__isnull=False,
            withdrawn_at__isnull=True,
        )
        return self.filter(Q(organization_id__in=sorted(bodies)) | of_others)

    def answering(self, audience: str, *, on: date | None = None) -> Self:
        """Published ones of open desks, within their days: no other ever answers."""
        day = on or timezone.localdate()
        return self.published(audience).filter(
            Q(desk__closed_at__isnull=True),
            Q(live__valid_until__isnull=True) | Q(live__valid_until__gte=day),
            Q(live__valid_from__isnull=True) | Q(live__valid_from__lte=day),
        )


class Entry(models.Model):
    """A question with its answer, through all its revisions (FAQ項目)."""

    tenancy = ANSWERS_RESIDENTS

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, db_constraint=False, verbose_name="相談窓口"
    )
    # The desk's own, repeated here: row-level security reads one row and no other.
    audience = models.CharField("対象", max_length=10, choices=Audience)
    code = models.SlugField("項目コード", max_length=60)
    live = models.ForeignKey(
        "Revision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="公開中の版",
    )
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    withdrawn_at = models.DateTimeField("公開終了日時", null=True, blank=True)
    refiled_at = models.DateTimeField("分類を変えた日時", null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "FAQ項目"
        verbose_name_plural = "FAQ項目"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                "organization", "code", name="faq_entry_code_once_a_body"
            ),
            models.CheckConstraint(
                name="faq_entry_published_with_its_words",
                condition=Q(published_at__isnull=True) | Q(live__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=["organization", "-id"], name="faq_entry_newest"),
            models.Index(fields=["desk"], name="faq_entry_of_desk"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def is_published(self) -> bool:
        """Shown to its audience now, if its days allow."""
        return self.published_at is not None and self.withdrawn_at is None


class State(models.TextChoices):
    """Where a revision stands (版の状態)."""

    DRAFT = "draft", "下書き"
    IN_REVIEW = "in_review", "確認待ち"
    PUBLISHED = "published", "公開中"
    SUPERSEDED = "superseded", "過去の版"
    DECLINED = "declined", "差戻し"


# Work in progress; an entry has at most one of these.
UNFINISHED = (State.DRAFT, State.IN_REVIEW, State.DECLINED)


class RevisionQuerySet(OrganizationScopedQuerySet["Revision"]):
    """Revisions."""

    def unfinished(self) -> Self:
        """Those that somebody still writes or reviews."""
        return self.filter(state__in=UNFINISHED)


class Revision(models.Model):
    """The words of an entry as one person wrote and another confirmed them (版)."""

    tenancy = policies.public_when("audience = 'resident' AND state = 'published'")

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    entry = models.ForeignKey(
        Entry,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="revisions",
        verbose_name="FAQ項目",
    )
    audience = models.CharField("対象", max_length=10, choices=Audience)
    number = models.PositiveIntegerField("版")
    state = models.CharField("状態", max_length=12, choices=State, default=State.DRAFT)

    category = models.CharField("分類", max_length=50)
    question = models.CharField("質問", max_length=200)
    answer = models.TextField("回答", max_length=4000)
    keywords = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        verbose_name="言い換え・関連語",
        help_text="質問や回答に出てこない言い方を、カンマで区切って書きます。",
    )
    question_easy = models.CharField(
        "質問（やさしい日本語）", max_length=200, blank=True
    )
    answer_easy = models.TextField(
        "回答（やさしい日本語）", max_length=4000, blank=True
    )
    question_en = models.CharField("質問（英語）", max_length=300, blank=True)
    answer_en = models.TextField("回答（英語）", max_length=6000, blank=True)
    # Languages whose words a machine made: shown as 参考訳 until somebody read them.
    machine_translated = ArrayField(
        models.CharField(max_length=10, choices=Language),
        default=list,
        blank=True,
        verbose_name="参考訳（機械翻訳）の言語",
    )

    procedure = models.ForeignKey(
        Procedure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="手続",
    )
    dataset_title = models.CharField("オープンデータの名前", max_length=100, blank=True)
    dataset_url = models.URLField("オープンデータの場所", max_length=300, blank=True)
    contacts = ArrayField(
        models.CharField(max_length=10, choices=OfficialContact),
        default=list,
        blank=True,
        verbose_name="必ず示す公的な連絡先",
        help_text="期限や危険にかかわる質問では、回答のそばにいつも示します。",
    )
    source = models.CharField("根拠", max_length=200)
    source_url = models.URLField("根拠の場所", max_length=300, blank=True)
    checked_on = models.DateField("内容を確かめた日")
    review_on = models.DateField("次に見直す日", null=True, blank=True)
    valid_from = models.DateField("有効開始日", null=True, blank=True)
    valid_until = models.DateField("有効終了日", null=True, blank=True)
    is_sample = models.BooleanField("サンプル", default=False)

    author = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    reviewer = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確認者",
    )
    remark = models.CharField("差戻しの理由", max_length=500, blank=True)
    written_at = models.DateTimeField("作成日時", default=timezone.now)
    reviewed_at = models.DateTimeField("確認日時", null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "版"
        verbose_name_plural = "版"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                "organization",
                "entry",
                "number",
                name="faq_revision_number_once",
            ),
            models.UniqueConstraint(
                "organization",
                "entry",
                condition=Q(state=State.PUBLISHED),
                name="faq_revision_one_published",
            ),
            models.UniqueConstraint(
                "organization",
                "entry",
                condition=Q(state__in=UNFINISHED),
                name="faq_revision_one_unfinished",
            ),
            models.CheckConstraint(
                name="faq_revision_ends_after_it_begins",
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            ),
            # The second pair of eyes: what is public, another than its author read.
            models.CheckConstraint(
                name="faq_revision_reviewed_by_another",
                condition=~Q(state=State.PUBLISHED)
                | Q(reviewer__isnull=True)
                | Q(author__isnull=True)
                | ~Q(reviewer=F("author")),
            ),
        )
        indexes = (
            models.Index(
                fields=["organization", "state", "-id"], name="faq_revision_by_state"
            ),
            models.Index(fields=["entry", "-number"], name="faq_revision_of_entry"),
        )

    def __str__(self) -> str:
        return self.question

    def in_language(self, language: str) -> tuple[str, str, str]:
        """Return question, answer and the language they are really in.

        Japanese stands in for what nobody has written.
        """
        written = {
            Language.EASY: (self.question_easy, self.answer_easy),
            Language.ENGLISH: (self.question_en, self.answer_en),
        }
        question, answer = written.get(Language(language), ("", ""))
        if question and answer:
            return question, answer, language
        return self.question, self.answer, Language.JAPANESE


class Origin(models.TextChoices):
    """Where another wording comes from (由来)."""

    STAFF = "staff", "職員が作成"
    CONFIRMED = "confirmed", "実際の質問から職員が確認"
    TRANSLATED = "translated", "機械翻訳"


class Alternative(models.Model):
    """Another wording of an entry's question (言い換え): found, never shown."""

    tenancy = policies.BODY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    entry = models.ForeignKey(
        Entry,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="alternatives",
        verbose_name="FAQ項目",
    )
    text = models.CharField("言い換え", max_length=500)
    language = models.CharField(
        "言語", max_length=10, choices=Language, default=Language.JAPANESE
    )
    origin = models.CharField(
        "由来", max_length=12, choices=Origin, default=Origin.STAFF
    )
    added_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登録者",
    )
    added_at = models.DateTimeField("登録日時", default=timezone.now)

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "言い換え"
        verbose_name_plural = "言い換え"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                "organization", "entry", "text", name="faq_alternative_once"
            ),
        )

    def __str__(self) -> str:
        return self.text
