"""Bodies, departments and memberships with their dates; tokens of other programs."""

from datetime import date
from typing import ClassVar, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person, User
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import FiledQuerySet, OrganizationScopedQuerySet


class OrganizationKind(models.TextChoices):
    """What a body is (団体の種別)."""

    PREFECTURE = "prefecture", "県"
    CITY = "city", "市"
    TOWN = "town", "町"
    VILLAGE = "village", "村"


class Organization(models.Model):
    """The prefecture or one of its municipalities (団体).

    Source: 全国地方公共団体コード（総務省）; the key is the six-digit code.
    """

    code = models.IntegerField("団体コード", primary_key=True)
    kind = models.CharField("種別", max_length=10, choices=OrganizationKind)
    name = models.CharField("名称", max_length=50)
    kana = models.CharField("カナ", max_length=100)

    class Meta:
        verbose_name = "団体"
        verbose_name_plural = "団体"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def head(self) -> str:
        """Who stands for it (長): 高知県知事, 室戸市長.

        Source: 地方自治法139条, 147条.
        """
        title = "知事" if self.kind == OrganizationKind.PREFECTURE else "長"
        return f"{self.name}{title}"


M = TypeVar("M", bound=models.Model)


class DatedQuerySet(OrganizationScopedQuerySet[M]):
    """Rows that hold from one day until the day before another."""

    def on(self, day: date) -> Self:
        """Rows in force on `day`."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day
        )

    def now(self) -> Self:
        """Rows in force today, in Japan."""
        return self.on(timezone.localdate())


class Department(models.Model):
    """A unit of a body under one name, for a time (部署).

    A renaming or merger ends the row and names its `successor`; open cases move there,
    and documents keep the name they were made with.
    """

    tenancy = policies.PUBLIC

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    code = models.CharField("部署コード", max_length=20)
    name = models.CharField("名称", max_length=100)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    address = models.CharField("所在地", max_length=200, blank=True)
    opening_hours = models.CharField("受付時間", max_length=100, blank=True)
    valid_from = models.DateField("有効開始日")
    valid_until = models.DateField("有効終了日", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name="後継の部署",
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "部署"
        verbose_name_plural = "部署"
        ordering = ("organization", "code", "valid_from")
        constraints = (
            models.UniqueConstraint(
                "organization",
                "code",
                "valid_from",
                name="organizations_department_code_once_a_day",
            ),
            models.CheckConstraint(
                name="organizations_department_ends_after_it_begins",
                condition=Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do (役割)."""

    CLERK = "clerk", "受付"
    EXAMINER = "examiner", "審査"
    APPROVER = "approver", "決裁"
    PUBLISHER = "publisher", "公開"
    ADMINISTRATOR = "administrator", "管理"
    SUPPORT = "support", "県サポート（閲覧のみ）"


# Who works on cases.
WORKING_ROLES = (Role.CLERK, Role.EXAMINER, Role.APPROVER)


class Membership(models.Model):
    """An account's role in a body, for a time (所属).

    Support is given in the prefecture and lets one look at every body, and touch none.
    """

    tenancy = policies.PUBLIC

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name="利用者アカウント",
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name="部署",
    )
    role = models.CharField("役割", max_length=20, choices=Role)
    valid_from = models.DateField("有効開始日")
    valid_until = models.DateField("有効終了日", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "所属"
        verbose_name_plural = "所属"
        ordering = ("organization", "user")
        constraints = (
            models.UniqueConstraint(
                "organization",
                "user",
                "role",
                "valid_from",
                name="organizations_membership_once_a_day",
            ),
            models.CheckConstraint(
                name="organizations_membership_ends_after_it_begins",
                condition=Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="organizations_membership_support_in_prefecture",
                condition=~Q(role=Role.SUPPORT) | Q(organization=390003),
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization} {self.get_role_display()}"


class Scope(models.TextChoices):
    """What a token opens (権限の範囲)."""

    APPLICATIONS_READ = "applications:read", "申請の閲覧"
    APPLICATIONS_WRITE = "applications:write", "申請の提出"
    CASES_READ = "cases:read", "受け付けた申請の閲覧"
    CASES_WRITE = "cases:write", "受け付けた申請の処理"
    FAQ_READ = "faq:read", "職員向けFAQの利用"


class ApiToken(models.Model):
    """Another program's key to the API (APIトークン).

    It acts either for a body or for a person. Only its SHA-256 is stored, which also is
    the capability that lets a request find it before its scope is known.
    """

    tenancy = policies.BODY_PERSON_OR_CAPABILITY
    actor_kind: ClassVar[str] = "api_token"

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="団体",
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name="人",
    )
    label = models.CharField("名前", max_length=100)
    prefix = models.CharField("先頭の文字", max_length=12)
    capability = models.CharField("ハッシュ値", max_length=64, unique=True)
    scopes = ArrayField(
        models.CharField(max_length=40, choices=Scope), verbose_name="権限の範囲"
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role),
        default=list,
        blank=True,
        verbose_name="役割",
    )
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    expires_at = models.DateTimeField("有効期限")
    revoked_at = models.DateTimeField("失効日時", null=True, blank=True)

    objects = FiledQuerySet.as_manager()

    class Meta:
        verbose_name = "APIトークン"
        verbose_name_plural = "APIトークン"
        constraints = (
            models.CheckConstraint(
                name="organizations_apitoken_for_a_body_or_a_person",
                condition=Q(organization__isnull=True, person__isnull=False)
                | Q(organization__isnull=False, person__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}（{self.prefix}…）"

    # A token stands where a signed-in user would.
    is_authenticated = True
    is_active = True
    is_staff = False
    is_anonymous = False

    @property
    def scope_labels(self) -> list[str]:
        """What it opens, in words."""
        return [Scope(scope).label for scope in self.scopes]

    @property
    def is_usable(self) -> bool:
        """Neither expired nor revoked."""
        return self.revoked_at is None and self.expires_at > timezone.now()
