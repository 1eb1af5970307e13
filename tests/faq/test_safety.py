"""Deadlines and danger: the official number stands beside the answer."""

import time

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
        ("しにたい", "119"),
        ("死（し）に たい です", "119"),
        ("ねむれなくて しにたいよ", "119"),
        ("もう消えてしまいたい", "119"),
        ("I want to die", "119"),
        ("I can’t breathe", "119"),
        ("heart attack", "119"),
        ("My house is on fire", "119"),
        ("けむりが でて います", "119"),
        ("ハチに刺された", "119"),
        ("DVを受けています", "110"),
        ("ＤＶの相談", "#9110"),
        ("夫（おっと）に たたかれます", "110"),
        ("My husband hits me", "110"),
        ("首をしめられた", "110"),
        ("くびを しめられました", "119"),
        ("刺された", "110"),
        ("ひとに さされた", "119"),
        ("交通事故にあった", "110"),
        ("こうつうじこに あいました", "119"),
        ("I had a car accident", "110"),
        ("契約を取り消したい", "188"),
        ("けいやくを とりけしたい", "188"),
        ("未成年の契約は何日以内なら取消しできますか", "188"),
        ("Can I cancel a contract?", "188"),
        ("I signed a contract today. Can I cancel?", "188"),
        ("１８８とは", "188"),
        ("高齢者の虐待", "110"),
        ("高齢者の虐待", "#9110"),
        ("親に虐待されています", "189"),
        ("祖母が孫を虐待しています", "189"),
        ("親に虐待されています", "110"),
        ("となりの こが たたかれている", "189"),
        ("My neighbour’s child is being abused", "189"),
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
        "父が死にました",
        "死亡届にたいしての手数料",
        "わたしにたいしての通知",
        "DVDの返却",
        "蚊に さされた",
        "始末書を出さされた",
        "給料泥棒と言われた",
        "雇用契約を取り消された",
        "契約の途中で仕事をやめたい",
        "Can I cancel my application?",
        "My dog has died",
        "子どもをなぐさめたい",
        "",
    ],
)
def test_an_everyday_question_brings_none(question):
    assert contacts_for(question) == []


@pytest.mark.parametrize(
    "question",
    ["高齢者の虐待", "介護施設で母が虐待されている", "犬の虐待", "elder abuse"],
)
def test_the_childrens_line_is_for_children(question):
    assert OfficialContact.CHILD not in contacts_for(question)
    assert contacts_for(question)


def test_a_hostile_question_is_read_in_no_time():
    begun = time.perf_counter()

    for part in ("虐待", "契約", "夫", "contract ", "（し", "あ ", "親", "\ufdfa", " "):
        contacts_for((part * 500)[:500])

    assert time.perf_counter() - begun < 1


def test_every_number_says_when_to_call_it_in_each_language():
    assert set(ADVICE) == set(OfficialContact)
    assert all(all(advice) for advice in ADVICE.values())
