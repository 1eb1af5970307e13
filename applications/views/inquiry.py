"""Find a filing by its two numbers, without an account."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from applications.forms import LookupForm
from applications.models import Application
from applications.queries import application_by_number
from applications.views.reach import hand_key
from foundation.limits import Limit, network_of
from foundation.tenancy.scope import capability_of, opened_by
from foundation.views import see_other, too_many

# Many phones share one address of their carrier, so the first limit is wide. The second
# is narrow. Both count failures only: whoever knows the code does not use them up.
PER_NETWORK = Limit("inquiry-network", attempts=100, seconds=15 * 60)
PER_NUMBER = Limit("inquiry-number", attempts=10, seconds=15 * 60)

# One sentence for a wrong number and a wrong code: it tells no one which numbers exist.
NOT_FOUND = (
    "この到達番号と問合せ番号の組み合わせは見つかりませんでした。"
    "受付票を見て、2つの番号をもう一度お確かめください。"
)


@require_http_methods(["GET", "HEAD", "POST"])
def inquiry(request: HttpRequest) -> HttpResponse:
    """Ask for 到達番号 and 問合せ番号; when they fit, open the filing."""
    form = LookupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        number, code = (form.cleaned_data[k] for k in ("number", "inquiry_code"))
        network = network_of(get_adapter().get_client_ip(request))
        # By network too: numbers follow each other, and nobody may close another's.
        pair = f"{network} {number}"
        if PER_NETWORK.reached(network) or PER_NUMBER.reached(pair):
            return too_many(request, PER_NUMBER)
        if (found := _find(number, code)) is not None:
            onward = see_other("applications:case", found.pk)
            hand_key(onward, found.pk, code)
            return onward
        PER_NETWORK.count(network)
        PER_NUMBER.count(pair)
        form.add_error(None, NOT_FOUND)
    context = {"section": "inquiry", "form": form}
    status = 422 if form.errors else 200
    return render(request, "applications/inquiry.html", context, status=status)


def _find(number: str, code: str) -> Application | None:
    with opened_by(code):
        return application_by_number(number, capability_of(code))
