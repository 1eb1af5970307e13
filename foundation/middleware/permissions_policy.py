"""What the browser may do for our pages: nothing but passkeys."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Source: W3C Permissions Policy, and WebAuthn Level 3 §5.9 for the two that passkeys
# need; the names are those that Chromium 156 knows: it warns of every other.
_DENIED = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen"
    " geolocation gyroscope magnetometer microphone midi payment picture-in-picture"
    " screen-wake-lock serial usb xr-spatial-tracking"
)
_OWN = "publickey-credentials-create publickey-credentials-get"
POLICY = ", ".join(
    [f"{name}=()" for name in _DENIED.split()]
    + [f"{name}=(self)" for name in _OWN.split()]
)


class PermissionsPolicyMiddleware:
    """Send `Permissions-Policy`, which Django's SecurityMiddleware does not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response
