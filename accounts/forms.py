"""How staff sign in; residents use the forms of allauth as they are."""

from typing import Any

from allauth.account.forms import LoginForm


class StaffLoginForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password; allauth then asks for the second factor.

    A desk is shared: the session never outlives the browser.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def _setup_password_field(self) -> None:
        """Keep the field that allauth takes away where residents have no password."""

    def clean(self) -> dict[str, Any]:
        """Remember nobody."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["remember"] = False
        return cleaned
