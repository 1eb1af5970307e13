"""A compiled form: which questions come, what is filed, what it looks like."""

import copy
from datetime import date

import pytest
import time_machine
from jsonschema_rs import Draft202012Validator

from applications.formspec import (
    DocumentInvalid,
    compile_document,
    document_sha256,
    full_name,
)
from tests.factories import documents
from tests.factories.documents import field, option, page

DOG = {"==": [{"var": "animal"}, "dog"]}
ANIMALS = documents.document(
    page(
        "animal",
        field(
            "choice",
            "animal",
            label="どの動物ですか",
            short_label="動物",
            options=[option("dog", "犬"), option("cat", "猫"), option("bird", "鳥")],
        ),
        field("integer", "count", label="何匹ですか", maximum=99, unit="匹"),
    ),
    page(
        "dog",
        field("static_text", "law", label="犬の登録", text="犬は登録が要ります。"),
        field("digits", "chip", label="チップの番号", length=4, required=False),
        field(
            "yes_no",
            "licensed",
            label="鑑札",
            visible_when={"not": {">": [{"var": "count"}, 3]}},
        ),
        visible_when=DOG,
    ),
    page(
        "license",
        field("text", "license", label="鑑札の番号"),
        visible_when={"var": "licensed"},
    ),
    page(
        "owner",
        field("person_name", "name", label="飼い主", semantic="applicant.name"),
        field("email", "email", label="メール", required=False, pii="sensitive"),
    ),
)
SPEC = compile_document(ANIMALS)
OWNER = {"name": {"family": "﨑山", "given": "花子"}}
DOG_RAW = {
    "animal": "dog",
    "count": "2",
    "licensed": "yes",
    "license": "5号",
    **OWNER,
}
DOG_ANSWERS = {**DOG_RAW, "count": 2, "licensed": True}
CAT_ANSWERS = {"animal": "cat", "count": 1, **OWNER}


def slugs(pages):
    return [page.slug for page in pages]


def test_right_answers_are_filed():
    evaluation = SPEC.evaluate(DOG_RAW)

    assert evaluation.ok
    assert evaluation.answers == DOG_ANSWERS


def test_filed_answers_are_answers_again():
    assert SPEC.evaluate(DOG_ANSWERS).answers == DOG_ANSWERS


def test_every_wrong_answer_gets_its_own_sentence():
    evaluation = SPEC.evaluate({"animal": "dog", "count": "多い", "chip": "12"})

    assert evaluation.errors == {
        "count": "何匹ですかは数字で入力してください（例：1）。",
        "chip": "チップの番号は4けたの数字で入力してください（今は2けたです）。",
        "licensed": "鑑札を選んでください。",
        "name": "飼い主を入力してください。",
    }
    assert evaluation.answers == {"animal": "dog"}


def test_an_answer_that_is_not_asked_for_is_neither_filed_nor_judged():
    raw = {**DOG_RAW, "animal": "cat", "chip": "12"}

    assert SPEC.evaluate(raw).answers == {**CAT_ANSWERS, "count": 2}
    assert SPEC.evaluate(raw).ok


def test_what_hangs_on_an_irrelevant_answer_is_irrelevant():
    raw = {**DOG_RAW, "count": 4}

    assert "licensed" not in SPEC.evaluate(raw).relevant
    assert slugs(SPEC.relevant_pages(raw)) == ["animal", "dog", "owner"]


def test_only_the_pages_that_the_answers_call_for_are_asked():
    assert slugs(SPEC.relevant_pages({})) == ["animal", "owner"]
    assert slugs(SPEC.relevant_pages({"animal": "dog"})) == ["animal", "dog", "owner"]
    assert slugs(SPEC.relevant_pages(DOG_RAW)) == ["animal", "dog", "license", "owner"]


def test_next_and_back_lead_over_the_same_pages():
    assert SPEC.next_page("animal", {"animal": "cat"}).slug == "owner"
    assert SPEC.next_page("animal", DOG_RAW).slug == "dog"
    assert SPEC.next_page("owner", DOG_RAW) is None
    assert SPEC.previous_page("owner", {"animal": "cat"}).slug == "animal"
    assert SPEC.previous_page("owner", DOG_RAW).slug == "license"
    assert SPEC.previous_page("animal", DOG_RAW) is None


def test_a_page_that_is_not_asked_any_more_still_leads_on():
    assert SPEC.next_page("dog", {"animal": "cat"}).slug == "owner"
    assert SPEC.previous_page("dog", {"animal": "cat"}).slug == "animal"


def test_the_first_page_with_something_missing_is_found():
    assert SPEC.first_incomplete_page({}).slug == "animal"
    assert SPEC.first_incomplete_page({**DOG_RAW, "license": ""}).slug == "license"
    assert SPEC.first_incomplete_page(DOG_RAW) is None


def test_a_page_is_found_by_its_slug_or_not_at_all():
    assert SPEC.page("dog").title == "ページdog"
    assert SPEC.page("nowhere") is None


def test_the_day_that_rules_is_the_present_day_in_japan():
    spec = compile_document(
        documents.document(page("day", field("date", "on", latest="today")))
    )
    with time_machine.travel("2026-11-23T15:30:00Z", tick=False):
        assert spec.evaluate({"on": "2026-11-24"}).ok
        assert not spec.evaluate({"on": "2026-11-25"}).ok


def test_sections_show_what_was_asked_and_what_was_left_empty():
    sections = SPEC.sections(DOG_ANSWERS)

    assert [section.slug for section in sections] == [
        "animal",
        "dog",
        "license",
        "owner",
    ]
    shown = [(row.label, row.text) for section in sections for row in section.rows]
    assert shown == [
        ("動物", "犬"),
        ("何匹ですか", "2匹"),
        ("チップの番号", "（記入なし）"),
        ("鑑札", "はい"),
        ("鑑札の番号", "5号"),
        ("飼い主", "﨑山\u3000花子"),
        ("メール", "（記入なし）"),
    ]
    email = sections[-1].rows[-1]
    assert (email.missing, email.pii, email.slug) == (True, "sensitive", "owner")


def test_no_and_nought_are_answers_too():
    answers = SPEC.evaluate({**DOG_RAW, "licensed": "no", "count": "0"}).answers
    rows = {row.key: row for part in SPEC.sections(answers) for row in part.rows}

    assert (rows["licensed"].text, rows["licensed"].missing) == ("いいえ", False)
    assert (rows["count"].text, rows["count"].missing) == ("0匹", False)


def test_answers_that_mean_the_same_in_every_form_are_found():
    assert SPEC.semantic(DOG_ANSWERS) == {"applicant.name": OWNER["name"]}
    assert full_name(OWNER["name"]) == "﨑山\u3000花子"


def test_columns_and_cells_run_in_parallel_whatever_was_asked():
    headers = [column.header for column in SPEC.columns()]

    assert dict(zip(headers, SPEC.cells(CAT_ANSWERS), strict=True)) == {
        "動物": "猫",
        "何匹ですか": "1",
        "チップの番号": "",
        "鑑札": "",
        "鑑札の番号": "",
        "飼い主": "﨑山\u3000花子",
        "メール": "",
    }


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        (DOG_ANSWERS, True),
        (CAT_ANSWERS, True),
        ({**DOG_ANSWERS, "count": 5}, False),  # then nobody asks for the licence
        ({**CAT_ANSWERS, "chip": "1234"}, False),
        ({**CAT_ANSWERS, "count": "1"}, False),
        ({**CAT_ANSWERS, "fax": "088-823-1111"}, False),
        ({"animal": "cat", "count": 1}, False),
    ],
)
def test_the_contract_holds_for_what_is_filed_and_for_nothing_else(answers, kept):
    assert (SPEC.contract_problems(answers) == []) is kept


def test_the_contract_is_a_json_schema_that_names_the_questions():
    schema = SPEC.schema()

    assert schema["properties"]["animal"]["title"] == "どの動物ですか"
    assert schema["required"] == ["animal", "count", "name"]
    assert Draft202012Validator(schema).is_valid(DOG_ANSWERS)


def test_a_broken_contract_is_told_without_what_was_answered():
    problems = SPEC.contract_problems({**DOG_ANSWERS, "license": "神" * 500})

    assert problems == ["license: maxLength"]


def test_answers_to_questions_that_do_not_exist_are_noticed():
    assert SPEC.unknown_keys({"animal": "cat", "fax": "", "law": "x"}) == ["fax", "law"]


def test_a_my_number_is_suspected_by_the_question_it_was_typed_into():
    raw = {"license": "123456789018", "name": OWNER["name"], "fax": "123456789018"}

    assert SPEC.suspected_my_numbers(raw) == ["license"]


def test_a_correction_changes_the_named_answers_and_no_others():
    correction = SPEC.editable(["count"], DOG_ANSWERS)
    changed = {**DOG_RAW, "count": "3", "name": {"full": "別人"}, "license": "偽"}

    evaluation = correction.evaluate(changed)

    assert slugs(correction.pages) == ["animal"]
    assert [f.key for f in correction.pages[0].fields] == ["count"]
    assert evaluation.answers == {**DOG_ANSWERS, "count": 3}


def test_a_correction_asks_what_its_answers_bring_up():
    correction = SPEC.editable(["animal"], CAT_ANSWERS)
    raw = {**CAT_ANSWERS, "animal": "dog"}

    assert slugs(correction.relevant_pages(raw)) == ["animal", "dog"]
    assert correction.evaluate(raw).errors == {"licensed": "鑑札を選んでください。"}
    answered = correction.evaluate({**raw, "licensed": "no"})
    assert answered.answers == {**CAT_ANSWERS, "animal": "dog", "licensed": False}


def test_a_correction_drops_what_its_answers_make_irrelevant():
    correction = SPEC.editable(["animal"], DOG_ANSWERS)

    evaluation = correction.evaluate({"animal": "cat"})

    assert evaluation.answers == {**CAT_ANSWERS, "count": 2}


def test_answers_that_stand_are_not_judged_by_the_rules_of_a_later_day():
    spec = compile_document(
        documents.document(
            page("day", field("date", "on", earliest="+3 open days"), field()),
        )
    )
    correction = spec.editable(["word"], {"on": "2026-11-26", "word": "土佐"})

    evaluation = correction.evaluate({"word": "阿波"}, today=date(2027, 4, 1))

    assert evaluation.answers == {"on": "2026-11-26", "word": "阿波"}


def test_a_document_is_compiled_once():
    again = copy.deepcopy(ANIMALS)

    assert compile_document(again) is SPEC
    assert compile_document({}, sha256=document_sha256(ANIMALS)) is SPEC


def test_the_digest_of_a_document_does_not_depend_on_the_order_of_its_members():
    turned = dict(reversed(ANIMALS.items()))

    assert document_sha256(turned) == document_sha256(ANIMALS)
    assert document_sha256({**ANIMALS, "minutes": 4}) != document_sha256(ANIMALS)


def test_what_is_no_form_document_is_not_compiled():
    with pytest.raises(DocumentInvalid, match="「pages」がありません"):
        compile_document({"title": "空の届出"})
