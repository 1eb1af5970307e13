"""A file of entries: looked at first, then written as drafts."""

import secrets
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from faq.actions.authoring import WRITERS
from faq.actions.importing import (
    LARGEST_BYTES,
    MOST_ROWS,
    Plan,
    import_entries,
    try_import,
)
from faq.admin.exporting import csv_of
from faq.admin.permits import signed_in, writes
from faq.errors import ImportChanged
from faq.models import Entry
from faq.queries.exchange import COLUMNS, safe
from foundation.desk.roles import bodies_where
from foundation.desk.steps import Step
from organizations.queries import organization_names

_KEPT_SECONDS = 60 * 60
LOOK = "まだ何も変わっていません。下の内容でよければ、取り込んでください。"
REASONS = "取り込めない理由"


class ImportForm(forms.Form):
    """A file, and the body whose entries it holds."""

    organization = forms.TypedChoiceField(label="団体", coerce=int)
    file = forms.FileField(
        label="ファイル",
        required=False,
        help_text=(
            "CSV（UTF-8かShift_JIS）かExcel（.xlsx）。"
            f"{LARGEST_BYTES // 1_000_000}MB・{MOST_ROWS:,}行まで。"
            f"1行目に列の名前を書きます：{'、'.join(COLUMNS.values())}"
        ),
        widget=forms.FileInput({"accept": ".csv,text/csv,.xlsx"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    digest = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest) -> None:
        sent = request.method == "POST"
        super().__init__(
            request.POST.copy() if sent else None, request.FILES if sent else None
        )
        self.user_key = request.user.pk
        mine = sorted(bodies_where(request.user, WRITERS))
        self.only_body = mine[0] if len(mine) == 1 else None
        if self.only_body is not None:
            del self.fields["organization"]
        else:
            names = organization_names()
            field = cast("forms.TypedChoiceField", self.fields["organization"])
            field.choices = [(body, names[body]) for body in mine]

    @property
    def body(self) -> int:
        """The body chosen, or the only one there is."""
        return self.only_body or int(self.cleaned_data["organization"])

    def clean(self) -> dict[str, Any]:
        """Keep a new file until it is confirmed; find one that is kept."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if file is not None:
            if file.size > LARGEST_BYTES:
                self.add_error("file", "ファイルが大きすぎます（5MBまで）。")
                return cleaned
            cleaned["content"] = file.read()
            cleaned["digest"] = ""
            self.keep(cleaned["content"])
            return cleaned
        cleaned["content"] = cache.get(self._key(cleaned.get("kept") or ""))
        if cleaned["content"] is None:
            self.add_error("file", "取り込むファイルを選んでください。")
        return cleaned

    def keep(self, content: bytes) -> None:
        """Keep the file for the next click, for this person alone."""
        token = secrets.token_urlsafe(16)
        cache.set(self._key(token), content, _KEPT_SECONDS)
        cast("Any", self.data)["kept"] = token

    def _key(self, token: str) -> str:
        return f"faq:import:{self.user_key}:{token[:40]}"


def _import(request: HttpRequest, row: Any, form: ImportForm) -> str | HttpResponse:
    """Show what would change; on the second click, write the drafts."""
    del row
    content, by = form.cleaned_data["content"], signed_in(request)
    digest = form.cleaned_data["digest"]
    if digest and "bad" not in request.POST:
        done = f"faq:imported:{by.pk}:{form.body}:{digest}"
        try:
            plan = import_entries(form.body, content, digest=digest, by=by)
        except ImportChanged as changed:
            if cache.get(done):  # by the other click of a double click
                return cast("str", cache.get(done))
            messages.warning(request, str(changed))
        else:
            told = _told(plan)
            cache.set(done, told, _KEPT_SECONDS)
            return told
    plan = try_import(form.body, content, by=by)
    if "bad" in request.POST:
        return _bad_rows(plan)
    cast("Any", form.data)["digest"] = plan.digest
    page: Any = admin.site.get_model_admin(Entry)
    context = {
        "title": IMPORT.label,
        "step": replace(IMPORT, lead=LOOK),
        "form": form,
        "plan": plan,
        "back_url": page.url_of(request, "changelist"),
    }
    answer: HttpResponse = page.page(request, "admin/faq/entry/plan.html", context)
    return answer


def _told(plan: Plan) -> str:
    new, changed, left = len(plan.new), len(plan.changed), len(plan.bad)
    done = f"新しい下書き{new}件、書き直しの下書き{changed}件を作りました。"
    return f"{done}{left}行は取り込んでいません。" if left else done


def _bad_rows(plan: Plan) -> HttpResponse:
    """Hand out the rows that cannot be taken, each with its reasons."""
    rows = [
        [safe(row.line.cells.get(heading, "")) for heading in plan.headings]
        + [f"{row.line.number}行目：{' '.join(row.errors)}"]
        for row in plan.bad
    ]
    headings = [safe(heading) for heading in plan.headings]
    return csv_of([[*headings, REASONS], *rows])


IMPORT: Step[Any] = Step(
    name="import",
    label="ファイルから取り込む",
    act=_import,
    permitted=writes,
    form=lambda request, _: ImportForm(request),
    lead=(
        "項目コードが同じ項目は書き直しの下書きに、ほかは新しい項目の下書きになります。"
        "公開中の内容は変わりません。まず内容を確かめ、次の画面で取り込みます。"
    ),
    template="admin/faq/entry/import.html",
)
