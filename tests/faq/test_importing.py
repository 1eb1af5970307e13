"""Files become drafts: looked at first, row by row, and nothing is lost."""

import csv
import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from faq import errors
from faq.actions.authoring import write_draft
from faq.actions.importing import MOST_ROWS, import_entries, reading, try_import
from faq.actions.importing.reading import read_table
from faq.models import Alternative, Entry, Revision, State
from faq.queries.exchange import COLUMNS
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry as JournalEntry
from organizations.queries import scope_for
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE
from tests.factories.faq import desk, entry

pytestmark = pytest.mark.django_db
at_once = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

IMPORT = reverse("admin:faq_entry_opening", args=["import"])
EXPORT = reverse("admin:faq_entry_export")
ROW = {
    "項目コード": "visit",
    "窓口コード": "consumer",
    "分類": "契約",
    "質問": "訪問販売の契約をやめられますか",
    "回答": "8日以内なら、\nやめられます。",
    "根拠": "特定商取引に関する法律 第9条",
}


def table(*rows, encoding="utf-8-sig"):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(*rows):
    book, packed = Workbook(), io.BytesIO()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(packed)
    return packed.getvalue()


@pytest.fixture
def author():
    return factories.staff("clerk", organization=PREFECTURE)


@pytest.fixture
def consumer():
    return desk(code="consumer")


def within(body=PREFECTURE):
    return scoped(Scope(organization_ids=frozenset({body})))


def tried(content, by):
    with scoped(scope_for(by)):
        return try_import(PREFECTURE, content, by=by)


def taken(content, by):
    with scoped(scope_for(by)):
        plan = try_import(PREFECTURE, content, by=by)
        return import_entries(PREFECTURE, content, digest=plan.digest, by=by)


def sent_on(looked):
    """Return what the page of the look sends on."""
    page = looked.content.decode()
    return {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)[1]
        for name in ("kept", "digest")
    }


@pytest.mark.parametrize(
    "content",
    [
        table(ROW),
        table(ROW, encoding="utf-8"),
        table(ROW, encoding="cp932"),
        workbook(ROW),
    ],
    ids=["utf-8 with mark", "utf-8", "shift_jis", "xlsx"],
)
def test_every_usual_file_is_read(content, author, consumer):
    taken(content, author)

    with within():
        revision = Revision.objects.select_related("entry").get()
    assert revision.state == State.DRAFT
    assert revision.author == author
    assert revision.entry.code == "visit"
    assert revision.entry.desk_id == consumer.pk
    assert not revision.entry.is_published
    assert revision.answer == ROW["回答"]


@pytest.mark.usefixtures("consumer")
def test_the_journal_tells_which_desk_got_how_many(author, consumer):
    taken(table(ROW, {**ROW, "項目コード": "", "質問": "別の質問"}), author)

    with within():
        told = JournalEntry.objects.get(name="faq.entries_imported")
    assert told.subject_id == consumer.pk
    assert told.payload["rows"] == 2


def test_all_columns_arrive(author, consumer):
    factories.procedure(code="water-supply")
    words = {
        "言い換え・関連語": "布団、浄水器",
        "ほかの聞き方": "押し売りにあった\n[ja-Hira] ふとん\n[en] A salesman came",
        "質問（やさしい日本語）": "やめられますか",
        "回答（やさしい日本語）": "やめられます。",
        "質問（英語）": "Can I cancel?",
        "回答（英語）": "Yes.",
        "必ず示す連絡先": "188、#9110",
        "手続コード": "water-supply",
        "根拠の場所": "https://laws.e-gov.go.jp/",
        "内容を確かめた日": "令和8年11月1日",
        "有効終了日": "2028/3/31",
    }
    taken(table({**ROW, **words}), author)

    with within():
        revision = Revision.objects.select_related("procedure").get()
        others = dict(Alternative.objects.values_list("text", "language"))
    assert revision.keywords == ["布団", "浄水器"]
    assert revision.contacts == ["188", "#9110"]
    assert revision.procedure.code == "water-supply"
    assert revision.checked_on == date(2026, 11, 1)
    assert revision.valid_until == date(2028, 3, 31)
    assert others == {
        "押し売りにあった": "ja",
        "ふとん": "ja-Hira",
        "A salesman came": "en",
    }


def test_what_is_published_stays_until_the_draft_is_reviewed(author, consumer):
    live = entry(consumer, ROW["質問"], "むかしの回答", code="visit")
    plan = taken(table(ROW), author)

    assert len(plan.changed) == 1
    with within():
        kept = Entry.objects.select_related("live").get(pk=live.pk)
        draft = kept.revisions.get(state=State.DRAFT)
    assert kept.live.answer == "むかしの回答"
    assert (draft.number, draft.answer) == (2, ROW["回答"])


def test_columns_that_the_file_has_not_stay_as_they_are(author, consumer):
    entry(consumer, ROW["質問"], "回答", code="visit", keywords=["布団"])
    taken(table({"項目コード": "visit", "質問": ROW["質問"], "回答": "新"}), author)

    with within():
        assert Revision.objects.get(state=State.DRAFT).keywords == ["布団"]


def test_a_file_that_left_comes_back_without_any_change(author, consumer):
    entry(
        consumer,
        "=1+1とは",
        "-1\nです。",
        code="formula",
        alternatives=["'引用", "=足す"],
        keywords=["布団"],
        contacts=["188"],
    )
    browser = factories.browser_of(author)
    for wanted in ("xlsx", "utf-8", "cp932"):
        content = browser.post(EXPORT, {"format": wanted}).content
        plan = tried(content, author)
        assert [row.errors for row in plan.rows] == [[]]
        assert [row.changed for row in plan.rows] == [[]]
        assert plan.unchanged == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"質問": ""}, "質問が書かれていません"),
        ({"窓口コード": "nowhere"}, "窓口コード「nowhere」の窓口がありません"),
        ({"窓口コード": ""}, "窓口コードが必要です"),
        ({"項目コード": "だめ"}, "項目コード"),
        ({"質問": "あ" * 201}, "質問"),
        ({"内容を確かめた日": "2026-13-40"}, "内容を確かめた日"),
        ({"必ず示す連絡先": "0120"}, "連絡先"),
        ({"手続コード": "none"}, "手続コード「none」"),
        ({"根拠の場所": "javascript:alert(1)"}, "根拠の場所"),
        ({"質問": "すでに ある 質問"}, "同じ質問の項目「known」"),
        ({"ほかの聞き方": "すでにある質問"}, "項目「known」の質問です"),
        ({"有効開始日": "2027-04-01", "有効終了日": "2027-03-31"}, "有効終了日"),
    ],
)
@pytest.mark.usefixtures("consumer")
def test_a_bad_row_is_named_and_the_others_are_taken(author, consumer, changes, told):
    entry(consumer, "すでにある質問", code="known")
    empty = dict.fromkeys(changes, "") if "質問" not in changes else {}
    good = {**empty, **ROW, "項目コード": "good", "質問": "よい質問"}
    columns = {**dict.fromkeys([*good, *changes], ""), **ROW, **changes}
    plan = taken(table({**dict.fromkeys(columns, ""), **good}, columns), author)

    [bad] = plan.bad
    assert bad.line.number == 3
    assert told in " ".join(bad.errors)
    with within():
        codes = set(Entry.objects.values_list("code", flat=True))
    assert codes == {"known", "good"}


@pytest.mark.usefixtures("consumer")
def test_rows_that_say_the_same_twice_are_named(author):
    same = {**ROW, "項目コード": "again"}
    code = {**ROW, "質問": "ほかの質問"}
    plan = tried(table(ROW, same, code), author)

    assert [row.errors for row in plan.rows] == [
        [],
        ["2行目と同じ質問です。"],
        ["2行目と同じ項目コードです。"],
    ]


@pytest.mark.usefixtures("consumer")
def test_entries_that_changed_since_the_look_are_not_written_over(author, consumer):
    entry(consumer, ROW["質問"], "むかし", code="visit")
    plan = tried(table(ROW), author)
    with within():
        Revision.objects.update(answer=ROW["回答"])

    with scoped(scope_for(author)), pytest.raises(errors.ImportChanged):
        import_entries(PREFECTURE, table(ROW), digest=plan.digest, by=author)


def test_a_colleague_s_draft_that_came_after_the_look_is_named_and_kept(
    author, consumer
):
    mine = entry(consumer, ROW["質問"], "むかし", code="visit", published=False)
    entry(consumer, "別の質問", code="other")
    rows = table(ROW, {**ROW, "項目コード": "other", "質問": "別の質問"})
    plan = tried(rows, author)
    colleague = factories.staff("clerk", organization=PREFECTURE)
    with scoped(scope_for(colleague)):
        write_draft({"answer": "同僚の回答"}, entry=mine, by=colleague)

    with (
        scoped(scope_for(author)),
        pytest.raises(errors.ImportChanged, match=r"^2行目（visit）の項目を"),
    ):
        import_entries(PREFECTURE, rows, digest=plan.digest, by=author)

    with within():
        [draft] = Revision.objects.unfinished()
    assert (draft.answer, draft.author_id) == ("同僚の回答", colleague.pk)


def test_a_wording_that_a_colleague_took_away_is_told_too(author, consumer):
    entry(consumer, ROW["質問"], "むかし", code="visit", alternatives=["押し売り"])
    rows = table(ROW | {"ほかの聞き方": "押し売り\n布団"})
    plan = tried(rows, author)
    with within():
        Alternative.objects.all().delete()

    with scoped(scope_for(author)), pytest.raises(errors.ImportChanged):
        import_entries(PREFECTURE, rows, digest=plan.digest, by=author)


@at_once
def test_who_imports_waits_for_a_colleague_who_saves_at_the_same_moment(
    author, consumer
):
    mine = entry(consumer, ROW["質問"], "むかし", code="visit")
    colleague = factories.staff("clerk", organization=PREFECTURE)
    plan = tried(table(ROW), author)

    def bring():
        try:
            with scoped(scope_for(author)):
                import_entries(PREFECTURE, table(ROW), digest=plan.digest, by=author)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with scoped(scope_for(colleague)):
            write_draft({"answer": "同僚の回答"}, entry=mine, by=colleague)
            bringing = pool.submit(bring)
            with pytest.raises(TimeoutError):
                bringing.result(timeout=0.5)
        with pytest.raises(errors.ImportChanged, match="visit"):
            bringing.result(timeout=10)

    with within():
        assert Revision.objects.get(state=State.DRAFT).answer == "同僚の回答"


@at_once
@pytest.mark.usefixtures("consumer")
@pytest.mark.parametrize("code", ["visit", ""])
def test_two_clicks_at_the_same_moment_import_once(author, code):
    rows = table(ROW | {"項目コード": code})
    digest = tried(rows, author).digest

    def bring(_):
        try:
            with scoped(scope_for(author)):
                import_entries(PREFECTURE, rows, digest=digest, by=author)
        except errors.ImportChanged:
            return "changed"
        else:
            return "taken"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(bring, range(2))) == ["changed", "taken"]
    with within():
        assert Entry.objects.count() == 1


def test_at_the_desk_a_row_that_moved_is_named_beside_a_fresh_look(author, consumer):
    mine = entry(consumer, ROW["質問"], "むかし", code="visit")
    browser = factories.browser_of(author)
    file = SimpleUploadedFile("faq.csv", table(ROW))
    looked = sent_on(browser.post(IMPORT, {"file": file}))
    colleague = factories.staff("clerk", organization=PREFECTURE)
    with scoped(scope_for(colleague)):
        write_draft({"answer": "同僚の回答"}, entry=mine, by=colleague)

    again = browser.post(IMPORT, looked)
    page = again.content.decode()

    assert "2行目（visit）の項目を、内容を確かめたあとにほかの人が変えました" in page
    assert f"{colleague}が" in page
    assert "「下書き」の版を置き換えます" in page
    done = browser.post(IMPORT, sent_on(again), follow=True)
    assert "書き直しの下書き1件" in done.content.decode()


LONG = ROW | {"回答": "あ" * 20_001}


def bomb(size=200_000_000):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        with book.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(size // 1_000_000):
                part.write(b" " * 1_000_000)
    return packed.getvalue()


def with_part(name, text):
    packed = io.BytesIO(workbook(ROW))
    with zipfile.ZipFile(packed, "a") as book:
        book.writestr(name, text)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "何も書かれていません"),
        (b"PK\x03\x04broken", "読めません"),
        (b"\xff\xfe\x00\x00nul", "文字コード"),
        ('質問\n"閉じない'.encode(), "引用符"),
        ("見出し\n値".encode(), "「質問」の列がありません"),
        (b"a" * (reading.LARGEST_BYTES + 1), "大きすぎます"),
        (table(*[ROW] * (MOST_ROWS + 1)), "行が多すぎます"),
        (workbook(*[ROW] * (MOST_ROWS + 1)), "行が多すぎます"),
        (bomb(), "Excelのファイルが大きすぎます"),
        (bomb(5_000_000), "Excelのファイルが大きすぎます"),
        (
            with_part("xl/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "読めません",
        ),
        (
            with_part("xl/x.xml", f"<!--{'x' * 9_000}--><!DOCTYPE a><a/>"),
            "読めません",
        ),
        (with_part("xl/x.xml", "<!DOCTYPE a><a/>".encode("utf-16")), "読めません"),
        (with_part("xl/x.dat", '<!ENTITY b "c">'), "読めません"),
        (with_part("xl/x", "<!DOCTYPE a><a/>".encode("utf-16-be")), "読めません"),
        (workbook(*[LONG] * 2), "文字が多すぎます"),
        (table(*[LONG] * 2), "文字が多すぎます"),
    ],
    ids=[
        "empty",
        "broken",
        "binary",
        "quote",
        "no question",
        "large",
        "rows",
        "rows of a workbook",
        "bomb",
        "small bomb",
        "entities",
        "late document type",
        "another encoding",
        "another ending",
        "another order of bytes",
        "a long cell of a workbook",
        "a long cell",
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(author, content, told):
    with pytest.raises(errors.FileUnusable, match=told):
        tried(content, author)


def test_a_workbook_that_lies_about_its_size_is_read_to_its_end():
    packed = io.BytesIO(workbook(ROW))
    with zipfile.ZipFile(packed) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(
        rb'ref="[^"]+"', b'ref="A1:XFD1048576"', parts[sheet], count=1
    )
    lying = io.BytesIO()
    with zipfile.ZipFile(lying, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)

    assert len(read_table(lying.getvalue()).lines) == 1


def test_only_writers_of_the_body_import(author):
    for role, body in (("support", PREFECTURE), ("clerk", AKI)):
        other = factories.staff(role, organization=body)
        with scoped(scope_for(other)), pytest.raises(errors.RoleMissing):
            try_import(PREFECTURE, table(ROW), by=other)
    stranger = factories.browser_of(factories.staff("support", organization=PREFECTURE))
    assert stranger.get(IMPORT).status_code == 403


@pytest.mark.usefixtures("consumer")
def test_at_the_desk_one_looks_and_then_takes_and_keeps_what_is_bad(author):
    browser = factories.browser_of(author)
    bad = {**ROW, "項目コード": "bad", "質問": "", "回答": "=なくさない回答"}
    file = SimpleUploadedFile("faq.csv", table(ROW, bad))
    looked = browser.post(IMPORT, {"file": file})
    page = looked.content.decode()

    assert looked.status_code == 200
    assert "新しい下書き：1件" in page
    assert "3行目" in page
    with within():
        assert not Entry.objects.exists()
    kept = sent_on(looked)
    lost = browser.post(IMPORT, {**kept, "bad": "1"})
    [row] = csv.DictReader(io.StringIO(lost.content.decode("utf-8-sig"), newline=""))
    assert row["回答"] == "'=なくさない回答"
    assert "3行目：質問が書かれていません" in row["取り込めない理由"]
    with within():
        assert not Entry.objects.exists()

    done = browser.post(IMPORT, kept, follow=True)
    told = done.content.decode()
    assert "新しい下書き1件" in told
    assert "1行は取り込んでいません" in told
    with within():
        assert Entry.objects.get().code == "visit"


@pytest.mark.usefixtures("consumer")
def test_a_second_click_is_told_what_the_first_did(author):
    browser = factories.browser_of(author)
    file = SimpleUploadedFile("faq.csv", table(ROW))
    kept = sent_on(browser.post(IMPORT, {"file": file}))
    browser.post(IMPORT, kept)

    again = browser.post(IMPORT, kept, follow=True).content.decode()

    assert "新しい下書き1件" in again
    assert "ほかの人" not in again
    with within():
        assert Revision.objects.count() == 1


def test_who_rewrites_a_translation_in_a_file_has_read_it(author, consumer):
    words = {"question_en": "Cancel?", "answer_en": "Within eight days."}
    easy = {"question_easy": "やめる？", "answer_easy": "8日までなら、やめられます。"}
    marked = {**words, **easy, "machine_translated": ["en", "ja-easy"]}
    entry(consumer, ROW["質問"], code="visit", **marked)

    taken(table({**ROW, "回答（英語）": "Yes, within eight days."}), author)

    with within():
        draft = Revision.objects.get(state=State.DRAFT)
    assert draft.machine_translated == ["ja-easy"]


@pytest.mark.usefixtures("consumer")
def test_another_s_file_is_not_taken(author):
    browser = factories.browser_of(author)
    file = SimpleUploadedFile("faq.csv", table(ROW))
    page = browser.post(IMPORT, {"file": file}).content.decode()
    token = re.search(r'name="kept" value="([^"]+)"', page)[1]
    other = factories.browser_of(factories.staff("clerk", organization=PREFECTURE))

    answer = other.post(IMPORT, {"kept": token, "digest": "x"})

    assert answer.status_code == 422
    assert "ファイルを選んでください" in answer.content.decode()


def test_a_closed_desk_takes_no_new_entry(author):
    desk(code="consumer", closed_at=timezone.now())

    [row] = tried(table(ROW), author).rows
    assert row.errors == ["窓口「consumer」は廃止されています。"]


def test_no_file_moves_an_entry_to_another_desk(author, consumer):
    entry(consumer, ROW["質問"], code="visit")
    desk(code="other")

    [row] = tried(table(ROW | {"窓口コード": "other"}), author).rows
    assert row.errors == ["窓口は変えられません（いまは「consumer」）。"]


def test_a_day_that_was_left_empty_stays_as_it_was(author, consumer):
    checked = date(2026, 4, 1)
    entry(consumer, ROW["質問"], code="visit", checked_on=checked)
    taken(table(ROW | {"内容を確かめた日": ""}), author)

    with within():
        assert Revision.objects.get(state=State.DRAFT).checked_on == checked


def test_the_question_itself_is_no_wording_of_another_entry(author, consumer):
    entry(consumer, ROW["質問"], code="visit")

    [row] = tried(table(ROW | {"ほかの聞き方": ROW["質問"]}), author).rows
    assert row.errors == []


def test_a_row_reaches_no_entry_of_another_body(author):
    entry(desk(MUROTO), ROW["質問"], code="visit")
    desk(code="consumer")
    plan = tried(table(ROW), author)

    assert [row.is_new for row in plan.rows] == [True]


def test_every_heading_of_an_export_is_known(author):
    plan = tried(table(dict.fromkeys(COLUMNS.values(), "") | ROW), author)

    assert plan.unknown == []
