"""Accounts that sign in, and the persons on whose behalf they act."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from foundation.identifiers import new_id
from foundation.tenancy import policies


class PersonKind(models.TextChoices):
    """Natural or corporate (個人・法人)."""

    NATURAL = "natural", "個人"
    CORPORATE = "corporate", "法人"


class Person(models.Model):
    """Someone who has rights and duties, natural or corporate (人).

    Kept apart from the account: an account may be lost or renewed, and one may act for
    several persons. What is filed carries the person.
    """

    tenancy = policies.PERSON

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    kind = models.CharField(
        "種別", max_length=10, choices=PersonKind, default=PersonKind.NATURAL
    )
    corporate_number = models.CharField("法人番号", max_length=13, blank=True)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    class Meta:
        verbose_name = "人"
        verbose_name_plural = "人"
        constraints = (
            models.CheckConstraint(
                name="accounts_person_corporate_number_of_corporations_only",
                condition=Q(kind=PersonKind.CORPORATE) | Q(corporate_number=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class UserManager(BaseUserManager["User"]):
    """Make accounts; the e-mail address is the name one signs in with."""

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Store an account; without a password it signs in by code or passkey."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Store an account for staff who keep the portal itself."""
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the account by its address, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account that signs in with an e-mail address (利用者アカウント)."""

    actor_kind: ClassVar[str] = "user"

    email = models.EmailField("メールアドレス", max_length=254, unique=True)
    display_name = models.CharField("表示名", max_length=100, blank=True)
    person = models.OneToOneField(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_constraint=False,
        verbose_name="人",
    )
    is_staff = models.BooleanField("職員", default=False)
    is_active = models.BooleanField("有効", default=True)
    date_joined = models.DateTimeField("登録日時", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "利用者アカウント"
        verbose_name_plural = "利用者アカウント"
        constraints = (
            models.CheckConstraint(
                name="accounts_user_email_in_lower_case",
                condition=Q(email=Lower("email")),
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.email

    @property
    def person_ids(self) -> frozenset[UUID]:
        """Whose filings this account may see: its own person's."""
        return frozenset({self.person_id} if self.person_id else ())
