"""Conditions: decided by closures and said as JSON Schema, always alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from applications.formspec.conditions import (
    META_SCHEMA,
    compile_condition,
    condition_schema,
    conjuncts,
    variables,
)

KIND = {"var": "kind"}
COUNT = {"var": "count"}


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        ({"==": [KIND, "dog"]}, {"kind": "dog"}, True),
        ({"==": [KIND, "dog"]}, {}, False),
        ({"!=": [KIND, "dog"]}, {"kind": "cat"}, True),
        ({"!=": [KIND, "dog"]}, {}, True),
        ({"in": [KIND, ["dog", "cat"]]}, {"kind": "cat"}, True),
        ({"in": [KIND, ["dog", "cat"]]}, {}, False),
        ({"in": ["dog", {"var": "kinds"}]}, {"kinds": ["cat", "dog"]}, True),
        ({"in": ["dog", {"var": "kinds"}]}, {}, False),
        ({">": [COUNT, 3]}, {"count": 4}, True),
        ({">": [COUNT, 3]}, {"count": 3}, False),
        ({">": [COUNT, 3]}, {}, False),
        ({"<": [COUNT, 3]}, {"count": 2}, True),
        ({"<": [COUNT, 3]}, {"count": 3}, False),
        ({"<": [COUNT, 3]}, {}, False),
        ({"var": "agreed"}, {"agreed": True}, True),
        ({"var": "agreed"}, {"agreed": False}, False),
        ({"var": "agreed"}, {}, False),
        ({"not": {"var": "agreed"}}, {}, True),
        ({"and": [{"var": "agreed"}, {">": [COUNT, 3]}]}, {"agreed": True}, False),
        ({"or": [{"var": "agreed"}, {">": [COUNT, 3]}]}, {"agreed": True}, True),
    ],
)
def test_a_condition_holds_or_not(condition, answers, holds):
    assert compile_condition(condition)(answers) is holds


_LEAVES = st.one_of(
    st.builds(
        lambda word, value: {word: [KIND, value]},
        st.sampled_from(["==", "!="]),
        st.sampled_from(["dog", "cat"]),
    ),
    st.builds(
        lambda word, limit: {word: [COUNT, limit]},
        st.sampled_from(["==", "!=", ">", "<"]),
        st.integers(0, 3),
    ),
    st.just({"in": [KIND, ["dog", "bird"]]}),
    st.just({"in": ["dog", {"var": "kinds"}]}),
    st.just({"var": "agreed"}),
)
CONDITIONS = st.recursive(
    _LEAVES,
    lambda inner: (
        st.builds(
            lambda word, parts: {word: parts},
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=1, max_size=3),
        )
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=6,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["dog", "cat", "bird"]),
        "count": st.integers(0, 4),
        "kinds": st.lists(st.sampled_from(["dog", "cat"]), min_size=1),
        "agreed": st.booleans(),
    },
)


@given(CONDITIONS, ANSWERS)
def test_a_condition_and_its_schema_say_the_same(condition, answers):
    decided = compile_condition(condition)(answers)

    assert (
        Draft202012Validator(condition_schema(condition)).is_valid(answers) is decided
    )


@given(CONDITIONS, ANSWERS)
def test_a_condition_holds_when_all_its_parts_do(condition, answers):
    parts = [compile_condition(part)(answers) for part in conjuncts(condition)]

    assert all(parts) is compile_condition(condition)(answers)


@given(CONDITIONS)
def test_every_condition_is_of_the_form_that_documents_may_have(condition):
    meta = {"$ref": "#/$defs/condition", "$defs": {"condition": META_SCHEMA}}

    assert Draft202012Validator(meta).is_valid(condition)


def test_the_fields_a_condition_looks_at_are_named():
    condition = {
        "and": [
            {"not": {"in": ["dog", {"var": "kinds"}]}},
            {"or": [{"var": "agreed"}, {"<": [COUNT, 3]}]},
        ]
    }

    assert variables(condition) == {"kinds", "agreed", "count"}
