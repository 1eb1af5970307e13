"""What was handed over: its state, what was written, and how it is found again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from faq.actions.handing import write_to_ticket
from faq.forms import MessageForm, TicketLookupForm
from faq.models import Reply, Ticket, TicketState
from faq.queries.asked import conversation_code, replies_of, ticket_by_number
from faq.views.reach import (
    account,
    for_askers,
    for_its_audience,
    frame,
    hand_key,
    in_panel,
    network,
    onward,
    ticket_here,
    used_up,
)
from faq.views.words import LANGUAGES, language_of, words_in
from foundation.limits import Limit
from foundation.numbering import in_groups
from foundation.tenancy.scope import capability_of, opened_by
from foundation.views import too_many

# As for filings: failures alone count, widely by network, narrowly by number too.
PER_NETWORK = Limit("faq-ticket-network", attempts=100, seconds=15 * 60)
PER_NUMBER = Limit("faq-ticket-number", attempts=10, seconds=15 * 60)
WRITTEN = Limit("faq-message", attempts=60, seconds=60 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
@for_its_audience
def look_up(request: HttpRequest, audience: str) -> HttpResponse:
    """Ask for 受付番号 and 問合せ番号; when they fit, open the ticket."""
    framed = frame(request)
    words = framed["words"]
    form = TicketLookupForm(
        request.POST if request.method == "POST" else None, words=words
    )
    if form.is_valid():
        number, code = (form.cleaned_data[k] for k in ("number", "inquiry_code"))
        line = network(request)
        pair = f"{line} {number}"
        if PER_NETWORK.reached(line) or PER_NUMBER.reached(pair):
            return too_many(request, PER_NUMBER)
        with opened_by(code):
            found = ticket_by_number(number, capability_of(code), audience)
        if found is not None:
            response = onward(request, "ticket", found.pk)
            hand_key(response, code)
            return response
        PER_NETWORK.count(line)
        PER_NUMBER.count(pair)
        # The same for a wrong number and a wrong code: it tells no one which exist.
        form.add_error(None, words["pair_unknown"])
    context = {**framed, "languages": LANGUAGES, "form": form}
    status = 422 if form.errors else 200
    return render(request, "faq/tickets.html", context, status=status)


@require_safe
@for_askers
def ticket(request: HttpRequest, audience: str, pk: UUID) -> HttpResponse:
    """Show where the ticket stands and what was written."""
    found = ticket_here(request, audience, pk)
    return _page(request, found, MessageForm(words=words_in(found.language)))


@require_POST
@for_askers
def write(request: HttpRequest, audience: str, pk: UUID) -> HttpResponse:
    """Send another message to the desk."""
    found = ticket_here(request, audience, pk)
    form = MessageForm(request.POST, words=words_in(found.language))
    if not form.is_valid():
        return _page(request, found, form)
    if used_up(request, WRITTEN):
        return too_many(request, WRITTEN)
    write_to_ticket(found, text=form.cleaned_data["text"], by=account(request))
    return onward(request, "ticket", pk)


def _page(request: HttpRequest, found: Ticket, form: MessageForm) -> HttpResponse:
    language = language_of(request.GET.get("lang", "") or found.language)
    replies = replies_of(found)
    context: dict[str, Any] = {
        **frame(request, language),
        "languages": LANGUAGES,
        "ticket": found,
        "code": in_groups(conversation_code(found.question) or ""),
        "replies": replies,
        "is_new": all(one.side == Reply.Side.ASKER for one in replies)
        and found.state == TicketState.WAITING,
        "is_waiting": found.state == TicketState.WAITING,
        "is_closed": found.state == TicketState.CLOSED,
        "state": words_in(language)[found.state],
        "desk": found.desk,
        "is_open": found.desk.is_open_at(timezone.now()),
        "form": form,
    }
    template = "faq/handed.html" if in_panel(request) else "faq/ticket.html"
    status = 422 if form.errors else 200
    return render(request, template, context, status=status)
