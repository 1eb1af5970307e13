"""All that one person has begun and filed, over all bodies."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.models import Application, Draft
from applications.queries import applications_of, drafts_of
from applications.views.cases import TONES
from applications.views.reach import account
from applications.workflow import State
from foundation.japanese import display_date
from foundation.keyset import keyset_page

PER_PAGE = 20
MOST_DRAFTS = 50
DRAFT_COLUMNS = ("手続", "提出先", "保存した日", "保存の期限")
FILED_COLUMNS = ("手続", "提出先", "状況", "提出した日", "到達番号")


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List drafts and filings, the newest first; further pages by key."""
    user = account(request)
    person_id = user.person_id if user else None
    cursor = request.GET.get("cursor", "")
    page = keyset_page(
        applications_of(person_id), ["-id"], cursor=cursor, size=PER_PAGE
    )
    drafts = [] if page.previous else drafts_of(person_id)[:MOST_DRAFTS]
    context = {
        "section": "mine",
        "draft_columns": DRAFT_COLUMNS,
        "filed_columns": FILED_COLUMNS,
        "drafts": [_draft_row(draft) for draft in drafts],
        "filed": [_filed_row(application) for application in page.rows],
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
        "next_url": f"?cursor={page.next}" if page.next else "",
    }
    return render(request, "applications/mine.html", context)


def _draft_row(draft: Draft) -> list[dict[str, str]]:
    cells = (
        {"text": draft.offering.procedure.title, "url": _url(draft.pk)},
        {"text": draft.organization.name},
        {"text": _day(draft.updated_at)},
        {"text": _day(draft.expires_at)},
    )
    return _labelled(DRAFT_COLUMNS, cells)


def _filed_row(application: Application) -> list[dict[str, str]]:
    state = State(application.state)
    cells = (
        {"text": application.offering.procedure.title, "url": _url(application.pk)},
        {"text": application.organization.name},
        {"text": state.label, "tone": TONES[state]},
        {"text": _day(application.filed_at)},
        {"text": application.number},
    )
    return _labelled(FILED_COLUMNS, cells)


def _labelled(
    columns: Sequence[str], cells: Sequence[dict[str, str]]
) -> list[dict[str, str]]:
    """Repeat the column with each cell: on a phone a row is a card."""
    return [
        {"label": label, **cell} for label, cell in zip(columns, cells, strict=True)
    ]


def _day(instant: datetime) -> str:
    return display_date(timezone.localdate(instant))


def _url(pk: UUID) -> str:
    return resolve_url("applications:case", pk)
