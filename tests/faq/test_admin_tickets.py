"""Tickets on the desk: what waits first, its words, its answer, what is learned."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from faq.models import Alternative, Cluster, Entry, Origin, Reply, Revision, Ticket
from foundation.tenancy.scope import scoped
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO, PREFECTURE
from tests.factories.asked import A_QUESTION, cluster, in_body, ticket
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
ANSWER = "大家さんか管理会社へ連絡してください。"


@pytest.fixture
def office():
    return desk(MUROTO)


@pytest.fixture
def seat(client):
    """Sit down as a clerk of 室戸市."""
    client.force_login(factories.staff("clerk", organization=MUROTO))
    return client


def page(model, name, *args):
    return reverse(f"admin:faq_{model}_{name}", args=args)


def listed(client, model="ticket", **parameters):
    response = client.get(page(model, "changelist"), parameters)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def step(client, row, name, model="ticket", **posted):
    return client.post(page(model, "step", row.pk, name), posted, follow=True)


def text_of(response):
    return response.content.decode()


# The list


def test_what_waits_is_listed_first_by_its_due_day(seat, office):
    today = timezone.localdate()
    later = ticket(office, due_on=today + timedelta(days=3))
    sooner = ticket(office, due_on=today + timedelta(days=1))
    answered = ticket(office, state="answered")

    assert listed(seat) == [sooner, later]
    assert listed(seat, state="answered") == [answered]
    assert len(listed(seat, state="all")) == 3
    assert listed(seat, state="nonsense") == []


def test_the_list_is_narrowed_by_desk_hands_and_lateness(seat, office):
    me = Ticket._meta.get_field("assignee").related_model.objects.get(
        pk=seat.session["_auth_user_id"]
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    mine = ticket(office, assignee=me, due_on=yesterday)
    other = ticket(desk(MUROTO))

    assert listed(seat, assignee="me") == [mine]
    assert listed(seat, assignee="nobody") == [other]
    assert listed(seat, desk=str(office.pk)) == [mine]
    assert listed(seat, state="overdue") == [mine]
    assert "1日超過" in text_of(seat.get(page("ticket", "changelist")))


def test_a_ticket_is_found_by_number_and_by_words_of_any_message(seat, office):
    asked = ticket(office, message="台所の床が水びたしです", state="closed")
    ticket(office, "庭の木が倒れそうです")

    assert listed(seat, q=asked.number) == [asked]
    assert listed(seat, q="水びたし") == [asked]
    assert listed(seat, q="排水口") == [asked]
    assert listed(seat, q="宇宙") == []


# One ticket


def test_the_page_shows_what_was_asked_shown_written_and_is_near(seat, office):
    entry(office, "排水口がつまったとき", ANSWER)
    indexed()
    asked = ticket(
        office,
        message="急いでいます",
        contact_email="hanako-secret@example.jp",
        transcript=[
            {
                "at": "2026-11-20T10:00:00+09:00",
                "question": "水が流れません",
                "outcome": "candidates",
                "shown": ["水道が止まったとき"],
            }
        ],
    )

    shown = text_of(seat.get(page("ticket", "change", asked.pk)))

    for text in (
        A_QUESTION,
        "急いでいます",
        "水が流れません",
        "水道が止まったとき",
        "確信度 21％",
        "排水口がつまったとき",
        ANSWER,
        "メールで知らせます",
    ):
        assert text in shown
    assert "hanako-secret" not in shown


def test_a_reply_is_sent_from_the_page_and_a_second_click_is_told_so(seat, office):
    asked = ticket(office)
    posted = {"text": ANSWER, "read_until": "0"}

    first = step(seat, asked, "reply", **posted)
    second = step(seat, asked, "reply", **posted)

    assert "に返事をしました。" in text_of(first)
    assert "すでに済んでいます" in text_of(second)
    with scoped(in_body(MUROTO)):
        assert Reply.objects.count() == 1


def test_a_reply_to_what_has_moved_on_stays_in_the_box(seat, office):
    asked = ticket(office, message="追加です")

    shown = seat.post(
        page("ticket", "step", asked.pk, "reply"),
        {"text": ANSWER, "read_until": "0"},
    )

    assert shown.status_code == 422
    assert "新しいやり取りがありました" in text_of(shown)
    assert ANSWER in text_of(shown)


def test_the_words_of_an_entry_are_put_below_what_was_typed(seat, office):
    known = entry(office, "排水口がつまったとき", "管理会社へ連絡してください。")
    indexed()
    asked = ticket(office)

    shown = seat.post(
        page("ticket", "step", asked.pk, "reply"),
        {"text": "こんにちは。", "read_until": "0", "insert": str(known.pk)},
    )

    form = shown.context["form"]
    assert form["text"].value() == "こんにちは。\n\n管理会社へ連絡してください。"
    with scoped(in_body(MUROTO)):
        assert not Reply.objects.exists()


def test_an_entry_for_staff_is_never_put_into_a_reply_to_a_resident(seat, office):
    secret = entry(desk(MUROTO, audience="staff"), A_QUESTION, "職員だけの答え")
    indexed("resident", "staff")
    asked = ticket(office)

    shown = seat.post(
        page("ticket", "step", asked.pk, "reply"), {"insert": str(secret.pk)}
    )

    assert "職員だけの答え" not in text_of(shown)
    assert "職員だけの答え" not in text_of(seat.get(page("ticket", "change", asked.pk)))


def test_one_click_makes_the_question_a_wording_of_a_near_entry(seat, office):
    known = entry(office, "排水口がつまったとき")
    indexed()
    asked = ticket(office)
    shown = text_of(seat.get(page("ticket", "change", asked.pk)))
    assert f'name="entry" value="{known.pk}"' in shown

    told = step(seat, asked, "wording", entry=str(known.pk))

    assert "言い換えに登録しました" in text_of(told)
    with scoped(in_body(MUROTO)):
        made = Alternative.objects.get()
    assert (made.entry_id, made.text) == (known.pk, A_QUESTION)
    assert made.origin == Origin.CONFIRMED


def test_no_wording_is_added_to_an_entry_of_another_body_or_audience(seat, office):
    asked = ticket(office)
    theirs = entry(desk(AKI), "排水口がつまったとき")
    inner = entry(desk(MUROTO, audience="staff"), "排水口がつまったとき")

    for other in (theirs, inner):
        shown = step(seat, asked, "wording", entry=str(other.pk))
        assert "選んだ項目には登録できません" in text_of(shown)
    assert not Alternative.objects.using("worker").exists()


def test_the_reply_becomes_the_answer_of_a_new_draft(seat, office):
    asked = ticket(office)
    step(seat, asked, "reply", text=ANSWER, read_until="0")
    form = seat.get(page("ticket", "step", asked.pk, "entry")).context["form"]
    assert form["question"].value() == A_QUESTION
    assert form["answer"].value() == ANSWER

    told = step(
        seat,
        asked,
        "entry",
        question="排水口がつまったとき",
        answer=ANSWER,
        category="住まい",
        source="窓口の実務",
        wordings="on",
        then="review",
    )

    assert told.status_code == 200
    with scoped(in_body(MUROTO)):
        revision = Revision.objects.get()
        assert (revision.question, revision.state) == (
            "排水口がつまったとき",
            "in_review",
        )
        assert [a.text for a in revision.entry.alternatives.all()] == [A_QUESTION]


def test_a_ticket_is_assigned_and_closed(seat, office):
    asked = ticket(office)
    me = seat.session["_auth_user_id"]

    step(seat, asked, "assign", assignee=me)
    step(seat, asked, "close")

    with scoped(in_body(MUROTO)):
        stored = Ticket.objects.get()
    assert (str(stored.assignee_id), stored.state) == (me, "closed")
    shown = text_of(seat.get(page("ticket", "change", asked.pk)))
    assert "返事をする" not in shown


@pytest.mark.parametrize("name", ["reply", "close", "wording", "entry", "assign"])
def test_support_looks_and_another_body_finds_nothing(client, office, name):
    asked = ticket(office)
    client.force_login(factories.staff("support", organization=PREFECTURE))
    assert client.get(page("ticket", "change", asked.pk)).status_code == 200
    assert client.post(page("ticket", "step", asked.pk, name)).status_code == 403
    client.force_login(factories.staff("clerk", "publisher", organization=AKI))
    assert client.get(page("ticket", "change", asked.pk)).status_code == 404
    assert client.post(page("ticket", "step", asked.pk, name)).status_code == 404
    assert listed(client, state="all") == []


# Clusters


def test_clusters_are_listed_by_size_and_what_is_settled_is_left_out(seat, office):
    small = cluster(office, "小さな質問", texts=["小さな質問"])
    large = cluster(office, "大きな質問", texts=["大きな質問", "大きな質問です"])
    settled = cluster(office, "済んだ質問", state="resolved")

    assert listed(seat, "cluster") == [large, small]
    assert listed(seat, "cluster", state="resolved") == [settled]


def test_the_questions_of_a_cluster_become_wordings_and_settle_it(seat, office):
    known = entry(office, "排水口がつまったとき")
    indexed()
    asked = cluster(office, texts=[A_QUESTION, "排水口が流れない"])
    shown = text_of(seat.get(page("cluster", "change", asked.pk)))
    assert "排水口が流れない" in shown
    assert "排水口がつまったとき" in shown

    told = step(seat, asked, "wording", "cluster", entry=str(known.pk))

    assert "2件の言い方を登録し" in text_of(told)
    with scoped(in_body(MUROTO)):
        assert Cluster.objects.get().state == "resolved"
        assert Alternative.objects.count() == 2


def test_a_publisher_of_a_desk_of_one_publishes_from_the_cluster_at_once(client):
    alone = desk(MUROTO, needs_review=False)
    asked = cluster(alone, texts=[A_QUESTION, "排水口が流れない"])
    client.force_login(factories.staff("clerk", "publisher", organization=MUROTO))
    shown = client.get(page("cluster", "change", asked.pk))
    assert "公開する" in text_of(shown)
    words = {
        name: shown.context["form"][name].value() for name in ("category", "source")
    }

    step(
        client,
        asked,
        "entry",
        "cluster",
        question=A_QUESTION,
        answer=ANSWER,
        wordings="on",
        then="publish",
        **words,
    )

    with scoped(in_body(MUROTO)):
        revision = Revision.objects.get()
        assert revision.state == "published"
        assert revision.entry.is_published
        assert Cluster.objects.get().state == "resolved"


def test_what_is_missing_is_said_and_what_was_typed_stays(seat, office):
    asked = cluster(office)

    shown = step(
        seat,
        asked,
        "entry",
        "cluster",
        question="排水口がつまったとき",
        answer="",
        then="review",
    )

    assert shown.status_code == 422
    assert "まだ書かれていません" in text_of(shown)
    assert "排水口がつまったとき" in text_of(shown)
    with scoped(in_body(MUROTO)):
        assert Cluster.objects.get().state == "open"
        assert not Revision.objects.exists()


@pytest.mark.parametrize("made_of", [cluster, ticket])
def test_a_second_click_makes_no_second_entry_and_leads_to_the_first(
    seat, office, made_of
):
    asked = made_of(office)
    model = made_of.__name__
    words = {"question": "排水口がつまったとき", "answer": ANSWER, "then": "draft"}
    step(seat, asked, "entry", model, **words)

    again = step(seat, asked, "entry", model, **words)

    assert "すでに済んでいます" in text_of(again)
    with scoped(in_body(MUROTO)):
        revision = Revision.objects.get()
    assert page("entry", "change", revision.entry_id) in text_of(again)
    assert page(model, "step", asked.pk, "entry") not in text_of(again)
    other = step(seat, asked, "entry", model, **{**words, "question": "別の質問"})
    assert "作られています" in text_of(other)
    assert "別の質問" in text_of(other)


@pytest.mark.parametrize("made_of", [cluster, ticket])
def test_a_colleague_is_shown_the_entry_that_was_made_and_keeps_what_was_typed(
    client, seat, office, made_of
):
    asked = made_of(office)
    model = made_of.__name__
    words = {"question": "排水口がつまったとき", "answer": ANSWER, "then": "draft"}
    step(seat, asked, "entry", model, **words)
    client.force_login(factories.staff("clerk", organization=MUROTO))

    shown = step(client, asked, "entry", model, **{**words, "answer": "別の答えです"})

    assert shown.status_code == 422
    with scoped(in_body(MUROTO)):
        made = Entry.objects.get()
    assert f"すでに項目「{made.code}」が作られています" in text_of(shown)
    assert page("entry", "change", made.pk) in text_of(shown)
    assert "別の答えです" in text_of(shown)


@pytest.mark.parametrize(
    ("name", "state"), [("dismiss", "dismissed"), ("resolve", "resolved")]
)
def test_a_cluster_is_settled_by_one_click_and_taken_back(seat, office, name, state):
    asked = cluster(office)

    step(seat, asked, name, "cluster")
    with scoped(in_body(MUROTO)):
        assert Cluster.objects.get().state == state

    step(seat, asked, "reopen", "cluster")
    with scoped(in_body(MUROTO)):
        assert Cluster.objects.get().state == "open"


@pytest.mark.parametrize("name", ["wording", "entry", "resolve", "dismiss", "reopen"])
def test_a_cluster_of_another_body_is_not_there(client, office, name):
    asked = cluster(office)
    client.force_login(factories.staff("support", organization=PREFECTURE))
    assert client.get(page("cluster", "change", asked.pk)).status_code == 200
    assert client.post(page("cluster", "step", asked.pk, name)).status_code == 403
    client.force_login(factories.staff("clerk", "publisher", organization=AKI))
    assert client.get(page("cluster", "change", asked.pk)).status_code == 404
    assert client.post(page("cluster", "step", asked.pk, name)).status_code == 404
