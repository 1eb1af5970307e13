"""Deadlines and danger: the official number stands beside the answer."""

import pytest

from faq.safety import ADVICE, OfficialContact, contacts_for


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("クーリング・オフの期限はいつまで", "188"),
        ("くーりんぐおふしたい", "188"),
        ("Can I use cooling-off?", "188"),
        ("詐欺にあった", "#9110"),
        ("詐欺にあった", "188"),
        ("となりの家が燃えています", "119"),
        ("祖父が倒れて意識がない", "119"),
        ("夫に殴られました", "110"),
        ("近所の子どもが毎晩泣き叫んでいる", "189"),
        ("虐待かもしれない", "189"),
        ("ストーカーに困っている", "#9110"),
        ("110に電話してもいいですか", "110"),
        ("119 にかけるとき", "119"),
        ("188とは", "188"),
        ("9110は何の電話ですか", "#9110"),
        ("殺すと言われた", "110"),
        ("Should I call the police?", "110"),
        ("死にたい", "119"),
    ],
)
def test_danger_and_deadlines_bring_the_number_to_call(question, number):
    assert number in contacts_for(question)


@pytest.mark.parametrize(
    "question",
    [
        "水道を止めたい",
        "犬の登録",
        "有給休暇は何日",
        "1888円の請求",
        "1890年の戸籍",
        "年収1100万円",
        "殺虫剤の捨て方",
        "かぎをなくした",
        "",
    ],
)
def test_an_everyday_question_brings_none(question):
    assert contacts_for(question) == []


def test_every_number_says_when_to_call_it_in_each_language():
    assert set(ADVICE) == set(OfficialContact)
    assert all(all(advice) for advice in ADVICE.values())
