"""The pages above all services."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organizations.queries import organizations_by_kind
from portal.forms import SampleForm
from portal.gallery import components_shown
from portal.reference import reference
from procedures.queries import search_procedures

PROCEDURES_AT_THE_DOOR = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Open the front door: search, some procedures, the 35 bodies."""
    cards = [
        {
            "title": procedure.title,
            "summary": procedure.summary,
            "url": reverse("procedures:procedure", args=[procedure.code]),
            "tags": [
                procedure.get_kind_display(),
                f"{procedure.offered_by}か所で受付",  # type: ignore[attr-defined]
            ],
        }
        for procedure in search_procedures()[:PROCEDURES_AT_THE_DOOR]
    ]
    context = {"cards": cards, "organizations": organizations_by_kind()}
    return render(request, "portal/home.html", context)


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say goodbye: the front door is the same page for everybody, and cannot."""
    return render(request, "portal/signed_out.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what the portal is for and how to begin."""
    return render(request, "portal/about.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """State the accessibility policy, what was tested and what was not."""
    return render(request, "portal/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say which personal data are kept, why, and for how long."""
    return render(request, "portal/privacy.html")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    invalid_form = SampleForm({"postal_code": "78"}, prefix="invalid")
    context = {
        "components": components_shown(invalid_form),
        "empty_form": SampleForm(prefix="empty"),
        "invalid_form": invalid_form,
    }
    return render(request, "portal/gallery.html", context)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Explain the API to those who write programs."""
    context = {"reference": reference(settings.BASE_URL)}
    return render(request, "portal/api_docs.html", context)
