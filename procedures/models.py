"""業務 → 手続 → offering: the shared noun of applications, FAQ and roadmap."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Department, Organization


class Operation(models.Model):
    """A field of work under which procedures are bundled (業務)."""

    code = models.CharField("業務コード", max_length=20, primary_key=True)
    title = models.CharField("名称", max_length=100)

    class Meta:
        verbose_name = "業務"
        verbose_name_plural = "業務"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.title


class ProcedureKind(models.TextChoices):
    """Which law of motion a filing follows (手続の種別)."""

    PERMIT = "permit", "申請"
    NOTIFICATION = "notification", "届出"


class DayUnit(models.TextChoices):
    """What the standard period counts (日数の単位)."""

    OPEN = "open", "開庁日"
    CALENDAR = "calendar", "日"


class ProcedureQuerySet(OrganizationScopedQuerySet["Procedure"]):
    """Procedures of the catalogue."""

    def published(self) -> Self:
        """Those that the public may see."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)


class Procedure(models.Model):
    """Something a resident or company can ask of a body under a rule (手続)."""

    tenancy = policies.PUBLIC_WHEN_PUBLISHED

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="所管団体"
    )
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, verbose_name="業務"
    )
    code = models.SlugField("手続コード", max_length=50, unique=True)
    title = models.CharField("名称", max_length=100)
    kana = models.CharField("カナ", max_length=200, blank=True)
    summary = models.CharField("概要", max_length=300)
    kind = models.CharField("種別", max_length=20, choices=ProcedureKind)
    legal_basis = models.CharField("根拠法令", max_length=200, blank=True)
    standard_days = models.PositiveSmallIntegerField("標準処理期間")
    day_unit = models.CharField(
        "日数の単位", max_length=10, choices=DayUnit, default=DayUnit.OPEN
    )
    retention_years = models.PositiveSmallIntegerField("保存期間（年）", default=5)
    required_level = models.PositiveSmallIntegerField("必要な本人確認の水準", default=0)
    level_reason = models.CharField("水準の理由", max_length=300)
    fee = models.CharField("手数料", max_length=100, default="無料")
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    # What was once public stays readable: cases filed under it point here.
    withdrawn_at = models.DateTimeField("公開終了日時", null=True, blank=True)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = "手続"
        verbose_name_plural = "手続"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="procedures_procedure_level_0_to_3",
                condition=Q(required_level__lte=3),
            ),
            models.CheckConstraint(
                name="procedures_procedure_retention_class",
                condition=Q(retention_years__in=[1, 3, 5, 10, 30]),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        """Shown to the public now."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def expected_wait(self) -> str:
        """How long it usually takes, in words (標準処理期間)."""
        if not self.standard_days:
            return "その日のうち"
        counted = "役所が開いている日で" if self.day_unit == DayUnit.OPEN else ""
        return f"{counted}{self.standard_days}日ほど"


class OfferingQuerySet(OrganizationScopedQuerySet["Offering"]):
    """What residents can apply to."""

    def published(self) -> Self:
        """Those that the public may see."""
        return self.filter(
            published_at__isnull=False,
            withdrawn_at__isnull=True,
            procedure__published_at__isnull=False,
            procedure__withdrawn_at__isnull=True,
        )

    def open(self) -> Self:
        """Those that take filings at this moment."""
        now = timezone.now()
        return self.published().filter(
            Q(opens_at__isnull=True) | Q(opens_at__lte=now),
            Q(closes_at__isnull=True) | Q(closes_at__gt=now),
        )


class Offering(models.Model):
    """A procedure as one body offers it (受付): what a resident applies to.

    The prefecture owns a shared procedure; a municipality's offering names its own
    office, contact and note.
    """

    tenancy = policies.PUBLIC_WHEN_PUBLISHED

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    procedure = models.ForeignKey(
        Procedure,
        on_delete=models.PROTECT,
        related_name="offerings",
        verbose_name="手続",
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        db_constraint=False,
        verbose_name="担当部署",
    )
    note = models.TextField("この団体からのお知らせ", max_length=1000, blank=True)
    other_ways = models.CharField(
        "窓口・電話・郵送での届け方", max_length=300, blank=True
    )
    # Who decides, and what a decision says of its remedies, where the general rule
    # does not hold: a delegated power, a board of education, 法定受託事務, a law that
    # asks for 審査請求 first.
    deciding_authority = models.CharField(
        "処分庁", max_length=100, blank=True, default="", db_default=""
    )
    review_authority = models.CharField(
        "審査庁", max_length=100, blank=True, default="", db_default=""
    )
    represented_by = models.CharField(
        "訴訟で団体を代表する者", max_length=100, blank=True, default="", db_default=""
    )
    review_first = models.BooleanField("審査請求前置", default=False, db_default=False)
    opens_at = models.DateTimeField("受付開始", null=True, blank=True)
    closes_at = models.DateTimeField("受付終了", null=True, blank=True)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    # What was once public stays readable: cases filed under it point here.
    withdrawn_at = models.DateTimeField("公開終了日時", null=True, blank=True)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = "受付"
        verbose_name_plural = "受付"
        ordering = ("procedure__code", "organization")
        constraints = (
            models.UniqueConstraint(
                "organization", "procedure", name="procedures_offering_once_a_body"
            ),
            models.CheckConstraint(
                name="procedures_offering_closes_after_it_opens",
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.procedure}（{self.organization}）"

    @property
    def is_published(self) -> bool:
        """Shown to the public now."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def is_open(self) -> bool:
        """Taking filings at this moment."""
        now = timezone.now()
        return (
            self.is_published
            and self.procedure.is_published
            and (self.opens_at is None or self.opens_at <= now)
            and (self.closes_at is None or now < self.closes_at)
        )

    @property
    def opens_later(self) -> bool:
        """Not taking filings yet."""
        return self.opens_at is not None and self.opens_at > timezone.now()
