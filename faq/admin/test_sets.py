"""Test sets: made, filled, frozen, and given to be measured."""

import csv
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from faq.actions.importing.reading import read_table
from faq.actions.measuring import evaluate_test_set
from faq.actions.test_sets import (
    COLUMNS,
    KEEPERS,
    add_question,
    copy_test_set,
    freeze_test_set,
    make_test_set,
    replace_questions,
    rows_of,
)
from faq.admin.columns import tag
from faq.admin.lines import lines_over
from faq.admin.permits import EVERYONE, signed_in
from faq.admin.test_set_forms import NameForm, NewForm, QuestionForm, QuestionsForm
from faq.models import Audience, Evaluation, Progress, TestQuestion, TestSet
from faq.queries.exchange import safe
from foundation.desk.admin import ScopedAdmin
from foundation.desk.filters import choice_filter
from foundation.desk.roles import bodies_where
from foundation.desk.steps import Step

_MOST_DRAWN = 60
_EMPTY_ROW = dict.fromkeys(COLUMNS, "")


def _keeps(request: HttpRequest, row: Any) -> bool:
    mine = bodies_where(request.user, KEEPERS)
    return bool(mine) if row is None else row.organization_id in mine


def _make(request: HttpRequest, row: Any, form: NewForm) -> str:
    del row
    given = form.cleaned_data
    made = make_test_set(
        given["organization"],
        name=given["name"],
        audience=given["audience"],
        by=signed_in(request),
    )
    return f"「{made}」を作りました。問題を登録してください。"


def _replace(request: HttpRequest, test_set: TestSet, form: QuestionsForm) -> str:
    table = read_table(form.cleaned_data["file"].read())
    count = replace_questions(
        test_set, [line.cells for line in table.lines], by=signed_in(request)
    )
    return f"{count}問を登録しました。"


def _add(request: HttpRequest, test_set: TestSet, form: QuestionForm) -> str:
    given = form.cleaned_data
    row = _EMPTY_ROW | {
        "言語": given["language"],
        "窓口コード": given["desk"],
        "質問": given["text"],
        "正しい項目のコード": given["codes"],
    }
    add_question(test_set, row, by=signed_in(request))
    return "1問を足しました。"


def _export(request: HttpRequest, test_set: TestSet, form: Any) -> HttpResponse:
    del request, form
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="test-set-{test_set.pk}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for row in rows_of(test_set):
        writer.writerow([safe(row[name]) for name in COLUMNS])
    return answer


def _freeze(request: HttpRequest, test_set: TestSet, form: Any) -> str:
    del form
    freeze_test_set(test_set, by=signed_in(request))
    return f"「{test_set}」を固定しました。これからは、毎晩の評価に使われます。"


def _copy(request: HttpRequest, test_set: TestSet, form: NameForm) -> str:
    made = copy_test_set(
        test_set, name=form.cleaned_data["name"], by=signed_in(request)
    )
    return f"「{made}」を作りました。問題を直してから固定してください。"


def _evaluate(request: HttpRequest, test_set: TestSet, form: Any) -> str:
    del form
    evaluate_test_set(test_set, by=signed_in(request))
    return "測定を始めます。数分後に開き直すと、結果が見えます。"


@admin.register(TestSet)
class TestSetAdmin(ScopedAdmin[TestSet]):
    """Questions whose right answer the desk knows."""

    read_by = EVERYONE
    list_display = ("name", "audience", "organization", "count", "frozen")
    list_select_related = ("organization",)
    list_filter = (choice_filter("audience", "対象", Audience.choices),)
    fields = ("name", "audience", "organization", "frozen", "history", "questions")
    readonly_fields = fields
    openings = (
        Step(
            name="new",
            label="問題集を作る",
            act=_make,
            permitted=_keeps,
            form=NewForm,
            tone="primary",
        ),
    )
    steps = (
        Step(
            name="evaluate",
            label="いま測る",
            act=_evaluate,
            permitted=_keeps,
            tone="primary",
        ),
        Step(
            name="add",
            label="問題を足す",
            act=_add,
            permitted=_keeps,
            offered=lambda test_set: test_set.frozen_at is None,
            form=QuestionForm,
        ),
        Step(
            name="questions",
            label="問題をファイルから入れかえる",
            act=_replace,
            permitted=_keeps,
            offered=lambda test_set: test_set.frozen_at is None,
            form=QuestionsForm,
            lead="いまの問題は、すべてファイルのものに入れかわります。",
        ),
        Step(name="export", label="問題をダウンロード", act=_export),
        Step(
            name="copy", label="写しを作る", act=_copy, permitted=_keeps, form=NameForm
        ),
        Step(
            name="freeze",
            label="固定する",
            act=_freeze,
            permitted=_keeps,
            offered=lambda test_set: test_set.frozen_at is None,
            settled=lambda _, test_set, __: test_set.frozen_at is not None,
            lead="固定した問題集は変えられません。直すときは、写しを作ります。",
            tone="danger",
        ),
    )

    def prepare(self, rows: Sequence[TestSet]) -> None:
        """Count the questions of a page at once."""
        asked = TestQuestion.objects.filter(test_set__in=rows).order_by()
        counted = dict(asked.values_list("test_set_id").annotate(n=Count("id")))
        for row in rows:
            row.asked = counted.get(row.pk, 0)  # type: ignore[attr-defined]

    @admin.display(description="問題数")
    def count(self, test_set: TestSet) -> int:
        return int(getattr(test_set, "asked"))  # noqa: B009 - counted above

    @admin.display(description="状態")
    def frozen(self, test_set: TestSet) -> SafeString:
        if test_set.frozen_at is None:
            return tag("編集中", "attention")
        return tag(f"固定 {timezone.localtime(test_set.frozen_at):%Y/%m/%d}", "success")

    @admin.display(description="これまでの結果")
    def history(self, test_set: TestSet) -> SafeString:
        measured = Evaluation.objects.filter(
            organization_id=test_set.organization_id, test_set=test_set
        )
        rows = list(measured[:_MOST_DRAWN])
        done = [row for row in rows if row.state == Progress.DONE]
        context = {"chart": lines_over(done[::-1]), "rows": rows}
        return render_to_string("admin/faq/testset/history.html", context)

    @admin.display(description="問題")
    def questions(self, test_set: TestSet) -> SafeString:
        context = {"columns": COLUMNS, "rows": [r.values() for r in rows_of(test_set)]}
        return render_to_string("admin/faq/testset/questions.html", context)
