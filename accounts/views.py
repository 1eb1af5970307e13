"""The door of the staff's desk, and a passkey asked for again."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.forms import Form
from django.http import HttpResponse

from accounts.forms import StaffLoginForm

UNPROCESSABLE = 422


class StaffLoginView(LoginView):  # type: ignore[misc]
    """Ask for password or passkey, where residents are asked for a code by mail."""

    template_name = "account/staff_login.html"

    def get_form_class(self) -> type[StaffLoginForm]:
        return StaffLoginForm

    def form_invalid(self, form: Form) -> HttpResponse:
        context: dict[str, Any] = self.get_context_data(form=form)
        response: HttpResponse = self.render_to_response(context, status=UNPROCESSABLE)
        return response


staff_login = StaffLoginView.as_view()


class PasskeyAgainView(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Say on the same page what is wrong: allauth leads away from it."""

    def form_invalid(self, form: Form) -> HttpResponse:
        context: dict[str, Any] = self.get_context_data() | {"form": form}
        response: HttpResponse = self.render_to_response(context, status=UNPROCESSABLE)
        return response


passkey_again = PasskeyAgainView.as_view()
