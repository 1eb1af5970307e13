"""Find a procedure, and who offers it; pages that anyone may see and any cache keep."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.keyset import keyset_page
from organizations.models import Organization
from organizations.queries import organization_names, organizations_by_kind
from procedures.forms import SearchForm
from procedures.models import Procedure
from procedures.queries import (
    offerings_by_kind,
    offerings_in,
    search_procedures,
)

PER_PAGE = 30


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """List what can be filed online, by words and by body."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    code = int(asked["organization"]) if asked.get("organization") else None
    found = search_procedures(asked.get("q", ""), organization_id=code)
    page = keyset_page(
        found, ["code"], cursor=request.GET.get("cursor", ""), size=PER_PAGE
    )
    context = {
        "section": "procedures",
        "form": form,
        "words": asked.get("q", ""),
        "organization": organization_names()[code] if code else "",
        "cards": [_card(procedure, code) for procedure in page.rows],
        "previous_url": _turned(request.GET, page.previous),
        "next_url": _turned(request.GET, page.next),
    }
    status = 422 if form.errors else 200
    return render(request, "procedures/search.html", context, status=status)


def _turned(asked: QueryDict, cursor: str) -> str:
    """Return the address of the same search at another page; empty without one."""
    if not cursor:
        return ""
    following = asked.copy()
    following["cursor"] = cursor
    return f"?{following.urlencode()}"


def _card(procedure: Procedure, organization_id: int | None) -> dict[str, Any]:
    """Return what a card shows; it leads on to the body where that is chosen."""
    if organization_id:
        url = reverse("applications:start", args=[procedure.code, organization_id])
    else:
        url = reverse("procedures:procedure", args=[procedure.code])
    return {
        "title": procedure.title,
        "summary": procedure.summary,
        "url": url,
        "tags": [
            procedure.get_kind_display(),
            "ログインが必要" if procedure.required_level else "ログインなしでできます",
        ],
    }


@require_safe
def show_procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the procedure is and let people choose where they file it."""
    found = get_object_or_404(Procedure.objects.published(), code=code)
    groups = offerings_by_kind(found)
    offerings = [one for group in groups.values() for one in group]
    if len(offerings) == 1:
        return redirect("applications:start", code, offerings[0].organization_id)
    context = {"section": "procedures", "procedure": found, "groups": groups}
    return render(request, "procedures/procedure.html", context)


@require_safe
def show_organization(request: HttpRequest, code: int) -> HttpResponse:
    """List what one body takes online."""
    body = Organization.objects.filter(code=code).first()
    if body is None:
        choice = {"section": "procedures", "bodies": organizations_by_kind()}
        page = "procedures/organization_unknown.html"
        return render(request, page, choice, status=404)
    cards = [_card(one.procedure, code) for one in offerings_in(code)]
    context: dict[str, Any] = {
        "section": "procedures",
        "organization": body,
        "cards": cards,
    }
    return render(request, "procedures/organization.html", context)
