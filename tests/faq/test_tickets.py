"""What a desk does with a ticket: each thing once, by those who may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import ProgrammingError, connections
from django.utils import timezone

from faq.actions.clustering import settle_cluster
from faq.actions.discarding import discard_draft
from faq.actions.forgetting import (
    forget_contacts,
    remove_old_clusters,
    remove_old_questions,
    remove_old_tickets,
)
from faq.actions.learning import Then, learn_entry, learn_wordings
from faq.actions.tickets import (
    assign_ticket,
    close_quiet_tickets,
    close_ticket,
    reply_to_ticket,
)
from faq.errors import (
    LearnedAlready,
    MessageEmpty,
    ReviewedByItsAuthor,
    RoleMissing,
    TicketClosed,
    TicketMoved,
)
from faq.models import (
    Cluster,
    Entry,
    Origin,
    Question,
    Reply,
    State,
    Ticket,
    TicketState,
)
from foundation.tenancy.scope import scoped
from journal.models import Entry as JournalEntry
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO
from tests.factories.asked import cluster, in_body, question, ticket
from tests.factories.faq import desk, entry

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
ANSWER = "大家さんか管理会社へ連絡してください。"


@pytest.fixture
def office():
    return desk(MUROTO)


@pytest.fixture
def clerk():
    return factories.staff("clerk", organization=MUROTO)


def told():
    with scoped(in_body(MUROTO)):
        return list(JournalEntry.objects.order_by("pk").values_list("name", flat=True))


def stored(row):
    with scoped(in_body(MUROTO)):
        return Ticket.objects.get(pk=row.pk)


def replies(row):
    with scoped(in_body(MUROTO)):
        return [(r.side, r.text) for r in Reply.objects.filter(ticket=row)]


def reply(row, text=ANSWER, *, by, **given):
    with scoped(in_body(MUROTO)):
        return reply_to_ticket(row, text=text, by=by, **given)


def test_a_reply_is_kept_told_and_passes_the_turn(office, clerk):
    asked = ticket(office, message="急いでいます")

    reply(asked, by=clerk)

    assert replies(asked) == [("asker", "急いでいます"), ("desk", ANSWER)]
    assert stored(asked).state == TicketState.ANSWERED
    assert stored(asked).assignee_id == clerk.pk
    assert told() == ["faq.ticket_answered"]


def test_a_double_click_says_it_once(office, clerk):
    asked = ticket(office)

    first = reply(asked, by=clerk)
    again = reply(asked, by=clerk, read_until=0)

    assert first.pk == again.pk
    assert len(replies(asked)) == 1
    assert told() == ["faq.ticket_answered"]


def test_two_clicks_at_the_same_moment_say_it_once(office, clerk):
    asked = ticket(office)

    def click(_):
        try:
            return reply(asked, by=clerk, read_until=0).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1

    assert len(replies(asked)) == 1


def test_who_has_not_read_the_newest_message_is_asked_to(office, clerk):
    asked = ticket(office, message="やっぱり明日でかまいません")

    with pytest.raises(TicketMoved):
        reply(asked, by=clerk, read_until=0)

    assert replies(asked) == [("asker", "やっぱり明日でかまいません")]


def test_a_reply_may_end_the_ticket_and_then_nothing_more_is_taken(office, clerk):
    asked = ticket(office)

    reply(asked, by=clerk, is_last=True)

    assert stored(asked).state == TicketState.CLOSED
    assert told() == ["faq.ticket_answered", "faq.ticket_closed"]
    with pytest.raises(TicketClosed):
        reply(asked, "もうひとつ", by=clerk)


def test_the_same_words_again_may_end_the_ticket(office, clerk):
    asked = ticket(office)
    reply(asked, by=clerk)

    reply(asked, by=clerk, is_last=True)

    assert len(replies(asked)) == 1
    assert stored(asked).state == TicketState.CLOSED


def test_an_empty_reply_says_nothing(office, clerk):
    with pytest.raises(MessageEmpty):
        reply(ticket(office), "　\n", by=clerk)

    assert told() == []


def test_a_ticket_is_closed_once(office, clerk):
    asked = ticket(office)
    with scoped(in_body(MUROTO)):
        close_ticket(asked, by=clerk)
        close_ticket(asked, by=clerk)

    assert told() == ["faq.ticket_closed"]


def test_it_is_assigned_only_to_who_works_on_the_body_s_questions(office, clerk):
    asked = ticket(office)
    stranger = factories.staff("clerk", organization=AKI)
    with scoped(in_body(MUROTO)):
        assign_ticket(asked, assignee=clerk, by=clerk)
        assign_ticket(asked, assignee=clerk, by=clerk)
        with pytest.raises(RoleMissing):
            assign_ticket(asked, assignee=stranger, by=clerk)

    assert stored(asked).assignee_id == clerk.pk
    assert told() == ["faq.ticket_assigned"]


@pytest.mark.parametrize(
    ("role", "body"), [("support", 390003), ("administrator", MUROTO), ("clerk", AKI)]
)
def test_who_does_not_work_on_them_touches_nothing(office, role, body):
    asked = ticket(office)
    user = factories.staff(role, organization=body)
    for act in (
        lambda: reply_to_ticket(asked, text=ANSWER, by=user),
        lambda: close_ticket(asked, by=user),
        lambda: assign_ticket(asked, assignee=None, by=user),
    ):
        with scoped(in_body(MUROTO)), pytest.raises(RoleMissing):
            act()

    assert told() == []


# What is learned from it


def test_a_question_becomes_a_confirmed_wording_once(office, clerk):
    asked, known = ticket(office), entry(office, "水道が出ないときは")
    with scoped(in_body(MUROTO)):
        made = learn_wordings(known, [asked.question], by=clerk)
        again = learn_wordings(known, [asked.question], by=clerk)

    assert [(m.text, m.origin) for m in made] == [
        (asked.question.text, Origin.CONFIRMED)
    ]
    assert again == []


def test_what_was_asked_in_japanese_is_learned_as_japanese(office, clerk):
    known = entry(office, "水道が出ないときは")
    asked = [
        Question(text="水が出ません", language="en"),
        Question(text="No water", language="en"),
    ]
    with scoped(in_body(MUROTO)):
        made = learn_wordings(known, asked, by=clerk)

    assert [one.language for one in made] == ["ja", "en"]


WORDS = {
    "question": "排水口がつまったとき",
    "answer": ANSWER,
    "category": "住まい",
    "source": "窓口の実務",
}


@pytest.mark.parametrize(
    ("then", "state"), [(Then.DRAFT, State.DRAFT), (Then.REVIEW, State.IN_REVIEW)]
)
def test_a_new_entry_waits_for_another_pair_of_eyes(office, clerk, then, state):
    source = ticket(office)
    asked = source.question
    with scoped(in_body(MUROTO)):
        revision = learn_entry(source, WORDS, [asked], then=then, by=clerk)
        revision.refresh_from_db()

        assert revision.state == state
        assert not revision.entry.is_published
        assert [a.text for a in revision.entry.alternatives.all()] == [asked.text]


def test_nobody_publishes_their_own_words_unless_the_desk_is_one_person(clerk):
    both = factories.staff("clerk", "publisher", organization=MUROTO)
    usual = ticket(desk(MUROTO))
    alone = cluster(desk(MUROTO, needs_review=False))
    with scoped(in_body(MUROTO)), pytest.raises(ReviewedByItsAuthor):
        learn_entry(usual, WORDS, [], then=Then.PUBLISH, by=both)
    with scoped(in_body(MUROTO)):
        revision = learn_entry(alone, WORDS, [], then=Then.PUBLISH, by=both)
        revision.refresh_from_db()

    assert revision.state == State.PUBLISHED


@pytest.mark.parametrize("made_of", [cluster, ticket])
def test_two_clerks_at_the_same_moment_make_one_entry(office, made_of):
    source = made_of(office)
    clerks = [factories.staff("clerk", organization=MUROTO) for _ in range(2)]
    both_are_there = Barrier(2)

    def learn(clerk):
        words = WORDS | {"question": f"{clerk}の言い方"}
        try:
            with scoped(in_body(MUROTO)):
                mine = type(source).objects.select_related("desk").get(pk=source.pk)
                both_are_there.wait(timeout=10)
                return learn_entry(mine, words, [], by=clerk).entry.code
        except LearnedAlready as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(learn, clerks))

    with scoped(in_body(MUROTO)):
        made = Entry.objects.get()
    assert sorted(said, key=len) == [
        made.code,
        f"ここからは、すでに項目「{made.code}」が作られています。その項目を開いてください。",
    ]


def test_when_the_entry_was_withdrawn_another_is_made(office, clerk):
    source = ticket(office)
    with scoped(in_body(MUROTO)):
        first = learn_entry(source, WORDS, [], by=clerk).entry
        with pytest.raises(LearnedAlready, match=first.code):
            learn_entry(source, WORDS | {"question": "別の質問"}, [], by=clerk)
        Entry.objects.update(withdrawn_at=timezone.now())
        second = learn_entry(source, WORDS | {"question": "別の質問"}, [], by=clerk)

    assert source.learned_id == second.entry_id != first.pk


def test_a_cluster_that_is_open_again_may_become_another_entry(office, clerk):
    source = cluster(office)
    with scoped(in_body(MUROTO)):
        learn_entry(source, WORDS, [], by=clerk)
        assert settle_cluster(source, "open", by=clerk).learned_id is None
        other = learn_entry(source, WORDS | {"question": "別の質問"}, [], by=clerk)

    assert source.learned_id == other.entry_id


@pytest.mark.parametrize("made_of", [cluster, ticket])
def test_when_its_draft_was_thrown_away_another_is_made(office, clerk, made_of):
    source = made_of(office)
    with scoped(in_body(MUROTO)):
        first = learn_entry(source, WORDS, [], by=clerk)
        discard_draft(first, by=clerk)
        source.refresh_from_db()
        assert source.learned_id is None
        if made_of is cluster:
            assert source.state == "open"
        second = learn_entry(source, WORDS, [], by=clerk)

        assert source.learned_id == second.entry_id


# Forgetting


def test_whom_to_write_to_is_forgotten_ninety_days_after_the_end(office):
    ago = timezone.now() - timedelta(days=91)
    kept = {"contact_email": "hanako@example.jp"}
    old = ticket(office, state=TicketState.CLOSED, last_at=ago, **kept)
    fresh = ticket(office, state=TicketState.CLOSED, **kept)
    waiting = ticket(office, last_at=ago, **kept)

    assert forget_contacts() == 1

    assert stored(old).contact_email == ""
    assert stored(fresh).contact_email
    assert stored(waiting).contact_email


def test_questions_of_long_ago_go_but_for_those_of_tickets(office):
    ago = timezone.now() - timedelta(days=401)
    asked = ticket(office)
    gone, kept = question(office, asked_at=ago), question(office)
    Question.objects.using("worker").filter(pk=asked.question_id).update(asked_at=ago)

    assert remove_old_questions() == 1

    left = set(Question.objects.using("worker").values_list("pk", flat=True))
    assert left == {asked.question_id, kept.pk}
    assert gone.pk not in left


def test_tickets_go_three_years_after_they_ended_and_the_journal_counts_them(office):
    def closed(desk_, days, **fields):
        ago = timezone.now() - timedelta(days=days)
        fields = {"message": "急いでいます", "state": TicketState.CLOSED} | fields
        return ticket(desk_, last_at=ago, **fields)

    elsewhere = desk(AKI)
    for desk_, days in ((office, 1096), (office, 4000), (elsewhere, 1096)):
        closed(desk_, days)
    kept = [
        closed(office, 1094),
        closed(office, 4000, state=TicketState.WAITING),
        closed(office, 4000, state=TicketState.ANSWERED),
    ]

    assert remove_old_tickets() == 3
    assert remove_old_tickets() == 0

    left = set(Ticket.objects.using("worker").values_list("pk", flat=True))
    assert left == {row.pk for row in kept}
    messages = set(Reply.objects.using("worker").values_list("ticket_id", flat=True))
    assert messages == left
    questions = set(Question.objects.using("worker").values_list("pk", flat=True))
    assert questions == {row.question_id for row in kept}
    told = JournalEntry.objects.using("owner").order_by("organization_id")
    assert [(e.name, e.subject_id, e.payload["count"], e.actor_kind) for e in told] == [
        ("faq.tickets_removed", office.pk, 2, "portal"),
        ("faq.tickets_removed", elsewhere.pk, 1, "portal"),
    ]
    assert "急いでいます" not in str([e.payload for e in told])


def test_a_ticket_goes_with_its_messages_or_not_at_all(office, monkeypatch):
    row = ticket(
        office,
        message="急いでいます",
        state=TicketState.CLOSED,
        last_at=timezone.now() - timedelta(days=4000),
    )

    def full(*_, **__):
        raise OSError

    monkeypatch.setattr("faq.actions.forgetting.record", full)
    with pytest.raises(OSError):  # noqa: PT011 - ours, just above
        remove_old_tickets()

    assert replies(row) == [("asker", "急いでいます")]
    assert stored(row) == row


def test_the_application_itself_removes_no_ticket(office):
    row = ticket(office)
    with scoped(in_body(MUROTO)), pytest.raises(ProgrammingError):
        Ticket.objects.filter(pk=row.pk)._raw_delete("default")


def test_what_was_answered_ends_by_itself_after_a_month_without_a_word(office):
    def days_ago(days):
        return {"last_at": timezone.now() - timedelta(days=days)}

    old = ticket(office, state=TicketState.ANSWERED, **days_ago(31))
    fresh = ticket(office, state=TicketState.ANSWERED, **days_ago(29))
    waiting = ticket(office, **days_ago(400))

    assert close_quiet_tickets() == 1
    assert close_quiet_tickets() == 0

    assert stored(old).state == TicketState.CLOSED
    # The ninety days of the address begin now.
    assert stored(old).last_at > timezone.now() - timedelta(minutes=1)
    assert stored(fresh).state == TicketState.ANSWERED
    assert stored(waiting).state == TicketState.WAITING
    [written] = JournalEntry.objects.using("owner").all()
    assert written.name == "faq.ticket_closed"
    assert written.actor_kind == "portal"


def test_a_cluster_goes_with_the_questions_that_were_in_it(office):
    ago = timezone.now() - timedelta(days=401)
    empty, old, kept = cluster(office), cluster(office, last_at=ago), cluster(office)
    Question.objects.using("worker").filter(cluster=empty).delete()

    assert remove_old_clusters() == 2

    left = set(Cluster.objects.using("worker").values_list("pk", flat=True))
    assert left == {kept.pk}
    of_old = Question.objects.using("worker").filter(cluster_id=old.pk)
    assert not of_old.exists()
