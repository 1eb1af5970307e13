import re
import resource
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

from applications import pdf
from applications.actions import render_due_documents
from applications.letters import NO_DECISION, OUTCOME_SENTENCES
from applications.models import Document
from applications.pdf import FONTS, can_render, render_pdf
from foundation.identifiers import new_id
from foundation.numbering import in_groups, inquiry_code
from foundation.tenancy.scope import capability_of

IVS = "葛\N{VARIATION SELECTOR-17}"
HEAD = {
    "procedure": "水道使用開始・中止届",
    "organization": "室戸市",
    "number": "392022-26-0000123-4",
    "filed_at": "2026-11-23T05:05:09.123456+00:00",
    "office": {
        "name": "上下水道課",
        "phone": "0887-22-0000",
        "email": "",
        "address": "高知県室戸市浮津25番地1",
        "hours": "平日 8時30分から17時15分",
    },
    "sections": [],
    "sentences": [],
}
RECEIPT = {
    **HEAD,
    "title": "受付票",
    "due_on": "2026-11-27",
    "next_steps": ["担当窓口が、届いた内容を確かめます。"],
    "sections": [
        {
            "title": "水道を使う方",
            "rows": [
                {"label": "お名前", "lines": [f"髙﨑𠮷 {IVS}槗"]},
                {"label": "住所", "lines": ["〒781-7185", "高知県室戸市浮津1"]},
                *({"label": f"質問{n}", "lines": [f"答え{n}"]} for n in range(10)),
            ],
        }
    ],
    "sentences": [NO_DECISION],
}


def paper(kind=Document.Kind.RECEIPT, **content):
    application_id = new_id()
    code = inquiry_code(application_id, settings.INQUIRY_KEYS[0])
    return Document(
        kind=kind,
        content={**RECEIPT, **content},
        created_at=datetime(2026, 11, 23, 5, 5, 9, tzinfo=UTC),
        application_id=application_id,
        capability=capability_of(code),
    )


def code_of(document):
    code = inquiry_code(document.application_id, settings.INQUIRY_KEYS[0])
    return in_groups(code)


def read(document):
    return PdfReader(BytesIO(render_pdf(document)))


def words(document):
    """Return the text without spaces: where lines break is the page's affair."""
    text = "".join(page.extract_text() for page in read(document).pages)
    return re.sub(r"\s", "", text)


@pytest.fixture(autouse=True)
def _needs_pango():
    if not can_render():
        pytest.skip("pango is missing: apt-get install libpango-1.0-0 …")


def test_a_receipt_of_a_dozen_answers_is_one_page_of_a4():
    pages = read(paper()).pages

    assert len(pages) == 1
    assert [round(side) for side in pages[0].mediabox[2:]] == [595, 842]


def test_the_lines_of_an_answer_stay_lines():
    [page] = read(paper()).pages

    assert "〒781-7185\n高知県室戸市浮津1" in page.extract_text()


def test_a_receipt_says_what_arrived_when_and_that_it_is_no_decision():
    document = paper()
    text = words(document)

    assert "受付票" in text
    assert "392022-26-0000123-4" in text
    assert "令和8年11月23日（2026年）14時05分09秒" in text
    assert "令和8年11月27日（2026年）まで" in text
    assert "室戸市上下水道課" in text
    assert "0887-22-0000" in text
    assert "〒781-7185高知県室戸市浮津1" in text
    assert NO_DECISION in text
    assert "1/1ページ" in text


def test_a_name_stands_in_the_pdf_character_by_character():
    text = words(paper())

    assert f"髙﨑𠮷{IVS}槗" in text
    # Normalising would make another character of this one.
    shrine = "\N{CJK COMPATIBILITY IDEOGRAPH-FA19}社"
    assert shrine in words(paper(procedure=shrine))


@pytest.mark.parametrize("kind", Document.Kind)
def test_no_pdf_carries_the_secret_number_for_staff_are_handed_it_too(kind):
    document = paper(kind)

    assert code_of(document) not in words(document)


def test_a_request_for_correction_says_what_to_mend_and_by_when():
    text = words(
        paper(
            Document.Kind.CORRECTION,
            title="補正依頼書",
            correct_by="2026-12-07",
            field_labels=["水道の場所"],
            message="部屋番号まで入力してください。",
        )
    )

    assert "令和8年12月7日（2026年）" in text
    assert "水道の場所" in text
    assert "部屋番号まで入力してください。" in text


def test_a_refusal_gives_its_reason_and_how_to_appeal():
    text = words(
        paper(
            Document.Kind.NOTICE,
            title="結果のお知らせ",
            decided_at="2026-12-01T01:00:00+00:00",
            message=OUTCOME_SENTENCES["rejected"],
            reason="施設の基準を満たしていないため。",
            remedies=[{"title": "審査請求", "lines": ["室戸市長に対して、", "年内に"]}],
        )
    )

    assert "令和8年12月1日（2026年）10時00分00秒" in text
    assert OUTCOME_SENTENCES["rejected"] in text
    assert "施設の基準を満たしていないため。" in text
    assert "この決定に不服があるとき" in text
    for line in ("審査請求", "室戸市長に対して、", "年内に"):
        assert line in text


def test_the_pdf_is_tagged_japanese_and_has_a_title():
    found = read(paper())
    catalog = found.trailer["/Root"]

    assert found.metadata.title == "受付票 392022-26-0000123-4（水道使用開始・中止届）"
    assert catalog["/Lang"] == "ja"
    assert catalog["/MarkInfo"]["/Marked"]


def test_what_was_typed_is_text_and_never_markup():
    lines = ['<img src="file:///etc/passwd"><script>', "<b>&amp;</b>"]
    rows = [{"label": "自由記述", "lines": lines}]
    document = paper(sections=[{"title": "<h1>", "rows": rows}])

    assert '<imgsrc="file:///etc/passwd"><script><b>&amp;</b>' in words(document)


def test_a_paper_fetches_its_fonts_and_nothing_else():
    fetch = pdf._press().fetch
    assert fetch((FONTS / "BIZUDPGothic-Regular.ttf").as_uri()).read(4)
    for url in (
        "http://127.0.0.1/",
        "file:///etc/passwd",
        f"{FONTS.as_uri()}/../pdf.py",
        f"{FONTS.as_uri()}/NotoSansJP-LICENSE.txt",
        "data:text/plain,x",
    ):
        with pytest.raises(BaseException, match="may not fetch"):
            fetch(url)


def test_many_papers_need_little_memory():
    render_pdf(paper())
    before = memory_bytes()
    for _ in range(25):
        render_pdf(paper())

    # Fonts that are read again for each paper cost 10 MB a time.
    assert memory_bytes() - before < 50e6


def memory_bytes():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def test_without_pango_the_process_says_so_once_and_makes_no_pdf(monkeypatch, caplog):
    def broken(name):
        message = "cannot load library 'libpango-1.0-0'"
        raise OSError(message)

    monkeypatch.setattr(pdf, "import_module", broken)
    monkeypatch.setattr(pdf, "_press", cache(pdf._press.__wrapped__))

    assert render_due_documents() == 0 == render_due_documents()

    [sentence] = caplog.messages
    assert "pango is missing" in sentence
    assert "apt-get install" in sentence
