"""The staff's desk: Django admin behind a second factor."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse


class PortalAdminSite(admin.AdminSite):
    """Admin for active staff whose account has a second factor or a passkey.

    allauth asks for the factor at every sign-in once the account has one, so it is
    enough here that the account has one.
    """

    site_title = "高知県版ポータル 職員"
    site_header = "高知県版ポータル 職員画面"
    index_title = "業務"

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the request comes from such staff."""
        return super().has_permission(request) and is_mfa_enabled(request.user)

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Send visitors to the portal's sign-in, and staff to their second factor."""
        del extra_context
        user = request.user
        if user.is_authenticated and user.is_staff and not is_mfa_enabled(user):
            return HttpResponseRedirect(resolve_url("mfa_activate_totp"))
        to_sign_in = secure_admin_login(lambda _: HttpResponseRedirect(self._index()))
        response: HttpResponse = to_sign_in(request)
        return response

    def _index(self) -> str:
        return reverse("admin:index")
