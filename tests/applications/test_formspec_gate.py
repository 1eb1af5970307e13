"""The publish gate: what may not reach a resident, and in which words it is said."""

import copy
import json
import re
from datetime import date
from pathlib import Path

import pytest
from jsonschema_rs import meta

from applications.formspec import (
    FIELD_TYPES,
    check_document,
    compile_document,
    meta_schema,
)
from applications.formspec.document import SEMANTIC_TYPES
from applications.formspec.reachability import Explorer, TooManyTrials
from tests.factories.documents import document, field, option, page

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("applications/documents/*.json"), *ROOT.glob("bench/documents/*.json")]
)


def read(path):
    return json.loads(path.read_text("utf-8"))


def changed(*path, **members):
    """Take the smallest document and change the members of one place in it."""
    changed = copy.deepcopy(document())
    place = changed
    for step in path:
        place = place[step]
    place.update(members)
    return changed


def two_pages(condition, first=None, **members):
    """Ask a first question, and a second one under a condition."""
    return document(
        page("first", first or field("choice", "kind"), field("integer", "count")),
        page("second", field("text", "more", visible_when=condition)),
        valid=[{"kind": "a", "count": 1, "more": "土佐"}],
        invalid=[{"answers": {"kind": "a", "count": "x"}, "errors": ["count"]}],
        **members,
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_document_of_ours_may_be_published(path):
    assert check_document(read(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_what_the_examples_come_to_fulfils_the_contract_and_stays_itself(path):
    spec = compile_document(read(path))
    today = date.fromisoformat(spec.document["examples"]["today"])

    for raw in spec.document["examples"]["valid"]:
        answers = spec.evaluate(raw, today=today).answers
        assert spec.contract_problems(answers) == []
        assert spec.evaluate(answers, today=today).answers == answers


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_no_page_of_ours_asks_more_than_three_questions(path):
    spec = compile_document(read(path))
    today = date.fromisoformat(spec.document["examples"]["today"])

    for raw in spec.document["examples"]["valid"]:
        relevant = spec.evaluate(raw, today=today).relevant
        for asked in spec.pages:
            assert sum(field.key in relevant for field in asked.fields) <= 3, asked.slug


def test_the_smallest_document_passes():
    assert check_document(document()) == []


def test_the_guide_to_forms_tells_of_everything_a_document_may_say():
    guide = (ROOT / "docs/forms.md").read_text("utf-8")
    schema = meta_schema()
    types = schema["$defs"]["field"]["allOf"]
    members = {name for one in types for name in one["then"]["properties"]}
    words = {
        *members,
        *schema["properties"],
        *schema["$defs"]["condition"]["properties"],
        *schema["properties"]["examples"]["properties"],
        *SEMANTIC_TYPES,
        *FIELD_TYPES,
    }

    assert {word for word in words if word not in guide} == set()


def test_the_example_in_the_guide_may_be_published():
    guide = (ROOT / "docs/forms.md").read_text("utf-8")
    [example] = re.findall(r"```json\n(.*?)```", guide, re.DOTALL)

    assert check_document(json.loads(example)) == []


def test_the_meta_schema_is_a_json_schema():
    assert meta.is_valid(meta_schema())


QUESTION = ("pages", 0, "fields", 0)


@pytest.mark.parametrize(
    ("bad", "problems"),
    [
        ([], ["文書：値の種類が違います（必要な種類：object）。"]),
        (changed(language="en"), ["language：使えない値です。使えるのは ja です。"]),
        (changed(title="\x00"), ["文書：使えない文字（NULなど）が含まれています。"]),
        (changed(title="\ud800"), ["文書：使えない文字（NULなど）が含まれています。"]),
        (changed(*QUESTION, label=""), ["pages/0/fields/0/label：空にはできません。"]),
        (
            changed(*QUESTION, label="\u3000"),
            ["pages/0/fields/0：見出し（label）がありません。"],
        ),
        (
            changed(*QUESTION, lenght=3),
            ["pages/0/fields/0：「lenght」という項目は使えません。"],
        ),
        (
            changed(*QUESTION, max_length=0),
            ["pages/0/fields/0/max_length：1以上にしてください。"],
        ),
        (
            changed(*QUESTION, type="digits"),
            ["pages/0/fields/0：「length」がありません。"],
        ),
        (
            changed(*QUESTION, type="choice", options=[]),
            ["pages/0/fields/0/options：1つ以上必要です。"],
        ),
        (
            changed(*QUESTION, type="choice", options=[option("a"), option("a")]),
            ["pages/0/fields/0：選択肢の値が重なっています。"],
        ),
        (
            changed(*QUESTION, type="integer", minimum=3, maximum=2),
            ["pages/0/fields/0：「minimum」が「maximum」より大きくなっています。"],
        ),
        (
            changed(*QUESTION, type="date", latest="2026-02-30"),
            ["pages/0/fields/0：「latest」の日付がありません。"],
        ),
        (
            changed("examples", today="2026-02-30"),
            ["examples/today：正しい日付ではありません。"],
        ),
        (
            changed(*QUESTION, semantic="applicant.name"),
            [
                (
                    "pages/0/fields/0："
                    "「applicant.name」は「person_name」の項目にだけ付けられます。"
                )
            ],
        ),
        (
            document(page("a", field()), page("a", field())),
            [
                "pages：slugの「a」が2か所にあります。",
                "pages：keyの「word」が2か所にあります。",
            ],
        ),
        (
            document(
                page(
                    "a",
                    field("phone", "one", semantic="applicant.phone"),
                    field("phone", "two", semantic="applicant.phone"),
                )
            ),
            ["pages：semanticの「applicant.phone」が2か所にあります。"],
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(bad, problems):
    assert check_document(bad) == problems


@pytest.mark.parametrize(
    "members",
    [
        {"label": "マイナンバー"},
        {"label": "ﾏｲﾅﾝﾊﾞｰを入力してください"},
        {"label": "番号", "short_label": "個人番号"},
        {"key": "my_number"},
        {"key": "applicant_mynumber"},
    ],
)
def test_no_question_may_ask_for_a_my_number(members):
    [problem] = check_document(changed(*QUESTION, **members))

    assert problem == (
        "pages/0/fields/0：マイナンバー（個人番号）をたずねる項目は置けません。"
    )


def test_a_question_may_warn_against_writing_a_my_number():
    warned = changed(*QUESTION, hint="マイナンバーは書かないでください。")

    assert check_document(warned) == []


ONLY_EARLIER = "条件に使えるのは、前のページの質問の答えだけです。"
HERE = "pages/1/fields/0/visible_when"


@pytest.mark.parametrize(
    ("condition", "first", "problem"),
    [
        (
            {"==": [{"var": "who"}, "a"]},
            None,
            f"{HERE}：「who」は前のページの質問ではありません。{ONLY_EARLIER}",
        ),
        (
            {"==": [{"var": "more"}, "a"]},  # itself: the shortest circle
            None,
            f"{HERE}：「more」は前のページの質問ではありません。{ONLY_EARLIER}",
        ),
        (
            {"==": [{"var": "kind"}, "z"]},
            None,
            f"{HERE}：「kind」の答えが「z」になることはありません。",
        ),
        (
            {"==": [{"var": "kind"}, True]},
            None,
            f"{HERE}：「kind」の答えが「True」になることはありません。",
        ),
        (
            {">": [{"var": "kind"}, 1]},
            None,
            f"{HERE}：「kind」の答えは「>」では比べられません。",
        ),
        (
            {"==": [{"var": "kind"}, "a"]},
            field("text", "kind"),
            f"{HERE}：「kind」の答えは「==」では比べられません。",
        ),
        (
            {"==": [{"var": "kind"}, "a"]},
            field("checkboxes", "kind"),
            f"{HERE}：「kind」の答えは「==」では比べられません。",
        ),
        (
            {"in": ["z", {"var": "kind"}]},
            field("checkboxes", "kind"),
            f"{HERE}：「kind」の答えが「z」になることはありません。",
        ),
    ],
)
def test_a_condition_compares_an_earlier_answer_with_what_it_can_be(
    condition, first, problem
):
    assert check_document(two_pages(condition, first)) == [problem]


def test_a_condition_on_the_same_page_is_refused():
    asked_together = document(
        page(
            "first",
            field("choice", "kind"),
            field("text", "more", visible_when={"==": [{"var": "kind"}, "a"]}),
        )
    )

    assert check_document(asked_together) == [
        (
            "pages/0/fields/1/visible_when：「kind」は前のページの質問ではありません。"
            f"{ONLY_EARLIER}"
        )
    ]


def test_a_condition_of_unknown_words_is_refused():
    [problem] = check_document(two_pages({"regex": [{"var": "kind"}, ".*"]}))

    assert problem.startswith("pages/1/fields/0/visible_when：「regex」")


IS_A, IS_B = ({"==": [{"var": "kind"}, one]} for one in "ab")


@pytest.mark.parametrize(
    ("condition", "reachable"),
    [
        (IS_A, True),
        ({"and": [IS_A, IS_B]}, False),
        ({"or": [IS_A, IS_B]}, True),
        ({"and": [IS_A, {">": [{"var": "count"}, 5]}, {"not": IS_B}]}, True),
        (
            {"and": [{">": [{"var": "count"}, 5]}, {"<": [{"var": "count"}, 6]}]},
            False,
        ),
        ({"and": [{">": [{"var": "count"}, 5]}, {"<": [{"var": "count"}, 7]}]}, True),
        ({"not": {"in": [{"var": "kind"}, ["a", "b", "c"]]}}, False),
        ({"not": {"in": [{"var": "kind"}, ["a", "b"]]}}, True),
        ({"==": [{"var": "kind"}, "c"]}, True),
    ],
)
def test_a_question_that_nobody_can_ever_see_is_found(condition, reachable):
    problems = [
        problem
        for problem in check_document(two_pages(condition))
        if problem.startswith("pages")
    ]

    assert problems == (
        []
        if reachable
        else [
            (
                "pages/1/fields/0：この項目が表示されることを確かめられません。"
                "どう答えても表示されないか、条件が複雑すぎます。"
            )
        ]
    )


def test_a_page_behind_an_unreachable_page_is_unreachable():
    spec = compile_document(
        document(
            page("a", field("choice", "kind")),
            page("b", field("yes_no", "sure"), visible_when={"and": [IS_A, IS_B]}),
            page("c", field("text", "more"), visible_when={"var": "sure"}),
            page("d", field("text", "less"), visible_when={"not": {"var": "sure"}}),
        )
    )
    explorer = Explorer(spec.pages)

    assert not explorer.can_hold([{"var": "sure"}])
    assert explorer.can_hold([{"not": {"var": "sure"}}])


def test_an_optional_answer_may_be_missing_when_paths_are_tried():
    spec = compile_document(
        document(
            page("a", field("choice", "kind", required=False)),
            page("b", field("text", "more"), visible_when=IS_A),
        )
    )
    none_of_them = {"not": {"in": [{"var": "kind"}, ["a", "b", "c"]]}}

    assert Explorer(spec.pages).can_hold([none_of_them])


def test_several_answers_at_once_are_tried():
    spec = compile_document(
        document(
            page("a", field("checkboxes", "kinds")),
            page(
                "b",
                field("text", "more"),
                visible_when={
                    "and": [
                        {"in": ["a", {"var": "kinds"}]},
                        {"in": ["c", {"var": "kinds"}]},
                    ]
                },
            ),
        )
    )

    assert Explorer(spec.pages).can_hold([spec.pages[1].visible_when])


def test_conditions_that_nobody_could_follow_are_given_up():
    many = [f"kind{number}" for number in range(14)]
    tangled = {
        "or": [{"and": [{"==": [{"var": key}, one]} for key in many for one in "ab"]}]
    }
    spec = compile_document(
        document(
            page("a", *(field("choice", key) for key in many)),
            page("b", field(), visible_when=tangled),
        )
    )

    with pytest.raises(TooManyTrials):
        Explorer(spec.pages).can_hold([tangled])


@pytest.mark.parametrize(
    ("examples", "problems"),
    [
        (
            {"valid": [{"word": ""}]},
            [
                (
                    "examples/valid/0/word：誤りのない例のはずが"
                    "「ことばを入力してください。」"
                )
            ],
        ),
        (
            {"invalid": [{"answers": {"word": "土佐"}, "errors": ["word"]}]},
            [
                (
                    "examples/invalid/0：誤りになるのは「」でした"
                    "（書かれているのは「word」）。"
                )
            ],
        ),
        (
            {"valid": [{"word": "土佐", "fax": "1"}]},
            ["examples/valid/0：「fax」という質問はありません。"],
        ),
        (
            {"valid": [{"word": "123456789018"}]},
            ["examples/valid/0：「word」にマイナンバーのような番号があります。"],
        ),
        ({"valid": []}, ["examples/valid：1つ以上必要です。"]),
        ({"invalid": []}, ["examples/invalid：1つ以上必要です。"]),
    ],
)
def test_the_examples_are_really_run(examples, problems):
    assert check_document(changed("examples", **examples)) == problems
