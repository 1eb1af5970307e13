"""Entries leave as files that spreadsheets open, and that run nothing."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from faq.actions.authoring import write_draft
from faq.queries.exchange import COLUMNS
from foundation.tenancy.scope import Scope, scoped
from organizations.queries import scope_for
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE
from tests.factories.faq import desk, entry

pytestmark = pytest.mark.django_db

EXPORT = reverse("admin:faq_entry_export")
LIST = reverse("admin:faq_entry_changelist")


def at_desk(organization=PREFECTURE):
    return factories.browser_of(factories.staff("clerk", organization=organization))


def rows_in(answer, encoding="utf-8-sig"):
    text = answer.content.decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def exported(**query):
    return at_desk().post(f"{EXPORT}?{'&'.join(f'{k}={v}' for k, v in query.items())}")


def test_everything_that_is_written_is_in_the_file():
    entry(
        desk(code="consumer"),
        "訪問販売の契約をやめられますか",
        "8日以内なら、\nやめられます。",
        code="visit",
        alternatives=["押し売りにあった", "家に来た人"],
        keywords=["布団", "浄水器"],
        contacts=["188", "#9110"],
        valid_until="2028-03-31",
    )
    answer = at_desk().post(EXPORT, {"format": "utf-8"})
    [row] = rows_in(answer)

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert list(row) == list(COLUMNS.values())
    assert row["項目コード"] == "visit"
    assert row["窓口コード"] == "consumer"
    assert row["回答"] == "8日以内なら、\nやめられます。"
    assert row["言い換え・関連語"] == "布団、浄水器"
    assert row["ほかの聞き方"] == "押し売りにあった\n家に来た人"
    assert row["必ず示す連絡先"] == "188、#9110"
    assert row["有効終了日"] == "2028-03-31"
    assert row["状態"] == "公開中"


def test_what_is_being_written_leaves_in_place_of_what_answers():
    row = entry(desk(), "質問", "いまの回答", code="one")
    author = factories.staff("clerk", organization=PREFECTURE)
    with scoped(scope_for(author)):
        write_draft({"answer": "書きかけの回答"}, entry=row, by=author)
    [told] = rows_in(at_desk().post(EXPORT, {"format": "utf-8"}))

    assert (told["回答"], told["状態"]) == ("書きかけの回答", "下書き")


def test_a_workbook_holds_the_same_as_text():
    entry(desk(), "188に電話できますか", "はい。\x0bできます。", code="visit")
    answer = at_desk().post(EXPORT, {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active

    headings, row = list(sheet.iter_rows(values_only=True))
    assert list(headings) == list(COLUMNS.values())
    told = dict(zip(headings, row, strict=True))
    assert told["質問"] == "188に電話できますか"
    assert {cell.data_type for cell in sheet[2]} <= {"s", "inlineStr", "n"}
    assert ".xlsx" in answer["Content-Disposition"]


@pytest.mark.parametrize("run", ["=1+1", "+1", "-1", "@A1", "＝1"])
def test_no_cell_is_run_as_a_formula(run):
    entry(desk(), f"{run}とは", code="formula")
    [row] = rows_in(at_desk().post(EXPORT, {"format": "utf-8"}))
    book = load_workbook(io.BytesIO(at_desk().post(EXPORT, {"format": "xlsx"}).content))

    assert row["質問"] == f"'{run}とは"
    assert book.active["D2"].value == f"'{run}とは"
    assert book.active["D2"].data_type == "s"


def test_no_cell_becomes_an_error_of_a_spreadsheet():
    entry(desk(), "#N/A", code="error")
    answer = at_desk().post(EXPORT, {"format": "xlsx"})

    cell = load_workbook(io.BytesIO(answer.content)).active["D2"]
    assert (cell.value, cell.data_type) == ("#N/A", "s")


def test_no_cache_keeps_a_file():
    entry(desk(), "質問", code="one")
    for wanted in ("xlsx", "utf-8", "cp932"):
        assert at_desk().post(EXPORT, {"format": wanted})["Cache-Control"] == "no-store"


def test_shift_jis_where_every_character_fits():
    entry(desk(), "髙知の窓口①\u301c\u2212\u2016\u2014", code="fits")
    answer = at_desk().post(EXPORT, {"format": "cp932"})

    assert rows_in(answer, "cp932")[0]["質問"] == "髙知の窓口①\uff5e\uff0d\u2225\u2015"


def test_characters_that_shift_jis_has_not_are_named_before_they_are_lost():
    entry(desk(), "𠮷野さんの窓口", "鷗外も🐕も。", code="rare")
    browser = at_desk()
    told = browser.post(EXPORT, {"format": "cp932"})
    page = told.content.decode()

    assert told["Content-Type"].startswith("text/html")
    assert "𠮷" in page
    assert "rare・質問" in page
    assert "🐕" in page
    replaced = browser.post(EXPORT, {"format": "cp932", "replace": "1"})
    assert rows_in(replaced, "cp932")[0]["質問"] == "〓野さんの窓口"


def test_the_filters_of_the_list_decide_what_leaves():
    consumer, other = desk(), desk()
    entry(consumer, "質問一", code="one")
    entry(other, "質問二", code="two")
    entry(other, "質問三", code="draft", published=False)
    browser = at_desk()

    def codes(query):
        answer = browser.post(f"{EXPORT}?{query}", {"format": "utf-8"})
        return {row["項目コード"] for row in rows_in(answer)}

    assert codes("") == {"one", "two", "draft"}
    assert codes(f"desk={consumer.pk}") == {"one"}
    assert codes("state=draft") == {"draft"}
    assert codes("q=質問二") == {"two"}


@pytest.mark.parametrize("action", ["export_xlsx", "export_utf8", "export_cp932"])
def test_what_is_ticked_leaves_alone(action):
    consumer = desk()
    chosen = entry(consumer, "質問一", code="one")
    entry(consumer, "質問二", code="two")
    data = {"action": action, "_selected_action": [str(chosen.pk)]}
    answer = at_desk().post(LIST, data)

    assert "attachment" in answer["Content-Disposition"]
    if action == "export_utf8":
        assert [row["項目コード"] for row in rows_in(answer)] == ["one"]


def test_nothing_of_another_body_leaves():
    entry(desk(AKI), "ひみつの質問", code="secret")
    ours = entry(desk(MUROTO), "室戸の質問", code="ours")
    browser = at_desk(MUROTO)
    [row] = rows_in(browser.post(EXPORT, {"format": "utf-8"}))

    assert row["項目コード"] == "ours"
    with scoped(Scope(organization_ids=frozenset({AKI}))):
        theirs = type(ours).objects.get(code="secret")
    data = {"action": "export_utf8", "_selected_action": [str(theirs.pk)]}
    assert b"secret" not in browser.post(LIST, data).content


def test_a_file_is_asked_for_by_post_and_by_staff_alone():
    assert at_desk().get(EXPORT).status_code == 405
    resident = factories.browser_of(factories.resident())
    assert resident.post(EXPORT).status_code in {302, 403}
