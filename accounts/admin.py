"""Accounts of the people of one's body; residents' accounts are nobody's list."""

from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.queries import SECOND_FACTORS
from foundation.desk.admin import ScopedAdmin


@admin.register(User)
class UserAdmin(ScopedAdmin[User]):
    """Staff who have, had or will have a role in a body that one administers."""

    read_by: ClassVar[frozenset[str]] = frozenset({"administrator", "support"})
    list_display = ("email", "display_name", "status", "second_factor", "last_login")
    fields = (
        "email",
        "display_name",
        "status",
        "second_factor",
        "last_login",
        "date_joined",
    )
    readonly_fields = fields
    search_fields = ("email", "display_name")
    search_help_text = "メールアドレスか氏名の一部"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Start from those with a role in one of the bodies."""
        # Memberships stand on a floor above; the relation leads there.
        roles: Any = User._meta.get_field("memberships").related_model
        held = roles.objects.filter(
            user_id=OuterRef("pk"), organization_id__in=self.bodies(request)
        )
        factors = Authenticator.objects.filter(
            user_id=OuterRef("pk"), type__in=SECOND_FACTORS
        )
        return User.objects.filter(Exists(held), is_staff=True).annotate(
            has_second_factor=Exists(factors)
        )

    def has_view_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """Tell whether one administers a body, and the account is of its people."""
        if obj is None:
            return super().has_view_permission(request)
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    @admin.display(description="状態")
    def status(self, user: User) -> str:
        return "有効" if user.is_active else "停止"

    @admin.display(description="二段階認証")
    def second_factor(self, user: User) -> str:
        has_one = user.has_second_factor  # type: ignore[attr-defined]
        return "登録済み" if has_one else "未登録"
