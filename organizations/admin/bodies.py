"""The bodies one works for, and what every page of this desk shares."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from foundation.desk.admin import ScopedAdmin
from foundation.desk.roles import bodies_where
from organizations.models import Organization, Role
from organizations.queries import organization_names

EVERYONE = frozenset(Role.values)
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
READERS = frozenset({Role.ADMINISTRATOR, Role.SUPPORT})


def signed_in(request: HttpRequest) -> User:
    """Return the member of staff at the desk."""
    return cast("User", request.user)


def administers(request: HttpRequest, row: Any) -> bool:
    """Tell whether the person administers the row's body; without a row, any body."""
    mine = bodies_where(request.user, ADMINISTRATORS)
    return bool(mine) if row is None else row.organization_id in mine


def last_day(valid_until: date | None) -> str:
    """Return the day before the first without it, which is what people call the end."""
    if valid_until is None:
        return "期限なし"
    day = valid_until - timedelta(days=1)
    return f"{day.year}年{day.month}月{day.day}日"


class BodyForm(forms.Form):
    """Asks for the body, where one administers several."""

    organization = forms.TypedChoiceField(label="団体", coerce=int)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        posted = request.method == "POST"
        super().__init__(
            request.POST if posted else None,
            request.FILES if posted else None,
            *args,
            **kwargs,
        )
        mine = sorted(bodies_where(request.user, ADMINISTRATORS))
        names = organization_names()
        self.only_body = mine[0] if len(mine) == 1 else None
        if self.only_body is not None:
            del self.fields["organization"]
        else:
            field = cast("forms.TypedChoiceField", self.fields["organization"])
            field.choices = [(body, names[body]) for body in mine]

    @property
    def body(self) -> int:
        """The body chosen, or the only one there is."""
        return self.only_body or int(self.cleaned_data["organization"])


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin[Organization]):
    """The bodies one works for; they change with the program's data."""

    read_by = EVERYONE
    ordering = ("pk",)
    list_display = ("name", "code", "kind", "kana")
    fields = ("name", "code", "kind", "kana")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        """Start from one's own."""
        return Organization.objects.filter(pk__in=self.bodies(request))

    def body_of(self, row: Organization) -> int:
        """Return the body itself."""
        return row.pk
