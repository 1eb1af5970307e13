"""What is done with many entries at once, each on a small page of its own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse

from faq.actions.refiling import refile_entries, reschedule_entries
from faq.admin.permits import signed_in
from faq.models import Entry
from foundation.desk.admin import ScopedAdmin
from foundation.desk.fields import DayField
from foundation.errors import DomainError

Desk = ScopedAdmin[Entry]
UNPROCESSABLE = 422
_APPLY = "apply"
TITLES = {
    "withdraw": "まとめて公開を終える",
    "refile": "まとめて分類を変える",
    "reschedule": "まとめて見直し日を変える",
}
LEADS = {
    "withdraw": "下の項目は、だれにも回答しなくなります。内容は残り、あとで戻せます。",
    "refile": "下の項目の分類を、公開中のものも書きかけのものも、すぐに変えます。",
    "reschedule": "下の項目の「次に見直す日」を、すぐに変えます。空なら決めません。",
}


class SureForm(forms.Form):
    """Nothing but the click itself."""


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


def is_applied(request: HttpRequest) -> bool:
    """Tell whether the small page was sent, and not the list."""
    return _APPLY in request.POST


def page(
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
        "danger": action == "withdraw",
        "back_url": desk.url_of(request, "changelist"),
    }
    status = UNPROCESSABLE if form.errors else 200
    template = "admin/faq/entry/bulk.html"
    return desk.page(request, template, context, status=status)


def refile(desk: Desk, request: HttpRequest, rows: list[Entry]) -> HttpResponse | None:
    """Ask for a heading, then put the entries under it."""

    def act(given: dict[str, Any]) -> int:
        return refile_entries(rows, given["category"], by=signed_in(request))

    form = CategoryForm(request.POST if is_applied(request) else None)
    return _ask(desk, request, rows, form, "refile", act)


def reschedule(
    desk: Desk, request: HttpRequest, rows: list[Entry]
) -> HttpResponse | None:
    """Ask for a day, then look at the entries again on it."""

    def act(given: dict[str, Any]) -> int:
        return reschedule_entries(rows, given["review_on"], by=signed_in(request))

    form = ReviewDayForm(request.POST if is_applied(request) else None)
    return _ask(desk, request, rows, form, "reschedule", act)


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
    return page(desk, request, rows, form, action)
