"""The tokens with which a resident lets programs act for them."""

import time
from http import HTTPStatus
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from foundation.errors import DomainError
from organizations.actions import IssuedToken, issue_token, revoke_token
from organizations.forms import TokenForm
from organizations.models import ApiToken
from organizations.queries import tokens_of

_SIGN_IN_AGAIN = (
    "安全のため、ログインしてから"
    f"{settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60}分以内に作成してください。"
    "いちどログアウトして、ログインし直してください。"
)


@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens; on a valid POST, make one and show its secret once.

    The secret is in the answer to the POST itself: to show it after a redirect, it
    would have to lie somewhere meanwhile.
    """
    user = _resident(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    issued = _issue(request, user, form) if form.is_valid() else None
    context = {
        "form": TokenForm() if issued else form,
        "issued": issued,
        "tokens": tokens_of(user.person_id),
    }
    status = 422 if form.errors else 200
    return render(request, "organizations/tokens.html", context, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make one of one's tokens open nothing from now on."""
    user = _resident(request)
    token = get_object_or_404(ApiToken.objects.owned_by(user.person_id), pk=pk)
    revoke_token(token, by=user)
    messages.success(request, f"「{token.label}」を使えないようにしました。")
    to = resolve_url("organizations:tokens")
    return HttpResponseRedirect(to, status=HTTPStatus.SEE_OTHER)


def _resident(request: HttpRequest) -> User:
    """Return who is signed in; staff have no applications of their own here."""
    user = request.user
    if not isinstance(user, User) or user.person_id is None:
        raise PermissionDenied
    return user


def _issue(request: HttpRequest, user: User, form: TokenForm) -> IssuedToken | None:
    if not _signed_in_recently(request, user):
        form.add_error(None, _SIGN_IN_AGAIN)
        return None
    try:
        return issue_token(
            label=form.cleaned_data["label"],
            scopes=form.chosen_scopes(),
            expires_at=form.expires_at(),
            person=user.person,
            by=user,
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return None


def _signed_in_recently(request: HttpRequest, user: User) -> bool:
    """Tell whether somebody proved just now to be there, by whatever means.

    Who signs in by a code alone has nothing that allauth could ask for again.
    """
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, user)
    return any(record["at"] > since for record in records)
