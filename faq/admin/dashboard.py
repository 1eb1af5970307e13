"""The figures of a body on the desk: charts, each with its table, and a file."""

import csv
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode

from faq.admin.asked import READERS
from faq.admin.charts import over_days, shares
from faq.models import Desk
from faq.queries.exchange import safe
from faq.queries.figures import daily, figures
from faq.queries.tallies import Period
from foundation.desk.roles import bodies_where
from organizations.queries import organization_names

PERIODS = (("7", "7日間"), ("30", "30日間"), ("90", "90日間"), ("365", "1年間"))
_USUAL = "30"
HEADERS = (
    "日",
    "相談窓口",
    "質問数",
    "回答",
    "候補を表示",
    "窓口へ引継ぎ",
    "役に立った",
    "解決しなかった",
)


class LookForm(forms.Form):
    """Which days, whose desks."""

    period = forms.ChoiceField(label="期間", choices=PERIODS, required=False)
    body = forms.ChoiceField(label="団体", required=False)
    desk = forms.ChoiceField(label="相談窓口", required=False)

    def __init__(self, request: HttpRequest) -> None:
        given = {"period": _USUAL, **request.GET.dict()}
        super().__init__(given)
        self.mine = sorted(bodies_where(request.user, READERS))
        desks = Desk.objects.filter(organization_id__in=self.mine)
        names = organization_names()
        bodies: Any = self.fields["body"]
        bodies.choices = [("", "すべて"), *((str(b), names[b]) for b in self.mine)]
        if len(self.mine) == 1:
            del self.fields["body"]
        offered: Any = self.fields["desk"]
        offered.choices = [
            ("", "すべて"),
            *((str(desk.pk), desk.name) for desk in desks),
        ]

    def looked_at(self) -> dict[str, Any]:
        """Return bodies, period and desk; what is not offered finds nothing."""
        if not self.is_valid():
            return {"bodies": [], "period": _period(_USUAL), "desk": None}
        given = self.cleaned_data
        body, desk = given.get("body"), given["desk"]
        return {
            "bodies": [int(body)] if body else self.mine,
            "period": _period(given["period"] or _USUAL),
            "desk": UUID(desk) if desk else None,
        }

    def query(self) -> str:
        """Return the same choice as the query of an address."""
        return urlencode({k: v for k, v in self.data.items() if k in self.fields and v})


def _period(days: str) -> Period:
    today = timezone.localdate()
    return Period(first=today - timedelta(days=int(days) - 1), last=today)


def page(desk: Any, request: HttpRequest) -> HttpResponse:
    """Show the figures of the chosen days."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    form = LookForm(request)
    looked = form.looked_at()
    found = figures(looked["bodies"], looked["period"], desk=looked["desk"])
    context = {
        "title": "質問の集計",
        "form": form,
        "file_url": f"{desk.url_of(request, 'figures_file')}?{form.query()}",
        "period": looked["period"],
        "figures": found,
        "whole": [found.all],
        "by_day": over_days(found.days),
        "by_outcome": shares(found.all),
        "groups": [
            {"id": "desks", "title": "相談窓口", "tallies": found.desks},
            {"id": "places", "title": "市町村", "tallies": found.places},
            {"id": "languages", "title": "言語", "tallies": found.languages},
        ],
    }
    answer: HttpResponse = desk.page(request, "admin/faq/figures.html", context)
    return answer


def file(desk: Any, request: HttpRequest) -> HttpResponse:
    """Hand out the figures of each day and desk: counts alone, no words."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    looked = LookForm(request).looked_at()
    name = f"faq-{looked['period'].first}-{looked['period'].last}.csv"
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    write = csv.writer(response).writerow
    write(HEADERS)
    for day, tally in daily(looked["bodies"], looked["period"], desk=looked["desk"]):
        counts = (tally.total, tally.answered, tally.offered, tally.handed)
        write(
            [day, safe(tally.label), *counts, tally.solved, tally.unsolved],
        )
    return response
