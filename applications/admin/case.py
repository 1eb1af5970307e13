"""One case on the desk: answers, versions, corrections, papers, notes, history."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from applications.actions import note_viewing
from applications.admin.columns import TONES, due_tag
from applications.admin.steps import ASSIGN, NOTE, SEND_BY_POST, signed_in
from applications.events import ApplicationAssigned, PersonalDataViewed
from applications.formspec import Section
from applications.models import (
    Application,
    ApplicationVersion,
    Correction,
    Document,
    Note,
)
from applications.pdf import paper_context
from applications.queries import goes_by_post, open_corrections, spec_of
from applications.workflow import State
from foundation.desk.admin import ScopedAdmin
from journal.actions import PORTAL
from journal.events import labels
from journal.models import Entry
from journal.queries import entries_about
from organizations.models import ApiToken

Desk = ScopedAdmin[Application]
SENSITIVE = "sensitive"
HIDDEN = "（要配慮情報。表示するには下のボタンを押してください）"
READ = {"GET", "HEAD"}


def page(desk: Desk, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the case, and write down who looked.

    Sensitive answers (要配慮個人情報) are shown when asked for, which is written down
    as such.
    """
    application = desk.get_object(request, unquote(object_id))
    if request.method not in READ or not desk.has_view_permission(request, application):
        raise PermissionDenied
    revealed = request.GET.get("show") == SENSITIVE
    via = f"admin:{SENSITIVE}" if revealed else "admin"
    note_viewing(application, via=via, by=signed_in(request))
    versions = list(_parts(ApplicationVersion, application))
    sections = _sections(application, versions, revealed=revealed)
    context = {
        "title": application.number,
        "application": application,
        "procedure": application.offering.procedure,
        "office": application.department,
        "state": State(application.state).label,
        "tone": TONES[State(application.state)],
        "due": _due(application),
        "send_by_post": SEND_BY_POST if goes_by_post(application) else "",
        "sections": sections,
        "has_sensitive": any(
            row["hidden"] for section in sections for row in section["rows"]
        ),
        "changes": _changes(application, versions, revealed=revealed),
        "corrections": _corrections(application),
        "papers": _papers(desk, request, application),
        "notes": Note.objects.filter(
            organization_id=application.organization_id, application=application
        ).select_related("author"),
        "history": history(application, signed_in(request)),
        "revealed": revealed,
        **_steps(desk, request, application),
    }
    return desk.page(request, str(desk.change_form_template), context)


def _due(application: Application) -> str:
    waited_for = open_corrections(application).first()
    correct_by = waited_for.due_on if waited_for else None
    return due_tag(application, timezone.localdate(), correct_by=correct_by)


def _parts(model: Any, application: Application) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(
        organization_id=application.organization_id, application=application
    )
    return rows


def _steps(
    desk: Desk, request: HttpRequest, application: Application
) -> dict[str, Any]:
    """Return the buttons: what brings the case on, and what lies beside it."""
    links = desk.step_links(request, application)
    aside = {ASSIGN.name, NOTE.name}
    return {
        "step_links": [link for link in links if link["step"].name not in aside],
        **{
            f"{link['step'].name}_url": link["url"]
            for link in links
            if link["step"].name in aside
        },
        "note_form": NOTE.form(request, application),
    }


# What was answered


def _sections(
    application: Application, versions: list[ApplicationVersion], *, revealed: bool
) -> list[dict[str, Any]]:
    """Return the answers in force; those that are sensitive only when asked for."""
    current = next(v for v in versions if v.n == application.version)
    return [
        {
            "title": section.title,
            "rows": [
                {
                    "label": row.label,
                    "lines": row.lines if revealed or not _hides(row) else (HIDDEN,),
                    "hidden": _hides(row) and not revealed,
                    "missing": row.missing,
                }
                for row in section.rows
            ],
        }
        for section in spec_of(application.revision_id).sections(current.answers)
    ]


def _hides(row: Any) -> bool:
    return bool(row.pii == SENSITIVE and not row.missing)


@dataclass(frozen=True)
class Change:
    """One answer that a version changed."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def _changes(
    application: Application, versions: list[ApplicationVersion], *, revealed: bool
) -> list[dict[str, Any]]:
    """Return the versions, each with what it changed in the one before."""
    spec = spec_of(application.revision_id)
    laid_out = [(version, spec.sections(version.answers)) for version in versions]
    changes: list[list[Change]] = [[]] + [
        _difference(before, after, revealed=revealed)
        for (_, before), (_, after) in pairwise(laid_out)
    ]
    return [
        {"version": version, "changes": changed}
        for version, changed in zip(versions, changes, strict=True)
    ]


def _difference(
    before: list[Section], after: list[Section], *, revealed: bool
) -> list[Change]:
    """Return the answers that differ, in the order of the form."""
    old = {row.key: row for section in before for row in section.rows}
    new = {row.key: row for section in after for row in section.rows}
    changes = []
    for key in {**old, **new}:
        was, is_now = old.get(key), new.get(key)
        lines = [row.lines if row else ("（なし）",) for row in (was, is_now)]
        if lines[0] == lines[1]:
            continue
        row = is_now or was
        hidden = row is not None and row.pii == SENSITIVE and not revealed
        shown = [(HIDDEN,), (HIDDEN,)] if hidden else lines
        changes.append(Change(row.label if row else key, *shown))
    return changes


def _corrections(application: Application) -> list[dict[str, Any]]:
    fields = spec_of(application.revision_id).fields
    return [
        {
            "correction": correction,
            "labels": [fields[key].noun for key in correction.field_keys],
        }
        for correction in _parts(Correction, application).select_related("sent_by")
    ]


# Papers


def _papers(
    desk: Desk, request: HttpRequest, application: Application
) -> list[dict[str, Any]]:
    return [
        {
            "paper": paper,
            "url": desk.url_of(request, "document", application.pk, paper.pk),
            "pdf_url": desk.url_of(request, "pdf", application.pk, paper.pk)
            if paper.file
            else "",
        }
        for paper in _parts(Document, application)
    ]


def _paper(
    desk: Desk, request: HttpRequest, object_id: str, document_id: UUID
) -> Document:
    """Find a paper of a case of one's own, and write down who looked."""
    application = desk.get_object(request, unquote(object_id))
    if request.method not in READ or not desk.has_view_permission(request, application):
        raise PermissionDenied
    paper: Document = get_object_or_404(_parts(Document, application), pk=document_id)
    paper.application = application
    note_viewing(application, via="admin:document", by=signed_in(request))
    return paper


def document_page(
    desk: Desk, request: HttpRequest, object_id: str, document_id: UUID
) -> HttpResponse:
    """Show a paper as it was made."""
    paper = _paper(desk, request, object_id, document_id)
    context = {
        **paper_context(paper),
        "title": paper.get_kind_display(),
        "subtitle": paper.application.number,
        "application": paper.application,
        "back_url": desk.row_url(request, paper.application),
    }
    template = "admin/applications/application/document.html"
    return desk.page(request, template, context)


def document_file(
    desk: Desk, request: HttpRequest, object_id: str, document_id: UUID
) -> Any:
    """Hand out the PDF of a paper; 404 until it is made."""
    paper = _paper(desk, request, object_id, document_id)
    try:
        file = paper.file.open() if paper.file else None
    except OSError:
        file = None
    if file is None:
        raise Http404
    name = f"{paper.get_kind_display()}_{paper.application.number}.pdf"
    return FileResponse(
        file, as_attachment=True, filename=name, content_type="application/pdf"
    )


# What happened


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the journal, in words."""

    title: str
    at: datetime
    actor: str
    is_view: bool


APPLICANT = "申請者"
# Who did it, where it was not an account.
ACTORS = {
    ApiToken.actor_kind: "連携システム",
    PORTAL.actor_kind: "システム",
    "nobody": APPLICANT,
}


def history(application: Application, reader: User) -> dict[str, list[HistoryEntry]]:
    """Return what happened to the case, and apart from it who looked at it."""
    entries = entries_about(application.pk, visible_to=reader)
    names = _names_of(entries)
    called = labels()
    told = [
        HistoryEntry(
            title=_title(entry, called, names),
            at=entry.recorded_at,
            actor=_actor(entry, names),
            is_view=entry.name == PersonalDataViewed.name,
        )
        for entry in entries
    ]
    return {
        "steps": [entry for entry in told if not entry.is_view],
        "views": [entry for entry in told if entry.is_view],
    }


def _names_of(entries: list[Entry]) -> dict[str, str]:
    """Return staff by id; an applicant's account is called 申請者 by everyone here."""
    ids = {entry.actor_id for entry in entries if entry.actor_kind == User.actor_kind}
    ids |= {str(entry.payload.get("assignee_id") or "") for entry in entries}
    found = User.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdigit()])
    return {str(user.pk): str(user) if user.is_staff else APPLICANT for user in found}


def _actor(entry: Entry, names: dict[str, str]) -> str:
    if entry.actor_kind == User.actor_kind:
        return names.get(entry.actor_id, "削除されたアカウント")
    return ACTORS.get(entry.actor_kind, entry.actor_kind)


def _title(entry: Entry, called: dict[str, str], names: dict[str, str]) -> str:
    title = called.get(entry.name, entry.name)
    if entry.name == ApplicationAssigned.name:
        assignee = names.get(str(entry.payload["assignee_id"]), "未割当")
        return f"{title}（{assignee}）"
    return title
