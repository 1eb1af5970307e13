"""One question: its answer, the choice, whether it helped, and the way to people."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from faq.actions.asking import choose_entry, judge_answer
from faq.actions.handing import hand_over
from faq.decision import Outcome
from faq.forms import AskForm, HandOverForm
from faq.models import Entry, Question, Verdict
from faq.queries.asked import offered_for, shown_for, ticket_of
from faq.queries.catalogue import desks_for, entries_by_id
from faq.retrieval.analysis import is_japanese
from faq.views.entries import (
    EntryShown,
    contacts_shown,
    entries_shown,
    entry_shown,
)
from faq.views.reach import (
    account,
    for_askers,
    frame,
    in_panel,
    onward,
    question_of,
    reader,
    used_up,
)
from faq.views.words import LANGUAGES, language_of, tag_of, words_in
from foundation.limits import Limit
from foundation.views import too_many

# Each is somebody's work; a library's reading room is one line.
HANDED_OVER = Limit("faq-hand-over", attempts=30, seconds=60 * 60)


@require_safe
@for_askers
def question(request: HttpRequest, audience: str, pk: UUID) -> HttpResponse:
    """Show what the question met."""
    return _page(request, question_of(request, audience, pk))


@require_POST
@for_askers
def choose(request: HttpRequest, audience: str, pk: UUID) -> HttpResponse:
    """Open one of the entries that were offered, or say that none fits."""
    asked = question_of(request, audience, pk)
    choose_entry(asked, _id_of(request.POST.get("entry", "")))
    return onward(request, "question", pk)


def _id_of(text: str) -> UUID | None:
    """Return the id that a button sent; another than ours is no entry's."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)


@require_POST
@for_askers
def judge(request: HttpRequest, audience: str, pk: UUID) -> HttpResponse:
    """Keep whether it helped."""
    asked = question_of(request, audience, pk)
    verdict = request.POST.get("verdict", "")
    if verdict in Verdict.values:
        judge_answer(asked, verdict)
    return onward(request, "question", pk)


@require_POST
@for_askers
def give_to_desk(request: HttpRequest, audience: str, pk: UUID) -> HttpResponse:
    """Hand the question over, and show the number under which it is found again."""
    asked = question_of(request, audience, pk)
    if (ticket := ticket_of(asked)) is not None:
        return onward(request, "ticket", ticket.pk)
    form = _hand_over_form(request, asked)
    if not form.is_valid():
        return _page(request, asked, form)
    if used_up(request, HANDED_OVER):
        return too_many(request, HANDED_OVER)
    handed = hand_over(
        asked,
        message=form.cleaned_data["message"],
        contact_email=form.cleaned_data["contact_email"],
        desk=form.desk,
        by=account(request),
    )
    return onward(request, "ticket", handed.ticket.pk)


def _hand_over_form(request: HttpRequest, asked: Question) -> HandOverForm:
    user = account(request)
    desks = desks_for(asked.audience, reader(request, asked.audience)).filter(
        organization=asked.organization_id
    )
    # Its own may have been closed since; then the person chooses another.
    own = [asked.desk] if asked.desk.closed_at is None else []
    others = [desk for desk in desks if desk != asked.desk]
    return HandOverForm(
        request.POST if request.method == "POST" else None,
        words=words_in(asked.language),
        desks=[*own, *others] or [asked.desk],
        email=user.email if user else "",
        auto_id=_ids_of(asked),
    )


def _ids_of(asked: Question) -> str:
    """Return a pattern of ids: the panel shows several questions at once."""
    return f"q-{asked.pk.hex}-%s"


def _page(
    request: HttpRequest, asked: Question, refused: HandOverForm | None = None
) -> HttpResponse:
    language = language_of(request.GET.get("lang", "") or asked.language)
    user = reader(request, asked.audience)
    shown = entries_by_id(shown_for(asked), asked.audience, user)
    opened = asked.chosen_id or asked.answered_id
    entry = shown[0] if opened and shown else None
    offers = not opened and not asked.verdict and asked.outcome == Outcome.CANDIDATES
    ticket = ticket_of(asked)
    needs_people = not offers and (entry is None or asked.verdict == Verdict.UNSOLVED)
    follow_up = AskForm(
        words=words_in(language),
        initial={"after": asked.pk, "place": asked.place_id, "lang": language},
        auto_id=_ids_of(asked),
    )
    desk = entry.desk if entry else asked.desk
    context: dict[str, Any] = {
        **frame(request, language),
        "languages": LANGUAGES,
        "asked": asked,
        "asked_tag": "ja" if is_japanese(asked.text) else tag_of(asked.language),
        # Of several, the best alone: its danger is likely theirs, another's is not.
        "contacts": contacts_shown(asked.text, shown[:1], language),
        "entry": entry_shown(entry, language) if entry else None,
        "candidates": entries_shown(shown, language) if offers else [],
        "related": _related(asked, entry, language, user) if entry else [],
        "desk": desk,
        "is_open": desk.is_open_at(timezone.now()),
        "ticket": ticket,
        "hand_over": (refused or _hand_over_form(request, asked))
        if needs_people and ticket is None
        else None,
        "follow_up": follow_up,
        "form": refused or follow_up,
    }
    template = "faq/exchange.html" if in_panel(request) else "faq/question.html"
    return render(request, template, context, status=422 if refused else 200)


def _related(
    asked: Question, entry: Entry, language: str, user: User | None
) -> list[EntryShown]:
    """Return what else was found for the question."""
    others = [key for key in offered_for(asked) if key != entry.pk]
    return entries_shown(entries_by_id(others, asked.audience, user), language)
