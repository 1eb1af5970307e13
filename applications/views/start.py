"""The page before the questions: what is asked, what for, and by whom."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.identity import LEVELS, identity_of
from applications.actions import start_draft
from applications.errors import IdentityTooWeak, OfferingClosed
from applications.queries import current_revision, drafts_of, spec_of
from applications.views.reach import account, hand_key
from foundation.limits import Limit, network_of
from foundation.views import see_other, too_many
from organizations.queries import organization_names
from procedures.models import Offering, Procedure
from procedures.queries import offerings_of

# A draft costs us ninety days of keeping, and a filing somebody's mail: enough for a
# town hall where people are helped at a counter, too few to flood a desk.
PER_NETWORK = Limit("start", attempts=100, seconds=60 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, code: str, organization_code: int) -> HttpResponse:
    """Tell what is needed; on POST, open a draft and ask the first question."""
    procedure = get_object_or_404(Procedure.objects.published(), code=code)
    body = organization_code if organization_code in organization_names() else None
    offering = offerings_of(procedure).filter(organization=body).first()
    if offering is None:
        return _not_offered(request, procedure, organization_code)
    if request.method == "POST":
        network = network_of(get_adapter().get_client_ip(request))
        if account(request) is None:
            if PER_NETWORK.reached(network):
                return too_many(request, PER_NETWORK)
            PER_NETWORK.count(network)
        try:
            return _begin(request, offering)
        except (OfferingClosed, IdentityTooWeak):
            # The page itself says when it opens or how to sign in.
            return _page(request, offering, status=409)
    return _page(request, offering)


def _begin(request: HttpRequest, offering: Offering) -> HttpResponse:
    user = account(request)
    person = user.person if user else None
    started = start_draft(
        offering,
        by=person,
        identity=identity_of(request.session),
        known={"applicant.email": user.email} if user else {},
    )
    onward = see_other("applications:case", started.draft.pk)
    if person is None:
        # Whoever signed in opens it by that; a key would outlast their signing out.
        hand_key(onward, started.draft.pk, started.code)
    return onward


def _page(
    request: HttpRequest, offering: Offering, *, status: int = 200
) -> HttpResponse:
    user, procedure = account(request), offering.procedure
    revision = current_revision(procedure.pk)
    level = procedure.required_level
    context: dict[str, Any] = {
        "section": "procedures",
        "offering": offering,
        "spec": spec_of(revision.pk) if revision else None,
        "level": LEVELS[level],
        "is_sure": identity_of(request.session).meets(level),
        # What signing in to the portal proves; more takes a card.
        "can_sign_in": user is None and level <= 1,
        "drafts": drafts_of(user.person_id).filter(offering=offering) if user else [],
    }
    return render(request, "applications/start.html", context, status=status)


def _not_offered(
    request: HttpRequest, procedure: Procedure, organization_code: int
) -> HttpResponse:
    context = {
        "section": "procedures",
        "procedure": procedure,
        "organization_code": organization_code,
        "organization": organization_names().get(organization_code, ""),
    }
    return render(request, "applications/not_offered.html", context, status=404)
