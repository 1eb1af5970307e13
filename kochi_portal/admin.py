"""The staff's desk: Django admin behind a second factor."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver

from accounts.queries import has_second_factor
from accounts.views import staff_login
from applications.queries import workload_of
from faq.queries.workload import workload_of as faq_workload_of
from foundation.desk.admin import ScopedAdmin

# Pages of Django admin that would answer from beyond one's bodies, or by another door.
CLOSED = frozenset({"view_on_site"})


IN_ORDER_OF_USE = (
    "applications.Application",
    "applications.FormRevision",
    "faq.Ticket",
    "faq.Cluster",
    "faq.Entry",
    "faq.Question",
    "faq.Desk",
    "notifications.Message",
    "notifications.Webhook",
    "notifications.Delivery",
    "procedures.Offering",
    "procedures.Procedure",
    "procedures.Operation",
    "faq.TestSet",
    "faq.Evaluation",
    "faq.Calibration",
    "faq.Proposal",
    "faq.IndexVersion",
    "organizations.Department",
    "organizations.Membership",
    "organizations.ApiToken",
    "organizations.Organization",
    "accounts.User",
    "journal.Entry",
)


def _place(model: type[Model]) -> int:
    return IN_ORDER_OF_USE.index(model._meta.label)


class PortalAdminSite(admin.AdminSite):
    """Admin for active staff whose account has a second factor or a passkey.

    allauth asks for the factor at every sign-in once the account has one, and a new
    one ends all other sessions, so it is enough here that the account has one.
    """

    site_title = "高知県版ポータル 職員"
    site_header = "高知県版ポータル 職員画面"
    index_title = "きょうの業務"
    enable_nav_sidebar = False

    def register(
        self, model_or_iterable: Any, admin_class: Any = None, **options: Any
    ) -> None:
        """Take pages of scoped rows alone.

        Whatever a library brings along shows the rows of every body to whoever holds
        Django's permissions, as accounts with their addresses.
        """
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the request comes from such staff."""
        return super().has_permission(request) and has_second_factor(request.user)

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Ask visitors who they are, and staff for their second factor."""
        del extra_context
        user = request.user
        if not user.is_authenticated:
            answer: HttpResponse = staff_login(request)
            return answer
        if not user.is_staff:
            raise PermissionDenied
        if not has_second_factor(user):
            messages.warning(
                request,
                "職員画面を使うには、認証アプリかパスキーの登録が必要です。"
                "どちらかを登録してから、もう一度お開きください。",
            )
            return redirect("mfa_index")
        return redirect("admin:index")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out on POST, and show the portal's sign-in."""
        del extra_context
        if request.method == "POST":
            logout(request)
            messages.info(request, "ログアウトしました。")
            return redirect("admin:login")
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Leave passwords to the portal's own page, which asks who is there."""
        del request, extra_context
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer nothing: every choice here is a short list of one's own body."""
        del request
        raise Http404

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Leave out what no page here uses."""
        return [
            page
            for page in super().get_urls()
            if getattr(page, "name", None) not in CLOSED
        ]

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[Any]:
        """Put the pages in the order in which they are used."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda page: _place(page["model"]))
        return sorted(apps, key=lambda app: _place(app["models"][0]["model"]))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Begin with what waits, in each body one works for."""
        context = {
            "workload": workload_of(request.user),
            "faq": faq_workload_of(request.user),
            **(extra_context or {}),
        }
        return super().index(request, context)
