"""What the desks have written: one entry, and the entries of a desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from faq.models import Entry, Language
from faq.queries.catalogue import (
    desks_for,
    entries_of,
    entry_by_code,
    may_be_read,
    related_to,
    words_of,
)
from faq.safety import ADVICE, OfficialContact, contacts_for
from faq.views.reach import for_its_audience, frame, reader
from faq.views.words import LANGUAGES, language_of, tag_of
from foundation.keyset import keyset_page

PER_PAGE = 20


@dataclass(frozen=True)
class EntryShown:
    """An entry in the words of one language.

    Args:
        entry: With its live words, desk and body.
        question: In the language, or in Japanese where nobody has written it.
        answer: As `question`.
        tag: What HTML's `lang` says of both.
        has_readings: It is やさしい日本語, with readings in brackets.
        stands_in: It is Japanese because nobody has written the language.
        is_translated: A machine made it: 参考訳.
    """

    entry: Entry
    question: str
    answer: str
    tag: str
    has_readings: bool
    stands_in: bool
    is_translated: bool


@dataclass(frozen=True)
class ContactShown:
    """An official number with when to call it."""

    label: str
    number: str
    advice: str


def entry_shown(entry: Entry, language: str) -> EntryShown:
    """Return the entry as who reads `language` sees it."""
    words = words_of(entry)
    question, answer, written = words.in_language(language)
    return EntryShown(
        entry=entry,
        question=question,
        answer=answer,
        tag=tag_of(written),
        has_readings=written == Language.EASY,
        stands_in=written != language,
        is_translated=written in words.machine_translated,
    )


def entries_shown(entries: Sequence[Entry], language: str) -> list[EntryShown]:
    """Return several as `entry_shown` does."""
    return [entry_shown(entry, language) for entry in entries]


def contacts_shown(
    question: str, entries: Sequence[Entry], language: str
) -> list[ContactShown]:
    """Return the official numbers that question or entries call for, once each."""
    called = {
        *contacts_for(question),
        *(c for e in entries for c in words_of(e).contacts),
    }
    column = {Language.EASY: 1, Language.ENGLISH: 2}.get(Language(language), 0)
    return [
        ContactShown(contact.label, contact.value, ADVICE[contact][column])
        for contact in OfficialContact
        if contact in called
    ]


@require_safe
@for_its_audience
def entry(
    request: HttpRequest, audience: str, organization_code: int, code: str
) -> HttpResponse:
    """Show one entry under its lasting address."""
    found = entry_by_code(organization_code, code, audience, reader(request, audience))
    if found is None:
        raise Http404
    language = language_of(request.GET.get("lang", ""))
    if (words_of(found).valid_from or date.min) > timezone.localdate():
        raise Http404
    if not may_be_read(found):
        return render(request, "faq/gone.html", frame(request, language), status=410)
    others = related_to(found, reader(request, audience))
    context: dict[str, Any] = {
        **frame(request, language),
        "languages": LANGUAGES,
        "entry": entry_shown(found, language),
        "contacts": contacts_shown(words_of(found).question, [found], language),
        "related": entries_shown(others, language),
        "canonical": f"{settings.BASE_URL}{request.path}",
        "desk": found.desk,
        "is_open": found.desk.is_open_at(timezone.now()),
    }
    return render(request, "faq/entry.html", context)


@require_safe
@for_its_audience
def desk(
    request: HttpRequest, audience: str, organization_code: int, code: str
) -> HttpResponse:
    """List what one desk has written, of one category or of all."""
    user = reader(request, audience)
    found = get_object_or_404(
        desks_for(audience, user), organization=organization_code, code=code
    )
    category = request.GET.get("category", "")[:50]
    page = keyset_page(
        entries_of(found, category, user),
        ["category", "code"],
        cursor=request.GET.get("cursor", ""),
        size=PER_PAGE,
    )
    if category and not page.rows:
        raise Http404
    language = language_of(request.GET.get("lang", ""))
    context: dict[str, Any] = {
        **frame(request, language),
        "languages": LANGUAGES,
        "desk": found,
        "is_open": found.is_open_at(timezone.now()),
        "category": category,
        "entries": entries_shown(page.rows, language),
        "previous_url": _turned(request, page.previous),
        "next_url": _turned(request, page.next),
    }
    return render(request, "faq/desk.html", context)


def _turned(request: HttpRequest, cursor: str) -> str:
    """Return the address of the same list at another page; empty without one."""
    if not cursor:
        return ""
    following = request.GET.copy()
    following["cursor"] = cursor
    return f"?{following.urlencode()}"
