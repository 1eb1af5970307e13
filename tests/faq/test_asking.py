"""A question is kept without its person's data, and opened by whoever asked it."""

from uuid import UUID

import pytest

from faq.actions.asking import (
    Circumstances,
    ask_question,
    begin_conversation,
    choose_entry,
    judge_answer,
)
from faq.decision import Outcome
from faq.errors import EntryNotOffered, NobodyToAsk, QuestionEmpty
from faq.models import Calibration, Question
from faq.queries.asked import offered_for
from faq.queries.finding import asking_as_resident, asking_as_staff
from foundation.tenancy.scope import NOBODY, opened_by, scoped
from organizations.queries import scope_for
from tests import factories
from tests.factories import MUROTO, PREFECTURE
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

COOLING_OFF = "訪問販売のクーリング・オフは何日以内にできますか"


def asked(text, *, conversation=None, **around):
    conversation = conversation or begin_conversation()
    place = around.get("place")
    desks = around.pop("desks", ())
    with scoped(NOBODY):
        return ask_question(
            text,
            asking=asking_as_resident(text, place=place, desks=desks),
            around=Circumstances(conversation=conversation, **around),
        )


def thresholds(answer_from, offer_from):
    with scoped(NOBODY):
        Calibration.objects.create(
            audience="resident", answer_from=answer_from, offer_from=offer_from
        )


def test_a_question_is_stored_without_what_names_its_person():
    entry(desk(), COOLING_OFF)
    indexed()

    question = asked("090-1234-5678の山田です。クーリング・オフしたい")

    assert question.text == "［電話番号］の山田です。クーリング・オフしたい"


def test_what_answers_stands_in_the_question_of_its_desk():
    consumer = desk()
    wanted = entry(consumer, COOLING_OFF)
    entry(consumer, "架空請求のメールが届きました")
    entry(consumer, "ごみの出し方がわかりません")
    thresholds(0.1, 0.1)
    indexed()

    question = asked(COOLING_OFF)

    assert question.outcome == Outcome.ANSWER
    assert question.answered_id == wanted.pk
    assert (question.desk_id, question.organization_id) == (consumer.pk, PREFECTURE)


def test_only_the_token_of_its_conversation_opens_a_question():
    entry(desk(), COOLING_OFF)
    indexed()
    conversation = begin_conversation()

    question = asked(COOLING_OFF, conversation=conversation)

    with scoped(NOBODY):
        assert not Question.objects.filter(pk=question.pk).exists()
        with opened_by(conversation.token):
            assert Question.objects.get() == question
        with opened_by(begin_conversation().token):
            assert not Question.objects.exists()


def test_what_no_desk_knows_goes_to_the_desk_for_everything_else():
    desk(code="consumer")
    rest = desk(code="administration", name="行政管理課")

    assert asked("おいしいカレーの作り方").desk_id == rest.pk


@pytest.mark.parametrize("agree", [True, False])
def test_what_nothing_answers_goes_where_the_nearest_entries_agree(agree):
    consumer, rest = desk(code="consumer"), desk(code="administration")
    for title in ("訪問販売の期限", "通信販売の返品"):
        entry(consumer, title)
    entry(consumer if agree else desk(code="labour"), "残業代の計算")
    thresholds(answer_from=2, offer_from=2)
    indexed()

    question = asked("訪問販売と通信販売の残業代")

    assert question.outcome == Outcome.HAND_OVER
    assert question.desk == (consumer if agree else rest)


def test_without_any_desk_nobody_can_be_asked():
    with pytest.raises(NobodyToAsk, match="窓口がありません"):
        asked("おいしいカレーの作り方")


@pytest.mark.parametrize("text", ["", " 　", "\u200b\u200b", "\ufeff"])
def test_a_question_without_words_is_not_one(text):
    with pytest.raises(QuestionEmpty):
        asked(text)


def test_a_topic_is_looked_through_first_and_then_the_rest():
    consumer, labour = desk(), desk(name="労働委員会")
    of_consumer = entry(consumer, "解約の手数料はいくらですか")
    of_labour = entry(labour, "残業代の計算のしかたを教えてください")
    thresholds(0.3, 0.3)
    indexed()

    within = asked("手数料はいくらですか", desks=[consumer.pk])
    beyond = asked("残業代の計算のしかた", desks=[consumer.pk])

    assert within.found[0]["entry"] == str(of_consumer.pk)
    assert beyond.found[0]["entry"] == str(of_labour.pk)


def test_a_topic_is_left_where_another_desk_has_what_is_nearer():
    consumer, labour = desk(), desk(name="労働委員会")
    entry(consumer, "解約の手数料はいくらですか")
    of_labour = entry(labour, "解約の手数料の計算のしかた")
    for other in ("犬の登録はどこでしますか", "布団を返品できますか"):
        entry(consumer, other)
    thresholds(0.9, 0.01)
    indexed()

    beyond = asked("解約の手数料の計算", desks=[consumer.pk])

    assert beyond.outcome == Outcome.CANDIDATES
    assert beyond.found[0]["entry"] == str(of_labour.pk)


def test_what_nobody_answers_goes_to_the_town_that_was_chosen():
    desk(code="administration")
    desk(392022, name="相談室", code="a-desk")
    of_town = desk(392022, name="市民課", code="administration")

    assert asked("カレーの作り方", place=392022).desk == of_town
    assert asked("カレーの作り方", place=392031).desk != of_town


def test_whoever_asks_in_english_is_answered_in_english():
    entry(desk(), COOLING_OFF)
    indexed()

    assert asked("How can I cancel a contract?").language == "en"
    assert asked("LINEで契約した").language == "ja"


def test_staff_ask_within_their_own_bodies():
    helpdesk = desk(MUROTO, audience="staff", code="helpdesk")
    desk(audience="staff", code="accounting")
    member = factories.staff("clerk", organization=MUROTO)

    with scoped(scope_for(member)):
        question = ask_question(
            "パソコンが動きません",
            asking=asking_as_staff(member),
            around=Circumstances(conversation=begin_conversation()),
        )

    assert (question.audience, question.desk_id) == ("staff", helpdesk.pk)


def test_a_choice_is_one_of_those_offered():
    wanted = entry(desk(), COOLING_OFF)
    thresholds(0.99, -1)
    indexed()
    conversation = begin_conversation()
    question = asked("クーリング・オフ", conversation=conversation)

    with scoped(NOBODY), opened_by(conversation.token):
        assert offered_for(question) == [wanted.pk]
        with pytest.raises(EntryNotOffered):
            choose_entry(question, UUID(int=0))
        assert choose_entry(question, wanted.pk).chosen_id == wanted.pk


def test_of_what_goes_to_people_nothing_is_offered():
    found = entry(desk(), COOLING_OFF)
    thresholds(2, 1.5)
    indexed()
    conversation = begin_conversation()
    question = asked("クーリング・オフ", conversation=conversation)

    assert question.found
    with scoped(NOBODY), opened_by(conversation.token):
        assert offered_for(question) == []
        with pytest.raises(EntryNotOffered):
            choose_entry(question, found.pk)


def test_the_first_verdict_stands():
    entry(desk(), COOLING_OFF)
    indexed()
    conversation = begin_conversation()
    question = asked(COOLING_OFF, conversation=conversation)

    with scoped(NOBODY), opened_by(conversation.token):
        judge_answer(question, "solved")
        judge_answer(question, "unsolved")
        assert choose_entry(question, None).verdict == "solved"


def test_clicks_change_no_ranking():
    first = entry(desk(), COOLING_OFF)
    other = entry(desk(), "通信販売はクーリング・オフできますか")
    thresholds(0.99, 0.1)
    indexed()
    before = asked(COOLING_OFF).found

    for _ in range(5):
        conversation = begin_conversation()
        question = asked(COOLING_OFF, conversation=conversation)
        with scoped(NOBODY), opened_by(conversation.token):
            choose_entry(question, other.pk)
            judge_answer(question, "solved")
    indexed()

    assert asked(COOLING_OFF).found == before
    assert before[0]["entry"] == str(first.pk)


def test_other_words_for_a_question_may_lead_to_entries_and_answer_nothing(
    monkeypatch,
):
    desk(code="administration")
    wanted = entry(desk(), COOLING_OFF)
    entry(desk(), "水道の使用をやめるにはどうしますか")
    indexed()
    thresholds(0.3, 0.3)
    said = "布団を押し売りされて困っちゅう"
    assert asked(said).outcome == Outcome.HAND_OVER

    monkeypatch.setattr("faq.actions.asking.rewritten", lambda _: COOLING_OFF)
    question = asked(said)

    assert question.outcome == Outcome.CANDIDATES
    assert question.found[0]["entry"] == str(wanted.pk)
    assert (question.text, question.answered_id) == (said, None)
