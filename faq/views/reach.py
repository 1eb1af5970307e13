"""Who asks, what they may see, and how they are answered."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import User
from accounts.queries import has_second_factor
from faq.actions.asking import Conversation, begin_conversation
from faq.models import Audience, Question, Ticket
from faq.queries.asked import conversation_code, latest_question, question_in, ticket_in
from faq.queries.finding import Asking, asking_as_resident, asking_as_staff
from faq.views.words import language_of, tag_of, words_in
from foundation.errors import DomainError
from foundation.limits import Limit, network_of
from foundation.views import see_other
from organizations.queries import scope_for, scope_of_request

View = Callable[..., HttpResponseBase]
# The panel asks for the same pages without their frame.
PANEL_HEADER = "X-Faq-Panel"


def account(request: HttpRequest) -> User | None:
    """Return who is signed in; a visitor without a session is not asked."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def network(request: HttpRequest) -> str:
    """Return what stands for the asker's line in a limit."""
    return network_of(get_adapter().get_client_ip(request))


def used_up(request: HttpRequest, limit: Limit) -> bool:
    """Tell whether the line has used up its attempts; count this one if not."""
    line = network(request)
    if limit.reached(line):
        return True
    limit.count(line)
    return False


def in_panel(request: HttpRequest) -> bool:
    """Tell whether the panel asks, which has a frame of its own."""
    return PANEL_HEADER in request.headers


def reader(request: HttpRequest, audience: str) -> User | None:
    """Return the member of staff whose bodies limit what is read; None: residents."""
    return account(request) if audience == Audience.STAFF else None


def asking_of(
    request: HttpRequest,
    audience: str,
    text: str,
    *,
    place: int | None = None,
    desks: Collection[UUID] = (),
) -> Asking:
    """Return within what to look for an answer."""
    if audience == Audience.STAFF:
        return asking_as_staff(account(request), desks=desks)
    return asking_as_resident(text, place=place, desks=desks)


def for_its_audience(view: View) -> View:
    """Let nobody but staff see that there are pages for staff.

    Their second factor is asked for as at the door of their desk.
    """

    @wraps(view)
    def guarded(request: HttpRequest, audience: str, **parts: Any) -> HttpResponseBase:
        if audience == Audience.STAFF:
            if not _works_for_a_body(request):
                raise Http404
            if not has_second_factor(request.user):
                return redirect("admin:login")
        return view(request, audience=audience, **parts)

    return guarded


def _works_for_a_body(request: HttpRequest) -> bool:
    return bool(scope_for(account(request)).organization_ids)


def for_askers(view: View) -> View:
    """Say kindly why what somebody asked cannot be seen, or a step not be done.

    Whoever may not see it, and whoever asks for what never was, read the same words.
    """

    @wraps(view)
    def kindly(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            response = view(request, **parts)
        except Http404:
            response = render(request, "faq/out_of_reach.html", FRAME, status=404)
        except DomainError as error:
            context = {**FRAME, "sentence": str(error)}
            response = render(request, "faq/not_possible.html", context, status=409)
        response.headers["Cache-Control"] = "no-store"
        return response

    return for_its_audience(kindly)


FRAME = {"section": "faq"}


def question_of(request: HttpRequest, audience: str, pk: UUID) -> Question:
    """Return the question, if the visitor may see it; else 404."""
    return get_object_or_404(question_in(scope_of_request(request), audience), pk=pk)


def ticket_here(request: HttpRequest, audience: str, pk: UUID) -> Ticket:
    """Return the ticket, if the visitor may see it; else 404."""
    return get_object_or_404(ticket_in(scope_of_request(request), audience), pk=pk)


def conversation_of(request: HttpRequest, after: Question | None) -> Conversation:
    """Return the conversation to go on with, or a new one.

    Whoever signed in goes on only with what is their own: the key in the browser may
    be another's.
    """
    user = account(request)
    if user is not None and user.person_id is not None:
        before = after if after and after.person_id == user.person_id else None
    else:
        before = after or latest_question(scope_of_request(request))
    code = conversation_code(before) if before else None
    if before is None or code is None:
        return begin_conversation()
    return Conversation(before.conversation, code)


def frame(request: HttpRequest, language: str | None = None) -> dict[str, Any]:
    """Return what every page of the FAQ is framed with."""
    language = language or language_of(request.GET.get("lang", ""))
    match = request.resolver_match
    audience = match.kwargs["audience"] if match else Audience.RESIDENT
    return {
        **FRAME,
        "words": words_in(language, audience),
        "language": language,
        "tag": tag_of(language),
    }


def address_of(request: HttpRequest, name: str, *args: Any) -> str:
    """Return the address among the pages of the same audience."""
    match = request.resolver_match
    namespace = match.namespace if match else None
    return reverse(f"faq:{name}", args=args, current_app=namespace)


def onward(request: HttpRequest, name: str, *args: Any) -> HttpResponseRedirect:
    """Send the browser on among the pages of the same audience."""
    return see_other(address_of(request, name, *args))


def hand_key(response: HttpResponse, token: str) -> None:
    """Let this browser open the conversation until it is closed."""
    response.set_cookie(
        settings.CAPABILITY_COOKIE_NAME,
        token,
        path=reverse("faq:ask"),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def take_key(response: HttpResponse) -> None:
    """Let this browser open the conversation no more."""
    response.delete_cookie(
        settings.CAPABILITY_COOKIE_NAME, path=reverse("faq:ask"), samesite="Lax"
    )
