"""Whatever is sent: an answer, or a sentence; never anything else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from applications.formspec import (
    FIELD_TYPES,
    Field,
    FieldError,
    build_item,
    compile_document,
    may_wait,
)
from tests.factories import documents

TODAY = date.fromisoformat(documents.TODAY)
KINDS = [name for name, kind in FIELD_TYPES.items() if issubclass(kind, Field)]
QUESTIONS = {name: build_item(documents.field(name)) for name in KINDS}
SPEC = compile_document(
    documents.document(
        documents.page("all", *(documents.field(name, name) for name in KINDS))
    )
)

RIGHT = {
    "text": "桂浜",
    "textarea": "桂浜\r\n月",
    "integer": "１２",
    "digits": "1234",
    "person_name": {"family": "﨑山", "given": "花子"},
    "kana": "ｻｷﾔﾏ",
    "address": {"postal_code": "780-0870", "rest": "1番地"},
    "phone": "088-823-1111",
    "email": "taro@example.jp",
    "date": "令和8年11月23日",
    "choice": "a",
    "checkboxes": ["b"],
    "yes_no": "no",
    "consent": "on",
    "corporate_number": "5000020390003",
}

# Text as JSON carries it: NUL, lone surrogates and all.
TEXT = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    [
        *("780-0870", "7880331", "088-823-1111", "taro@example.jp", "コウチ", "1,234"),
        *(
            "令和8年11月23日",
            "2026-11-23",
            "R8.2.30",
            "元",
            "8",
            "11",
            "on",
            "yes",
            "a",
        ),
        *(
            "5000020390003",
            "123456789018",
            "﨑",
            "葛\U000e0100",
            "\ud800",
            "\x00",
            "　",
        ),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
PARTS = st.sampled_from(
    [
        *("family", "given", "full", "era", "year", "month", "day"),
        *("postal_code", "place", "prefecture", "city", "town", "rest"),
    ]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(PARTS | TEXT, inner, max_size=6)
    ),
    max_leaves=8,
)


def attempt(asked, raw):
    """Give the value and no sentence, or no value and the sentence."""
    try:
        return asked.answer(raw, today=TODAY), ""
    except FieldError as error:
        return None, str(error)


@pytest.mark.parametrize("name", KINDS)
@given(raw=JSON)
def test_any_json_is_answered_by_a_value_or_a_sentence(name, raw):
    asked = QUESTIONS[name]

    value, sentence = attempt(asked, raw)

    if value is None:
        assert sentence.endswith("。")
        assert "None" not in sentence
    else:
        assert Draft202012Validator(asked.schema()).is_valid(value)
        assert attempt(asked, value) == (value, "")
        assert all(isinstance(line, str) for line in asked.display(value))
        assert len(asked.cells(value)) == len(asked.columns())
        assert may_wait(value)


@given(name=st.sampled_from(KINDS), raw=JSON)
def test_any_json_can_be_put_back_into_the_boxes(name, raw):
    asked = QUESTIONS[name]
    form_field = asked.form_field(today=TODAY)

    html = form_field.widget.render(name, form_field.prepare_value(raw), {"id": "i"})

    assert "<" in html
    assert asked.suspected_my_number(raw) in {True, False}


@given(
    st.fixed_dictionaries({name: st.just(RIGHT[name]) | JSON for name in KINDS})
    | st.just(RIGHT)
)
def test_any_answers_come_to_a_filing_that_keeps_the_contract_or_to_sentences(raw):
    evaluation = SPEC.evaluate(raw, today=TODAY)

    assert evaluation.answers.keys() | evaluation.errors.keys() == set(KINDS)
    assert evaluation.ok is (SPEC.contract_problems(evaluation.answers) == [])


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_a_name_is_filed_with_every_ideograph_as_it_was_typed(text):
    name = QUESTIONS["person_name"]
    kanji = "".join(one for one in text if "\u4e00" <= one <= "\ufaff") + "﨑\U000e0100"

    filed = name.answer({"family": kanji, "given": kanji}, today=TODAY)

    assert filed == {"family": kanji, "given": kanji}
