"""One entry on the desk: what answers, what is being written, what it was."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from faq.actions.authoring import words_of
from faq.admin.columns import days_tag, entry_tags, link_tag, state_tag
from faq.admin.drafting import shown_to_residents
from faq.admin.steps import ADD_WORDINGS, ASIDE, REMOVE_WORDING, RESTORE
from faq.admin.translating import translations_of
from faq.models import Entry, Revision, State
from faq.queries.differences import differences, left_behind
from faq.queries.entries import unfinished_of, use_of, versions_of
from foundation.desk.admin import ScopedAdmin

Desk = ScopedAdmin[Entry]
READ = {"GET", "HEAD"}


def page(desk: Desk, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the entry with all that belongs to it."""
    entry = desk.get_object(request, unquote(object_id))
    if request.method not in READ or not desk.has_view_permission(request, entry):
        raise PermissionDenied
    unfinished = unfinished_of(entry)
    words = entry.live or unfinished or entry.revisions.first()
    links = desk.step_links(request, entry)
    aside = {step.name for step in ASIDE}
    urls = {link["step"].name: link["url"] for link in links}
    context = {
        "title": words.question if words else entry.code,
        "entry": entry,
        "tags": entry_tags(entry, unfinished),
        "days": days_tag(entry.live, timezone.localdate()),
        "shown": shown_to_residents(entry.desk, words_of(words)) if words else None,
        "facts": _facts(words) if words else [],
        "unfinished": _unfinished(entry, unfinished),
        "versions": [
            {"version": version, "tag": state_tag(version.revision.state)}
            for version in versions_of(entry)
        ],
        "wordings": entry.alternatives.order_by("language", "id"),
        "wording_form": ADD_WORDINGS.form(request, entry),
        "use": use_of(entry, visible_to=request.user),
        "links": [
            {"link": link, "tag": link_tag(link.status)}
            for link in (entry.live.links.all() if entry.live else ())
        ],
        "step_links": [link for link in links if link["step"].name not in aside],
        "translations": translations_of(unfinished, urls),
        "restore_url": urls.get(RESTORE.name),
        "wordings_url": urls.get(ADD_WORDINGS.name),
        "remove_wording_url": urls.get(REMOVE_WORDING.name),
    }
    return desk.page(request, str(desk.change_form_template), context)


def review_context(entry: Entry) -> dict[str, Any]:
    """Return what a reviewer reads: the differences, and the whole."""
    unfinished = unfinished_of(entry)
    if unfinished is None:
        return {}
    before = entry.live if entry.is_published else None
    return {
        "unfinished": unfinished,
        "before": before,
        # Of what was never public, all of it is new: nothing is marked.
        "changes": differences(before, unfinished) if before else [],
        "left_behind": left_behind(before, unfinished) if before else [],
        "facts": _facts(unfinished),
        "preview": shown_to_residents(entry.desk, words_of(unfinished)),
    }


def _unfinished(entry: Entry, unfinished: Revision | None) -> dict[str, Any] | None:
    if unfinished is None:
        return None
    before = entry.live if entry.is_published else None
    return {
        "revision": unfinished,
        "tag": state_tag(unfinished.state),
        "changes": differences(before, unfinished) if before else [],
        "left_behind": left_behind(before, unfinished) if before else [],
        "is_declined": unfinished.state == State.DECLINED,
    }


def _facts(words: Revision) -> list[dict[str, str]]:
    """Return what stands beside an answer, in words."""
    days = {
        "確かめた日": words.checked_on,
        "次に見直す日": words.review_on,
        "有効開始日": words.valid_from,
        "有効終了日": words.valid_until,
    }
    facts = {
        "分類": words.category,
        "言い換え・関連語": "、".join(words.keywords),
        "根拠": words.source,
        "根拠の場所": words.source_url,
        "手続": str(words.procedure or ""),
        "オープンデータ": f"{words.dataset_title} {words.dataset_url}".strip(),
        **{label: f"{day:%Y年%-m月%-d日}" for label, day in days.items() if day},
    }
    return [{"label": label, "value": value} for label, value in facts.items() if value]
