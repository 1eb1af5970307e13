"""What is done with the entries that are ticked in the list."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from faq.actions.authoring import submit_revision, withdraw_entry
from faq.actions.discarding import discard_draft
from faq.actions.refiling import refile_entries, reschedule_entries
from faq.admin import exporting
from faq.admin.forms.moments import moment_in
from faq.admin.permits import signed_in
from faq.errors import RevisionNotInThisState
from faq.models import Entry, Revision
from faq.queries.entries import unfinished_of
from foundation.desk.admin import ScopedAdmin
from foundation.desk.fields import DayField
from foundation.errors import DomainError
from foundation.identifiers import is_id

Desk = ScopedAdmin[Entry]
Entries = QuerySet[Entry]
UNPROCESSABLE = 422
_APPLY = "apply"
TITLES = {
    "withdraw": "まとめて公開を終える",
    "discard": "まとめて下書きを捨てる",
    "refile": "まとめて分類を変える",
    "reschedule": "まとめて見直し日を変える",
}
LEADS = {
    "withdraw": "下の項目は、だれにも回答しなくなります。内容は残り、あとで戻せます。",
    "discard": (
        "下の項目の下書きを消します。元に戻せません。公開した内容は変わりません。"
        "一度も公開していない項目は、ほかの聞き方とともになくなります。"
    ),
    "refile": "下の項目の分類を、公開中のものも書きかけのものも、すぐに変えます。",
    "reschedule": "下の項目の「次に見直す日」を、すぐに変えます。空なら決めません。",
}
DANGEROUS = {"withdraw", "discard"}


class SureForm(forms.Form):
    """Nothing but the click itself."""


class SeenForm(SureForm):
    """When the page was shown: what was written since, nobody has seen on it."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def moment(self) -> datetime | None:
        """Return when that was."""
        return moment_in(self.cleaned_data["seen"])


class CategoryForm(forms.Form):
    """Under which heading."""

    category = forms.CharField(
        label="新しい分類",
        max_length=50,
        error_messages={
            "required": "新しい分類を入力してください。",
            "max_length": "分類は50文字までにしてください。",
        },
    )


class ReviewDayForm(forms.Form):
    """On which day again."""

    review_on = DayField(label="次に見直す日", required=False)


def _is_applied(request: HttpRequest) -> bool:
    """Tell whether the small page was sent, and not the list."""
    return _APPLY in request.POST


def _page(
    desk: Desk, request: HttpRequest, rows: list[Entry], form: forms.Form, action: str
) -> HttpResponse:
    """Show what will be done with which entries."""
    context = {
        "title": TITLES[action],
        "lead": LEADS[action],
        "form": form,
        "rows": rows,
        "action": action,
        "apply": _APPLY,
        "checkbox": ACTION_CHECKBOX_NAME,
        "danger": action in DANGEROUS,
        "back_url": desk.url_of(request, "changelist"),
    }
    status = UNPROCESSABLE if form.errors else 200
    template = "admin/faq/entry/bulk.html"
    return desk.page(request, template, context, status=status)


@admin.action(description="確認を依頼する", permissions=["writing"])
def submit(desk: Desk, request: HttpRequest, queryset: Entries) -> None:
    """Ask for another pair of eyes, draft by draft."""

    def act(row: Entry) -> None:
        submit_revision(_draft_of(row), by=signed_in(request))

    _each(request, _ticked(desk, request, queryset), act, "の確認を依頼しました")


def _draft_of(row: Entry) -> Revision:
    unfinished = unfinished_of(row)
    if unfinished is None:
        message = "下書きがありません。"
        raise DomainError(message)
    return unfinished


@admin.action(description="下書きを捨てる", permissions=["writing"])
def discard(desk: Desk, request: HttpRequest, queryset: Entries) -> HttpResponse | None:
    """Say first what will be gone, then throw the drafts away."""
    rows = _ticked(desk, request, queryset)
    initial = {"seen": timezone.now().isoformat()}
    form = SeenForm(request.POST if _is_applied(request) else None, initial=initial)
    if not form.is_valid():
        return _page(desk, request, rows, form, "discard")
    seen = form.moment()

    def act(row: Entry) -> None:
        draft = _draft_of(row)
        if seen is None or draft.written_at > seen:
            raise RevisionNotInThisState
        discard_draft(draft, read=draft.written_at, by=signed_in(request))

    _each(request, rows, act, "の下書きを捨てました")
    return None


@admin.action(description="公開を終える", permissions=["publishing"])
def withdraw(
    desk: Desk, request: HttpRequest, queryset: Entries
) -> HttpResponse | None:
    """Say first what will happen, then let the entries answer nobody."""
    rows = _ticked(desk, request, queryset)
    form = SureForm(request.POST if _is_applied(request) else None)
    if not form.is_valid():
        return _page(desk, request, rows, form, "withdraw")
    by = signed_in(request)
    _each(request, rows, partial(withdraw_entry, by=by), "の公開を終えました")
    return None


@admin.action(description="分類を変える", permissions=["publishing"])
def refile(desk: Desk, request: HttpRequest, queryset: Entries) -> HttpResponse | None:
    """Ask for a heading, then put the entries under it."""
    rows = _ticked(desk, request, queryset)

    def act(given: dict[str, Any]) -> int:
        return refile_entries(rows, given["category"], by=signed_in(request))

    form = CategoryForm(request.POST if _is_applied(request) else None)
    return _ask(desk, request, rows, form, "refile", act)


@admin.action(description="見直し日を変える", permissions=["writing"])
def reschedule(
    desk: Desk, request: HttpRequest, queryset: Entries
) -> HttpResponse | None:
    """Ask for a day, then look at the entries again on it."""
    rows = _ticked(desk, request, queryset)

    def act(given: dict[str, Any]) -> int:
        return reschedule_entries(rows, given["review_on"], by=signed_in(request))

    form = ReviewDayForm(request.POST if _is_applied(request) else None)
    return _ask(desk, request, rows, form, "reschedule", act)


@admin.action(description="Excelに書き出す")
def export_xlsx(desk: Desk, request: HttpRequest, queryset: Entries) -> HttpResponse:
    """Hand the entries out as a workbook."""
    return _exported(desk, request, queryset, exporting.XLSX)


@admin.action(description="CSV（UTF-8）に書き出す")
def export_utf8(desk: Desk, request: HttpRequest, queryset: Entries) -> HttpResponse:
    """Hand the entries out as CSV."""
    return _exported(desk, request, queryset, exporting.UTF8)


@admin.action(description="CSV（Shift_JIS）に書き出す")
def export_cp932(desk: Desk, request: HttpRequest, queryset: Entries) -> HttpResponse:
    """Hand the entries out as CSV for old programs."""
    return _exported(desk, request, queryset, exporting.CP932)


ACTIONS = (
    *(submit, discard, refile, reschedule, withdraw),
    *(export_xlsx, export_utf8, export_cp932),
)


def _exported(
    desk: Desk, request: HttpRequest, queryset: Entries, wanted: str
) -> HttpResponse:
    keys = [row.pk for row in _ticked(desk, request, queryset)]
    chosen = queryset.filter(pk__in=keys).order_by(*desk.ordering)
    return exporting.answer(desk, request, chosen, wanted)


def _ticked(desk: Desk, request: HttpRequest, queryset: Entries) -> list[Entry]:
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    rows = list(queryset.filter(pk__in=list(filter(is_id, ticked))))
    desk.prepare(rows)
    return rows


def _each(
    request: HttpRequest,
    rows: list[Entry],
    act: Callable[[Entry], object],
    done: str,
) -> None:
    """Act on each by itself: what one cannot do does not stop the others."""
    count = 0
    # In one order, so that two who act at once wait for each other.
    for row in sorted(rows, key=lambda row: row.pk):
        try:
            act(row)
        except DomainError as error:
            messages.warning(request, f"「{row.code}」：{error}")
        else:
            count += 1
    if count:
        messages.success(request, f"{count}件{done}。")


def _ask(  # noqa: PLR0913, PLR0917 - the page's parts, and what it does
    desk: Desk,
    request: HttpRequest,
    rows: list[Entry],
    form: forms.Form,
    action: str,
    act: Callable[[dict[str, Any]], int],
) -> HttpResponse | None:
    if form.is_valid():
        try:
            count = act(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            same = len(rows) - count
            left = (
                f"{same}件は、もとのままです（公開終了か、同じ内容）。" if same else ""
            )
            messages.success(request, f"{count}件を変えました。{left}")
            return None
    return _page(desk, request, rows, form, action)
