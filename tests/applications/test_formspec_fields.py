"""Each kind of question: what it takes, what it files, what it says."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from applications.formspec import FIELD_TYPES, Field, FieldError, build_item
from tests.factories import documents

TODAY = date.fromisoformat(documents.TODAY)
VECTORS = Path(__file__).parents[3] / "shared/domain/ja_test_vectors.json"

DAY = "2026-11-23"
HOME = {
    "postal_code": "7800870",
    "prefecture": "高知県",
    "city": "高知市",
    "town": "本町",
    "rest": "四丁目3番2号",
}
SAKIYAMA = {"family": "﨑山", "given": "花子"}  # U+FA11
KATSURAGI = "葛\U000e0100城"  # with a variation selector
SEVERAL = "7880331"  # 口目塚 and 姫ノ井


def question(type_: str, **members: Any) -> Any:
    return build_item(documents.field(type_, label="お答え", **members))


@pytest.mark.parametrize(
    ("type_", "members", "raw", "value"),
    [
        ("text", {}, "  桂浜の\u3000月  ", "桂浜の\u3000月"),
        ("text", {}, f"①㈱～髙﨑𠮷{KATSURAGI}", f"①㈱～髙﨑𠮷{KATSURAGI}"),
        ("text", {}, 780, "780"),
        ("textarea", {}, "一行め\r\n二行め\r三行め\n", "一行め\n二行め\n三行め"),
        ("integer", {"unit": "匹"}, "１，２３４匹", 1234),
        ("integer", {"unit": "㎡"}, "420㎡", 420),
        ("integer", {}, " 7 ", 7),
        ("integer", {}, 0, 0),
        ("digits", {"length": 15}, "３９２１４４-1000-0123 4", "392144100001234"),
        ("person_name", {}, SAKIYAMA, SAKIYAMA),
        ("person_name", {}, {**SAKIYAMA, "full": " "}, SAKIYAMA),
        ("person_name", {}, {"full": "Nguyen  Thi Hoa"}, {"full": "Nguyen Thi Hoa"}),
        ("person_name", {}, f"{KATSURAGI} 光", {"full": f"{KATSURAGI}\u3000光"}),
        ("kana", {}, "こうち　たろう", "コウチ\u3000タロウ"),
        ("kana", {}, "ｺｳﾁ ﾀﾛｳ", "コウチ\u3000タロウ"),
        ("address", {}, HOME, HOME),
        ("address", {}, {"postal_code": "〒780ー0870", "rest": HOME["rest"]}, HOME),
        (
            "address",
            {},
            {**HOME, "city": "高知市本町", "town": ""},
            {**HOME, "city": "高知市本町", "town": ""},
        ),
        ("phone", {}, "０８８（８２３）１１１１", "+81888231111"),
        ("email", {}, " ｔａｒｏ＠example.jp", "taro@example.jp"),
        ("date", {}, "令和8年11月23日", DAY),
        ("date", {}, {"era": "令和", "year": "８", "month": "11月", "day": "23"}, DAY),
        ("date", {}, {"era": "令和", "year": "2026", "month": "11", "day": "23"}, DAY),
        ("date", {}, {"era": "西暦", "year": "2026", "month": "11", "day": "23"}, DAY),
        ("date", {}, {"era": "令和", "year": "Ｒ８．１１．２３"}, DAY),
        ("date", {}, {"year": 2026, "month": 11, "day": 23}, DAY),
        ("date", {"earliest": "+3 open days"}, "2026-11-26", "2026-11-26"),
        ("choice", {}, "b", "b"),
        ("checkboxes", {}, ["c", "a", "c"], ["a", "c"]),
        ("checkboxes", {}, "b", ["b"]),
        ("yes_no", {}, "yes", True),
        ("yes_no", {}, False, False),
        ("consent", {}, "on", True),
        ("consent", {}, True, True),
        ("corporate_number", {}, "５０００　０２０３９-0003", "5000020390003"),
    ],
)
def test_an_answer_is_filed_in_its_one_form(type_, members, raw, value):
    assert question(type_, **members).answer(raw, today=TODAY) == value


@pytest.mark.parametrize(
    ("type_", "members", "raw", "sentence"),
    [
        ("text", {}, "  ", "お答えを入力してください。"),
        ("text", {"short_label": "屋号"}, "", "屋号を入力してください。"),
        (
            "text",
            {"max_length": 3},
            "高知県庁",
            "お答えは3文字以内で入力してください（今は4文字です）。",
        ),
        ("text", {}, "一行\n二行", "お答えは改行せずに、1行で入力してください。"),
        (
            "text",
            {},
            "桂\x00浜",
            (
                "お答え：目に見えない特殊な文字（制御文字）が含まれています。"
                "いったん消して、入力し直してください。"
            ),
        ),
        ("text", {}, ["桂浜"], "お答えは文字で入力してください。"),
        ("text", {}, True, "お答えは文字で入力してください。"),
        (
            "textarea",
            {},
            "あ" * 2001,
            "お答えは2,000文字以内で入力してください（今は2,001文字です）。",
        ),
        ("integer", {}, "三匹", "お答えは数字で入力してください（例：1）。"),
        ("integer", {}, 1.5, "お答えは文字で入力してください。"),
        (
            "integer",
            {"minimum": 1, "maximum": 20, "unit": "匹"},
            "21",
            "お答えは1匹から20匹までの数字で入力してください。",
        ),
        (
            "digits",
            {"length": 15},
            "39214",
            "お答えは15けたの数字で入力してください（今は5けたです）。",
        ),
        (
            "digits",
            {"length": 15},
            "番号なし",
            "お答えは15けたの数字で入力してください。",
        ),
        ("person_name", {}, {"family": "﨑山"}, "お答えの「名」を入力してください。"),
        ("person_name", {}, {"given": "花子"}, "お答えの「姓」を入力してください。"),
        (
            "person_name",
            {},
            {**SAKIYAMA, "full": "﨑山花子"},
            (
                "お答えは、「姓」と「名」の欄か「姓と名に分けない」欄の、"
                "どちらか一方だけに入力してください。"
            ),
        ),
        (
            "person_name",
            {},
            {"family": "山" * 61, "given": "花子"},
            "お答えの「姓」は60文字以内で入力してください（今は61文字です）。",
        ),
        (
            "person_name",
            {},
            ["﨑山", "花子"],
            "お答えは「姓」と「名」に分けて入力してください。",
        ),
        (
            "kana",
            {},
            "高知",
            (
                "お答え：フリガナは、カタカナかひらがなで入力してください"
                "（例：コウチ　タロウ）。"
            ),
        ),
        (
            "address",
            {},
            {**HOME, "postal_code": "78085"},
            "郵便番号は、7けたの数字で入力してください（例：780-8570）。",
        ),
        (
            "address",
            {},
            {**HOME, "postal_code": ""},
            "お答えの郵便番号を入力してください。",
        ),
        (
            "address",
            {},
            {"postal_code": "7800870"},
            "お答えの番地・建物名・部屋番号を入力してください。",
        ),
        (
            "address",
            {},
            {"postal_code": "1600022", "rest": "1-2-3"},
            "お答えの都道府県を選んでください。",
        ),
        (
            "address",
            {},
            {**HOME, "prefecture": "土佐国"},
            "お答えの都道府県を選んでください。",
        ),
        (
            "address",
            {},
            {"postal_code": SEVERAL, "rest": "1番地"},
            "お答えの町名を、一覧から選んでください。",
        ),
        (
            "address",
            {},
            {**HOME, "prefecture": "愛媛県"},
            (
                "郵便番号780-0870は高知市本町の番号です。"
                "郵便番号か住所の、どちらかを直してください。"
            ),
        ),
        (
            "address",
            {},
            {**HOME, "postal_code": "7830005"},
            (
                "郵便番号783-0005は南国市大そね乙の番号です。"
                "郵便番号か住所の、どちらかを直してください。"
            ),
        ),
        (
            "address",
            {},
            "高知市本町",
            "お答えは、郵便番号と住所に分けて入力してください。",
        ),
        (
            "phone",
            {},
            "12345",
            (
                "お答え：電話番号は、市外局番から数字で入力してください（例：088-823-1111）。"
                "内線番号は入力できません。"
            ),
        ),
        (
            "email",
            {},
            "taro＠",
            "お答えは「tosa@example.jp」のような形で入力してください。",
        ),
        (
            "date",
            {},
            {"era": "令和", "year": "", "month": "", "day": ""},
            "お答えを入力してください。",
        ),
        (
            "date",
            {},
            {"era": "令和", "year": "8", "month": "", "day": "23"},
            "お答えの「月」を入力してください。",
        ),
        (
            "date",
            {},
            {"era": "令和", "year": "八年", "month": "11", "day": "23"},
            "お答えの「年」は数字で入力してください。",
        ),
        (
            "date",
            {},
            "令和8年2月30日",
            "お答え：令和8年2月は28日までです。日をもう一度お確かめください。",
        ),
        (
            "date",
            {},
            "平成31年5月1日",
            "お答え：平成31年5月1日は令和元年5月1日です。元号と年をお確かめください。",
        ),
        (
            "date",
            {"earliest": "+3 open days"},
            "令和8年11月25日",
            "お答えは、令和8年11月26日（2026年）以降の日付を入力してください。",
        ),
        (
            "date",
            {"latest": "today"},
            "令和8年11月24日",
            "お答えは、令和8年11月23日（2026年）までの日付を入力してください。",
        ),
        (
            "date",
            {"earliest": "-40 years"},
            "昭和60年4月1日",
            "お答えは、昭和61年11月23日（1986年）以降の日付を入力してください。",
        ),
        ("choice", {}, None, "お答えを選んでください。"),
        ("choice", {}, "z", "お答えを、表示されている中から1つ選んでください。"),
        ("choice", {}, ["a"], "お答えを、表示されている中から1つ選んでください。"),
        ("checkboxes", {}, [], "お答えを選んでください。"),
        ("checkboxes", {}, ["a", {}], "お答えを、表示されている中から選んでください。"),
        (
            "yes_no",
            {"yes_label": "立ち会う", "no_label": "立ち会わない"},
            "maybe",
            "お答えは、「立ち会う」か「立ち会わない」を選んでください。",
        ),
        ("consent", {}, False, "お答え：お読みになり、チェックを入れてください。"),
        (
            "corporate_number",
            {},
            "5000020390004",
            (
                "お答え：法人番号の数字に誤りがあります。"
                "国税庁の法人番号公表サイトなどで、もう一度お確かめください。"
            ),
        ),
    ],
)
def test_a_wrong_answer_gets_a_sentence_that_says_what_to_do(
    type_, members, raw, sentence
):
    with pytest.raises(FieldError) as error:
        question(type_, **members).answer(raw, today=TODAY)

    assert str(error.value) == sentence


def test_every_kind_of_question_has_an_answer_and_a_sentence_tried_above():
    def tried(test):
        [table] = [mark for mark in test.pytestmark if mark.name == "parametrize"]
        return {type_ for type_, *_ in table.args[1]}

    asking = {name for name, kind in FIELD_TYPES.items() if issubclass(kind, Field)}

    assert tried(test_an_answer_is_filed_in_its_one_form) == asking
    assert tried(test_a_wrong_answer_gets_a_sentence_that_says_what_to_do) == asking


@pytest.mark.parametrize(
    ("type_", "vectors"),
    [
        ("kana", "kana"),
        ("phone", "phone"),
        ("corporate_number", "corp"),
        ("date", "date"),
    ],
)
def test_the_shared_vectors_are_read_as_they_should_be(type_, vectors):
    if not VECTORS.exists():
        pytest.skip("shared/domain/ja_test_vectors.json is not beside this repository")
    asked = question(type_)

    for vector in json.loads(VECTORS.read_text("utf-8"))[vectors]:
        try:
            found = asked.answer(vector["in"], today=TODAY)
        except FieldError:
            found = None
        assert found == vector["out"], vector["in"]


def test_an_optional_question_may_be_left_empty():
    for name, kind in FIELD_TYPES.items():
        if issubclass(kind, Field):
            asked = question(name, required=False)
            assert asked.answer(None, today=TODAY) is None
            assert asked.answer("", today=TODAY) is None


def test_a_box_left_unticked_is_no_answer():
    assert question("consent", required=False).answer(raw=False, today=TODAY) is None


@pytest.mark.parametrize(("count", "drawn"), [(7, "radio"), (8, "select")])
def test_many_choices_become_a_list(count, drawn):
    options = [documents.option(f"v{number}") for number in range(count)]
    widget = question("choice", options=options).widget()

    html = widget.render("kind", "v1", {"id": "i"})

    assert ("<select" in html) is (drawn == "select")
    assert ('type="radio"' in html) is (drawn == "radio")
    assert ("選んでください" in html) is (drawn == "select")


def test_a_year_from_a_leap_day_ends_on_the_last_of_february():
    asked = question("date", latest="+1 years")
    leap_day = date(2028, 2, 29)

    assert asked.answer("2029-02-28", today=leap_day) == "2029-02-28"
    with pytest.raises(FieldError):
        asked.answer("2029-03-01", today=leap_day)


def test_a_sentence_about_one_of_several_boxes_names_the_box():
    with pytest.raises(FieldError) as error:
        question("date").answer({"year": "8", "month": "11"}, today=TODAY)

    assert error.value.part == "day"


def test_a_town_chosen_among_several_completes_the_address():
    raw = {"postal_code": SEVERAL, "place": "幡多郡大月町姫ノ井", "rest": "1番地"}

    address = question("address").answer(raw, today=TODAY)

    assert (address["city"], address["town"]) == ("幡多郡大月町", "姫ノ井")


def test_an_address_may_be_written_without_its_district_or_with_a_variant():
    raw = {
        "postal_code": "7850601",
        "prefecture": "高知県",
        "city": "梼原町",
        "town": "永野",
        "rest": "1番地",
    }

    assert question("address").answer(raw, today=TODAY)["city"] == "梼原町"


def test_a_place_outside_the_prefecture_is_taken_as_typed():
    tokyo = {
        "postal_code": "1600022",
        "prefecture": "東京都",
        "city": "新宿区",
        "town": "新宿",
        "rest": "一丁目2番3号",
    }

    assert question("address").answer(tokyo, today=TODAY) == tokyo


def test_the_first_day_possible_stands_in_the_hint():
    asked = question("date", hint="準備にかかります。", earliest="+3 open days")

    assert asked.hint_on(TODAY) == (
        "準備にかかります。令和8年11月26日（2026年）以降の日付を入力できます。"
    )


def test_a_first_day_long_ago_need_not_be_told():
    asked = question("date", hint="だいたいの日付で。", earliest="-40 years")

    assert asked.hint_on(TODAY) == "だいたいの日付で。"


@pytest.mark.parametrize(
    ("type_", "members", "value", "lines", "cells"),
    [
        ("textarea", {}, "一行め\n二行め", ("一行め", "二行め"), ("一行め\n二行め",)),
        ("integer", {"unit": "円"}, 1200, ("1,200円",), ("1200",)),
        ("person_name", {}, SAKIYAMA, ("﨑山\u3000花子",), ("﨑山\u3000花子",)),
        ("person_name", {}, {"full": "Ho Chi"}, ("Ho Chi",), ("Ho Chi",)),
        (
            "address",
            {},
            HOME,
            ("〒780-0870", "高知県高知市本町四丁目3番2号"),
            ("7800870", "高知県高知市本町四丁目3番2号"),
        ),
        ("phone", {}, "+81888231111", ("088-823-1111",), ("088-823-1111",)),
        ("date", {}, DAY, ("令和8年11月23日（2026年）",), (DAY,)),
        ("choice", {}, "b", ("選択肢b",), ("選択肢b",)),
        ("checkboxes", {}, ["a", "c"], ("選択肢a", "選択肢c"), ("1", "", "1")),
        ("yes_no", {"no_label": "いらない"}, False, ("いらない",), ("いらない",)),
        ("consent", {}, True, ("同意しました",), ("同意しました",)),
    ],
)
def test_an_answer_is_shown_in_words_and_exported_in_columns(
    type_, members, value, lines, cells
):
    asked = question(type_, **members)

    assert asked.display(value) == lines
    assert asked.cells(value) == cells
    assert len(asked.columns()) == len(cells) == len(asked.cells(None))
    assert not any(asked.cells(None))


@pytest.mark.parametrize(
    ("type_", "raw", "suspected"),
    [
        ("text", "番号は 1234-5678-9018 です", True),
        ("text", "123456789012", False),
        ("textarea", "１２３４　５６７８　９０１８", True),
        ("person_name", {"family": "山", "given": "123456789018"}, True),
        ("digits", 123456789018, True),
        ("phone", "+819012345614", False),
        ("text", "+819012345614", True),
        ("phone", "1234 5678 9018", True),
        ("checkboxes", ["123456789018"], True),
        ("textarea", "あ" * 20_000 + "123456789018", False),  # goes nowhere
        ("text", None, False),
    ],
)
def test_a_number_that_may_be_a_my_number_is_noticed(type_, raw, suspected):
    assert question(type_).suspected_my_number(raw) is suspected
