"""What was filed: applications, their versions, corrections and notes."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import Person, User
from applications.models.forms import FormRevision
from applications.workflow import OPEN, STAFF_S_TURN, State
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import FiledQuerySet, OrganizationScopedQuerySet
from organizations.models import Department, Organization
from procedures.models import Offering, ProcedureKind


class Filed(models.Model):
    """What a person files: opened by the body, the person, or who holds the token."""

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
        verbose_name="申請者",
    )
    capability = models.CharField("問合せ番号のハッシュ値", max_length=64)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_capability_is_a_hash",
                condition=Q(capability__regex=r"^[0-9a-f]{64}$"),
            ),
        )


class ApplicationQuerySet(FiledQuerySet["Application"]):
    """Applications."""

    def open(self) -> Self:
        """Still somebody's work: not decided and not withdrawn."""
        return self.filter(state__in=OPEN)

    def overdue(self, today: date) -> Self:
        """Open beyond the standard period; waiting for a correction does not count."""
        return self.filter(state__in=STAFF_S_TURN, due_on__lt=today)

    def uncorrected(self, today: date) -> Self:
        """Returned, and the day passed by which they were to be corrected."""
        late = Correction.objects.late(today).filter(
            organization=OuterRef("organization"), application=OuterRef("pk")
        )
        return self.filter(Exists(late), state=State.RETURNED)


# In the place of no due day: beyond all others, so that what waits for somebody else is
# sorted last.
NO_DAY = Value(date.max)


class Application(Filed):
    """A resident's or company's request to a body under one procedure (申請)."""

    offering = models.ForeignKey(
        Offering,
        on_delete=models.PROTECT,
        db_constraint=False,
        verbose_name="手続",
    )
    revision = models.ForeignKey(
        FormRevision, on_delete=models.PROTECT, verbose_name="様式の版"
    )
    number = models.CharField("到達番号", max_length=24)
    kind = models.CharField("種別", max_length=20, choices=ProcedureKind)
    state = models.CharField("状態", max_length=12, choices=State, default=State.FILED)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        db_constraint=False,
        verbose_name="担当部署",
    )
    assignee = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )
    applicant_name = models.CharField("申請者名", max_length=200)
    applicant_key = models.CharField("申請者名（検索用）", max_length=400)
    contact_email = models.EmailField("連絡先メール", blank=True)
    version = models.PositiveSmallIntegerField("現在の版", default=1)
    filed_at = models.DateTimeField("到達日時")
    accepted_at = models.DateTimeField("受付日時", null=True, blank=True)
    due_on = models.DateField("処理期限", null=True, blank=True)
    closed_at = models.DateTimeField("終了日時", null=True, blank=True)
    closing_reason = models.TextField("理由", max_length=2000, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta(Filed.Meta):
        verbose_name = "申請"
        verbose_name_plural = "申請"
        constraints = (
            *Filed.Meta.constraints,
            models.UniqueConstraint(
                "organization", "number", name="applications_application_number_once"
            ),
            models.CheckConstraint(
                name="applications_application_closed_at_unless_open",
                condition=Q(state__in=OPEN, closed_at__isnull=True)
                | Q(~Q(state__in=OPEN), closed_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=["organization", "-id"], name="application_newest"),
            models.Index(
                fields=["organization", "state", "due_on"], name="application_by_state"
            ),
            models.Index(
                F("organization"),
                Coalesce("due_on", NO_DAY),
                F("id"),
                condition=Q(state__in=OPEN),
                name="application_to_do",
            ),
            models.Index(
                fields=["organization", "-filed_at", "-id"],
                name="application_by_filing",
            ),
            models.Index(fields=["person", "-id"], name="application_of_person"),
            models.Index(fields=["capability"], name="application_by_capability"),
        )

    def __str__(self) -> str:
        return self.number


class Part(Filed):
    """A row of one application; it carries what opens the application itself."""

    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        db_constraint=False,
        verbose_name="申請",
    )

    class Meta(Filed.Meta):
        abstract = True


class ApplicationVersion(Part):
    """The answers as they were filed, corrected or changed ex officio (版)."""

    class Reason(models.TextChoices):
        """Why there is this version."""

        FILED = "filed", "申請"
        CORRECTED = "corrected", "補正"

    n = models.PositiveSmallIntegerField("版")
    answers = models.JSONField("回答")
    sha256 = models.CharField("SHA-256", max_length=64)
    reason = models.CharField("理由", max_length=10, choices=Reason)
    created_at = models.DateTimeField("日時")

    objects = FiledQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = "申請内容の版"
        verbose_name_plural = "申請内容の版"
        ordering = ("n",)
        constraints = (
            *Part.Meta.constraints,
            models.UniqueConstraint(
                "organization",
                "application",
                "n",
                name="applications_applicationversion_n_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} 第{self.n}版"


class CorrectionQuerySet(FiledQuerySet["Correction"]):
    """Requests to correct."""

    def open(self) -> Self:
        """Waited for."""
        return self.filter(resolved_at__isnull=True)

    def late(self, today: date) -> Self:
        """Waited for beyond their day."""
        return self.open().filter(due_on__lt=today)


class Correction(Part):
    """A request to correct named fields by a day (補正依頼)."""

    message = models.TextField("依頼の内容", max_length=2000)
    field_keys = ArrayField(models.CharField(max_length=100), verbose_name="直す項目")
    sent_at = models.DateTimeField("依頼日時")
    due_on = models.DateField("補正の期限")
    sent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, verbose_name="依頼した人"
    )
    resolved_at = models.DateTimeField("補正日時", null=True, blank=True)
    called_off = models.BooleanField(
        "補正を待たずに再開", default=False, db_default=False
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = "補正依頼"
        verbose_name_plural = "補正依頼"
        ordering = ("sent_at",)
        constraints = (
            *Part.Meta.constraints,
            models.UniqueConstraint(
                "organization",
                "application",
                condition=Q(resolved_at__isnull=True),
                name="applications_correction_one_open",
            ),
        )
        indexes = (
            models.Index(
                fields=["organization", "due_on"],
                condition=Q(resolved_at__isnull=True),
                name="correction_to_come",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} の補正依頼"


class Note(models.Model):
    """What staff write down for each other (内部メモ); the applicant never sees it."""

    tenancy = policies.BODY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="notes",
        verbose_name="申請",
    )
    text = models.TextField("内容", max_length=2000)
    author = models.ForeignKey(User, on_delete=models.PROTECT, verbose_name="書いた人")
    written_at = models.DateTimeField("日時", auto_now_add=True)

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "内部メモ"
        verbose_name_plural = "内部メモ"
        ordering = ("written_at",)

    def __str__(self) -> str:
        return f"{self.application} のメモ"
