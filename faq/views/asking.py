"""The page where one asks, and what helps while one types."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import User
from faq.actions.asking import Circumstances, ask_question
from faq.actions.desks import KEEPERS
from faq.forms import AskForm
from faq.models import Door, Question
from faq.queries.asked import question_in, recent_questions
from faq.queries.catalogue import (
    DeskShown,
    desks_shown,
    popular_entries,
    suggested,
    words_of,
)
from faq.views.entries import entries_shown
from faq.views.reach import (
    account,
    address_of,
    asking_of,
    conversation_of,
    for_its_audience,
    frame,
    hand_key,
    in_panel,
    onward,
    reader,
    take_key,
    used_up,
)
from faq.views.words import LANGUAGES, language_of, words_in
from foundation.desk.roles import bodies_where
from foundation.errors import DomainError
from foundation.limits import Limit
from foundation.views import too_many
from organizations.queries import (
    bodies_served,
    organization_names,
    scope_of_request,
)

# A question costs us an encoder's work and a row; a town hall is one line.
ASKED = Limit("faq-ask", attempts=120, seconds=10 * 60)
# One for each pause while typing.
SUGGESTED = Limit("faq-suggest", attempts=1200, seconds=10 * 60)


@require_safe
@for_its_audience
def ask(request: HttpRequest, audience: str) -> HttpResponse:
    """Ask for the question; show who answers, and what may be read."""
    language = language_of(request.GET.get("lang", ""))
    chosen = {"place": request.GET.get("place", ""), "lang": language}
    return _page(
        request, audience, AskForm(words=words_in(language, audience), initial=chosen)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_its_audience
def new_question(request: HttpRequest, audience: str) -> HttpResponse:
    """Find what answers, keep it, and send the browser on to it."""
    if request.method != "POST":
        return onward(request, "ask")
    if used_up(request, ASKED):
        return too_many(request, ASKED)
    language = language_of(request.POST.get("lang", ""))
    form = AskForm(request.POST, words=words_in(language, audience))
    if form.is_valid():
        try:
            return _asked(request, audience, form, language)
        except DomainError as error:
            form.add_error("question", str(error))
    if in_panel(request):
        context = {**frame(request, language), "form": form}
        return render(request, "faq/refused.html", context, status=422)
    return _page(request, audience, form, status=422)


def _asked(
    request: HttpRequest, audience: str, form: AskForm, language: str
) -> HttpResponse:
    text, place = form.cleaned_data["question"], form.place_code
    mine = question_in(scope_of_request(request), audience)
    before = mine.filter(pk=form.cleaned_data["after"]).first()
    user = account(request)
    conversation = conversation_of(request, before)
    question = ask_question(
        text,
        asking=asking_of(request, audience, text, place=place, desks=_topic(before)),
        around=Circumstances(
            conversation=conversation,
            door=Door.PANEL if in_panel(request) else Door.PAGE,
            place=place,
            language=language,
            person=user.person if user else None,
        ),
    )
    response = onward(request, "question", question.pk)
    if question.person_id is None:
        # Whoever signed in opens it by that; a key would outlast their signing out.
        hand_key(response, conversation.token)
    return response


def _topic(before: Question | None) -> tuple[Any, ...]:
    """Return the desk to ask first: that of the question that this one follows."""
    return (before.desk_id,) if before else ()


def _page(
    request: HttpRequest, audience: str, form: AskForm, *, status: int = 200
) -> HttpResponse:
    user = reader(request, audience)
    language = language_of(form["lang"].value() or "")
    desks = desks_shown(audience, user)
    context = {
        **frame(request, language),
        "languages": LANGUAGES,
        "audience": audience,
        "form": form,
        "desks": desks,
        **(_standing(user, desks) if user else {"may_ask": True}),
        "popular": entries_shown(popular_entries(audience, user), language),
    }
    return render(request, "faq/ask.html", context, status=status)


def _standing(user: User, desks: Sequence[DeskShown]) -> dict[str, bool]:
    """Return whether anybody answers this member of staff, and why else not."""
    served = bodies_served(user)
    return {
        "may_ask": any(shown.desk.organization_id in served for shown in desks),
        "only_looks": not served,
        "keeps_desks": bool(bodies_where(user, KEEPERS)),
    }


@require_POST
@for_its_audience
def suggestions(request: HttpRequest, audience: str) -> HttpResponse:
    """Return questions with an answer, by the words typed so far; nothing is kept."""
    if used_up(request, SUGGESTED):
        return JsonResponse({"suggestions": []}, status=429)
    text = request.POST.get("question", "")
    place = request.POST.get("place", "")
    code = next((c for c in organization_names() if str(c) == place), None)
    language = language_of(request.POST.get("lang", ""))
    asking = asking_of(request, audience, text, place=code)
    found = [
        {
            "question": words_of(entry).in_language(language)[0],
            "url": _address(request, entry, language),
        }
        for entry in suggested(text, asking)
    ]
    return JsonResponse({"suggestions": found})


def _address(request: HttpRequest, entry: Any, language: str) -> str:
    address = address_of(request, "entry", entry.organization_id, entry.code)
    return address if language == LANGUAGES[0] else f"{address}?lang={language}"


@require_safe
@for_its_audience
def panel(request: HttpRequest, audience: str) -> HttpResponse:
    """Return what the panel opens with: the last questions, and a form with its key."""
    language = language_of(request.GET.get("lang", ""))
    context = {
        **frame(request, language),
        "form": AskForm(words=words_in(language, audience), initial={"lang": language}),
        "languages": LANGUAGES,
        "recent": recent_questions(scope_of_request(request), audience),
    }
    return render(request, "faq/panel.html", context)


@require_POST
@for_its_audience
def leave(request: HttpRequest, audience: str) -> HttpResponse:  # noqa: ARG001
    """Open the conversation in this browser no more."""
    response = onward(request, "ask")
    take_key(response)
    return response
