"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views import passkey_again

urlpatterns = [
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        passkey_again,
        name="mfa_reauthenticate_webauthn",
    ),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("portal.urls")),
    path("", include("applications.urls")),
    path("", include("procedures.urls")),
    path("", include("organizations.urls")),
    path("", include("faq.urls")),
    path("api/v1/", include("kochi_portal.api_urls")),
]
if settings.SAMPLE:
    urlpatterns.append(path("mailbox/", include("kochi_portal.mailbox")))

handler400 = "foundation.views.bad_request"
handler403 = "foundation.views.permission_denied"
handler404 = "foundation.views.page_not_found"
handler500 = "foundation.views.server_error"
