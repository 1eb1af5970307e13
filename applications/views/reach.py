"""Who gets into the pages of one filing: its owner, or who holds its 問合せ番号."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render, resolve_url

from accounts.identity import NOBODY, Identity, identity_of
from accounts.models import User
from applications.actions.drafts import LIFETIME
from applications.errors import DraftGone, IdentityTooWeak
from applications.models import Application, Draft
from applications.queries import application_in, draft_in
from foundation.errors import DomainError
from foundation.tenancy.scope import capability_of
from organizations.queries import scope_of_request

View = Callable[..., HttpResponseBase]


def account(request: HttpRequest) -> User | None:
    """Return who is signed in."""
    return request.user if isinstance(request.user, User) else None


def application_of(request: HttpRequest, pk: UUID) -> Application:
    """Return what was filed under this id, if the visitor may see it; else 404."""
    return get_object_or_404(application_in(scope_of_request(request)), pk=pk)


def begun(request: HttpRequest, pk: UUID) -> Draft | None:
    """Return the draft of this id, if there is one and the visitor may see it."""
    return next(iter(draft_in(scope_of_request(request)).filter(pk=pk)), None)


def draft_of(request: HttpRequest, pk: UUID) -> Draft | None:
    """Return the draft of this id; None if it has been filed; else 404."""
    draft = begun(request, pk)
    if draft is None:
        application_of(request, pk)
    return draft


def identity_for(request: HttpRequest, filed: Draft | Application) -> Identity:
    """Return what the session has proved; towards what is another's, nothing."""
    own = filed.person_id in scope_of_request(request).person_ids
    return identity_of(request.session) if own else NOBODY


def for_applicants(view: View) -> View:
    """Say kindly why a page of a filing cannot be seen, or a step not be done.

    Whoever may not see it, and whoever asks for what never was, read the same words;
    no cache may keep them, for the owner asks under the same address.
    """

    @wraps(view)
    def kindly(request: HttpRequest, pk: UUID, **parts: Any) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            response = view(request, pk, **parts)
        except (Http404, DraftGone):
            response = render(request, "applications/out_of_reach.html", status=404)
        except DomainError as error:
            response = _refused(request, pk, error)
        response.headers["Cache-Control"] = "no-store"
        return response

    return kindly


def _refused(request: HttpRequest, pk: UUID, error: DomainError) -> HttpResponse:
    if isinstance(error, IdentityTooWeak) and account(request) is None:
        # Back on this page once signed in, with all that was typed.
        return redirect_to_login(request.path)
    context = {"sentence": str(error), "pk": pk}
    return render(request, "applications/not_possible.html", context, status=409)


def hand_key(response: HttpResponse, pk: UUID, code: str) -> None:
    """Let this browser open one filing, and send the secret to no other address."""
    response.set_cookie(
        settings.CAPABILITY_COOKIE_NAME,
        code,
        max_age=LIFETIME,
        path=_path_of(pk),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def renew_key(request: HttpRequest, response: HttpResponse, filed: Draft) -> None:
    """Let the key last as long again as the draft does."""
    code = request.COOKIES.get(settings.CAPABILITY_COOKIE_NAME, "")
    if capability_of(code) == filed.capability:
        hand_key(response, filed.pk, code)


def take_key(response: HttpResponse, pk: UUID) -> None:
    """Let this browser open the filing no more."""
    response.delete_cookie(
        settings.CAPABILITY_COOKIE_NAME, path=_path_of(pk), samesite="Lax"
    )


def _path_of(pk: UUID) -> str:
    return resolve_url("applications:case", pk)
