"""Entries are written by one, read by another, and taken back by either office."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from faq import errors
from faq.actions.authoring import (
    add_alternatives,
    decline_revision,
    publish_revision,
    remove_alternative,
    restore_revision,
    submit_revision,
    withdraw_entry,
    write_draft,
)
from faq.actions.desks import close_desk
from faq.actions.discarding import discard_draft
from faq.actions.refiling import refile_entries
from faq.models import Alternative, Entry, Origin, Revision, State
from foundation.tenancy.scope import NOBODY, scoped
from journal.models import Entry as JournalEntry
from organizations.queries import scope_for
from tests import factories
from tests.factories import AKI, PREFECTURE
from tests.factories.faq import desk, entry

pytestmark = pytest.mark.django_db

QUESTION = "訪問販売の契約をやめられますか"
WORDS = {
    "category": "契約",
    "question": QUESTION,
    "answer": "8日以内なら、理由がなくてもやめられます。",
    "source": "特定商取引に関する法律 第9条",
    "checked_on": date(2026, 11, 1),
}


@pytest.fixture
def author():
    return factories.staff("clerk", organization=PREFECTURE)


@pytest.fixture
def reviewer():
    return factories.staff("publisher", organization=PREFECTURE)


@pytest.fixture(autouse=True)
def at_the_desk(author):
    """Work within the prefecture."""
    with scoped(scope_for(author)):
        yield


def submitted(author, **words):
    draft = write_draft({**WORDS, **words}, desk=desk(), by=author)
    return submit_revision(draft, by=author)


def told():
    return list(JournalEntry.objects.order_by("id").values_list("name", flat=True))


def test_what_one_wrote_and_another_published_answers(author, reviewer):
    revision = submitted(author)
    made = publish_revision(revision, by=reviewer)

    with scoped(NOBODY):
        answering = Entry.objects.answering("resident").select_related("live").get()
    assert answering.live.answer == WORDS["answer"]
    made.live.refresh_from_db()
    assert (made.live.author, made.live.reviewer) == (author, reviewer)
    assert told() == ["faq.revision_submitted", "faq.entry_published"]


def test_nothing_answers_before_it_is_published(author):
    submitted(author)

    with scoped(NOBODY):
        assert not Entry.objects.exists()
        assert not Revision.objects.exists()


def test_nobody_publishes_what_they_wrote_themselves():
    both = factories.staff("clerk", "publisher", organization=PREFECTURE)
    revision = submitted(both)

    with pytest.raises(errors.ReviewedByItsAuthor):
        publish_revision(revision, by=both)


def test_where_one_person_is_the_office_a_draft_is_published_at_once():
    alone = factories.staff("publisher", organization=PREFECTURE)
    draft = write_draft(WORDS, desk=desk(needs_review=False), by=alone)

    made = publish_revision(draft, by=alone)

    made.live.refresh_from_db()
    assert made.is_published
    assert made.live.reviewer is None


def test_a_draft_is_not_published_unread(author, reviewer):
    draft = write_draft(WORDS, desk=desk(), by=author)

    with pytest.raises(errors.RevisionNotInThisState):
        publish_revision(draft, by=reviewer)


def test_who_changed_the_words_is_their_author(author, reviewer):
    revision = submitted(author)
    write_draft({"answer": "直した回答です。"}, entry=revision.entry, by=reviewer)
    submit_revision(revision, by=author)

    with pytest.raises(errors.ReviewedByItsAuthor):
        publish_revision(revision, by=reviewer)


def test_words_that_changed_since_they_were_read_are_not_published(author, reviewer):
    revision = submitted(author)
    read = revision.written_at
    write_draft({"answer": "あとで変えた回答です。"}, entry=revision.entry, by=author)
    submit_revision(revision, by=author)

    with pytest.raises(errors.RevisionNotInThisState):
        publish_revision(revision, by=reviewer, read=read)


def test_new_words_take_the_place_of_the_old_ones(author, reviewer):
    made = publish_revision(submitted(author), by=reviewer)
    first = made.live
    draft = write_draft({"answer": "新しい回答です。"}, entry=made, by=author)

    assert draft.number == 2
    assert draft.question == QUESTION
    with scoped(NOBODY):
        assert Revision.objects.get().answer == WORDS["answer"]

    submit_revision(draft, by=author)
    made = publish_revision(draft, by=reviewer)

    first.refresh_from_db()
    assert first.state == State.SUPERSEDED
    assert made.live_id == draft.pk
    with scoped(NOBODY):
        assert Revision.objects.get().answer == "新しい回答です。"


def test_a_declined_revision_tells_why_and_is_written_again(author, reviewer):
    revision = submitted(author)
    decline_revision(revision, reason="根拠の条文がちがいます", by=reviewer)

    revision.refresh_from_db()
    assert revision.state == State.DECLINED
    assert revision.remark == "根拠の条文がちがいます"
    again = write_draft({"source": "第9条の3"}, entry=revision.entry, by=author)
    assert (again.pk, again.state) == (revision.pk, State.DRAFT)
    submit_revision(again, by=author)
    assert publish_revision(again, by=reviewer).is_published


def test_a_revision_is_not_declined_without_a_reason(author, reviewer):
    revision = submitted(author)

    with pytest.raises(errors.WordsUnusable, match="理由"):
        decline_revision(revision, reason="  ", by=reviewer)


def test_what_is_withdrawn_is_out_of_everyone_s_reach(author, reviewer):
    made = publish_revision(submitted(author), by=reviewer)
    withdraw_entry(made, by=reviewer)

    with scoped(NOBODY):
        # That it was public once, and nothing of what it said.
        assert Entry.objects.get().withdrawn_at is not None
        assert not Entry.objects.known_to([]).exists()
        assert not Revision.objects.exists()
    with pytest.raises(errors.EntryNotPublished):
        withdraw_entry(made, by=reviewer)


def test_an_old_revision_comes_back_as_a_draft(author, reviewer):
    made = publish_revision(submitted(author), by=reviewer)
    withdraw_entry(made, by=reviewer)
    back = restore_revision(made.live, by=author)

    assert (back.number, back.state) == (2, State.DRAFT)
    assert back.answer == WORDS["answer"]
    with pytest.raises(errors.UnfinishedInTheWay):
        restore_revision(made.live, by=author)
    submit_revision(back, by=author)
    assert publish_revision(back, by=reviewer).withdrawn_at is None


def test_a_draft_thrown_away_leaves_what_answers_and_makes_room(author, reviewer):
    made = publish_revision(submitted(author), by=reviewer)
    draft = write_draft({"answer": "書きかけ"}, entry=made, by=author)
    with pytest.raises(errors.UnfinishedInTheWay, match="下書きを捨てる"):
        restore_revision(made.live, by=author)

    assert discard_draft(draft, by=reviewer) == made

    assert [one.answer for one in made.revisions.all()] == [WORDS["answer"]]
    assert told()[-1] == "faq.draft_discarded"
    assert restore_revision(made.live, by=author).number == 2


def test_an_entry_that_never_answered_goes_with_its_draft(author):
    draft = write_draft(WORDS, desk=desk(), code="gone", by=author)
    add_alternatives(draft.entry, [("押し売り", "ja")], by=author)

    assert discard_draft(draft, by=author) is None

    assert not Entry.objects.exists()
    other = write_draft(WORDS, desk=desk(), code="gone", by=author).entry
    assert len(add_alternatives(other, [("押し売り", "ja")], by=author)) == 1
    with pytest.raises(errors.RevisionNotInThisState):
        discard_draft(draft, by=author)


def test_only_a_draft_as_it_was_seen_is_thrown_away(author, reviewer):
    waiting = submitted(author)
    with pytest.raises(errors.RevisionNotInThisState):
        discard_draft(waiting, by=author)
    declined = decline_revision(waiting, reason="根拠を書いてください", by=reviewer)
    seen = declined.written_at
    changed = write_draft({"answer": "直した回答"}, entry=waiting.entry, by=author)
    with pytest.raises(errors.RevisionNotInThisState):
        discard_draft(changed, by=author, read=seen)
    with pytest.raises(errors.RoleMissing):
        discard_draft(changed, by=factories.staff("support", organization=PREFECTURE))

    assert Revision.objects.get().answer == "直した回答"


def test_a_question_alone_is_a_draft_and_no_more(author):
    draft = write_draft({"question": QUESTION}, desk=desk(), by=author)

    with pytest.raises(errors.RevisionIncomplete, match="分類、回答、根拠"):
        submit_revision(draft, by=author)


def test_who_saved_from_an_old_page_overwrites_nothing(author, reviewer):
    draft = write_draft(WORDS, desk=desk(), by=author)
    seen = draft.written_at
    write_draft({"answer": "ほかの人の回答です。"}, entry=draft.entry, by=reviewer)

    with pytest.raises(errors.RevisionNotInThisState):
        write_draft(
            {"answer": "古い回答です。"}, entry=draft.entry, by=author, over=seen
        )
    draft.refresh_from_db()
    assert draft.answer == "ほかの人の回答です。"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"question": "あ" * 201}, "質問"),
        ({"source_url": "javascript:alert(1)"}, "根拠の場所"),
        ({"contacts": ["0120"]}, "連絡先"),
        (
            {"valid_from": date(2027, 4, 1), "valid_until": date(2027, 3, 31)},
            "有効終了日",
        ),
    ],
)
def test_words_that_do_not_fit_are_refused_by_name(author, words, told):
    with pytest.raises(errors.WordsUnusable, match=told):
        write_draft({**WORDS, **words}, desk=desk(), by=author)


def test_a_code_is_used_once_and_a_closed_desk_takes_nothing(author):
    write_draft(WORDS, desk=desk(), code="cooling-off", by=author)

    with pytest.raises(errors.WordsUnusable, match="cooling-off"):
        write_draft(WORDS, desk=desk(), code="cooling-off", by=author)
    with pytest.raises(errors.WordsUnusable, match="項目コード"):
        write_draft(WORDS, desk=desk(), code="クーリング・オフ", by=author)
    closed = desk(closed_at=timezone.now())
    with pytest.raises(errors.WordsUnusable, match="廃止"):
        write_draft(WORDS, desk=closed, by=author)


@pytest.mark.parametrize("role", ["support", "administrator"])
def test_other_roles_write_nothing(author, role):
    other = factories.staff(role, organization=PREFECTURE)
    draft = write_draft(WORDS, desk=desk(), by=author)
    made = entry(desk(), "ほかの質問", alternatives=["ほかの言い方"])

    for forbidden in (
        lambda: write_draft(WORDS, desk=draft.entry.desk, by=other),
        lambda: write_draft(WORDS, entry=draft.entry, by=other),
        lambda: submit_revision(draft, by=other),
        lambda: publish_revision(draft, by=other),
        lambda: decline_revision(draft, reason="x", by=other),
        lambda: withdraw_entry(made, by=other),
        lambda: restore_revision(made.live, by=other),
        lambda: add_alternatives(made, [("別の言い方", "ja")], by=other),
        lambda: remove_alternative(made.alternatives.first(), by=other),
    ):
        with pytest.raises(errors.RoleMissing):
            forbidden()


def test_a_clerk_publishes_and_withdraws_nothing(author):
    revision = submitted(author)
    other = factories.staff("clerk", organization=PREFECTURE)

    for forbidden in (
        lambda: publish_revision(revision, by=other),
        lambda: decline_revision(revision, reason="x", by=other),
        lambda: withdraw_entry(revision.entry, by=other),
    ):
        with pytest.raises(errors.RoleMissing):
            forbidden()


def test_another_body_s_staff_write_nothing_here(author):
    stranger = factories.staff("clerk", "publisher", organization=AKI)
    revision = submitted(author)

    with pytest.raises(errors.RoleMissing):
        write_draft(WORDS, entry=revision.entry, by=stranger)
    with pytest.raises(errors.RoleMissing):
        publish_revision(revision, by=stranger)


def test_other_wordings_are_added_once_and_removed(author):
    made = entry(desk(), QUESTION)
    texts = [
        ("布団を\n買わされた", "ja"),
        ("布団を 買わされた", "ja"),
        ("\u200b", "ja"),
        ("ふとんをかわされた", "ja-Hira"),
    ]

    added = add_alternatives(made, texts, origin=Origin.CONFIRMED, by=author)
    again = add_alternatives(made, texts, by=author)

    assert [one.text for one in added] == ["布団を 買わされた", "ふとんをかわされた"]
    assert {one.origin for one in added} == {Origin.CONFIRMED}
    assert again == []
    remove_alternative(added[0], by=author)
    remove_alternative(added[0], by=author)
    assert Alternative.objects.count() == 1
    assert told() == ["faq.alternative_added"] * 2 + ["faq.alternative_removed"]


def test_another_entry_s_question_is_no_other_wording(author):
    consumer = desk()
    made = entry(consumer, QUESTION)
    other = entry(consumer, "通信販売の返品", code="returns")

    with pytest.raises(errors.AskedAlready, match="returns"):
        add_alternatives(made, [("通信販売の　返品？", "ja")], by=author)
    assert add_alternatives(other, [("通販の返品", "ja")], by=author)


def test_a_sample_rewritten_by_staff_is_none_any_more(author):
    made = entry(desk(), QUESTION, is_sample=True)

    assert not write_draft({"answer": "直しました。"}, entry=made, by=author).is_sample


def test_days_of_an_entry_are_kept(author):
    ends = timezone.localdate() + timedelta(days=30)
    draft = write_draft({**WORDS, "valid_until": ends}, desk=desk(), by=author)

    draft.refresh_from_db()
    assert draft.valid_until == ends


def test_line_ends_are_those_of_files(author):
    draft = write_draft({**WORDS, "answer": "一行目\r\n二行目"}, desk=desk(), by=author)

    assert draft.answer == "一行目\n二行目"


def test_what_a_closed_desk_left_behind_is_not_published(author, reviewer):
    revision = submitted(author)
    close_desk(revision.entry.desk, by=reviewer)

    with pytest.raises(errors.DeskUnusable, match="廃止"):
        publish_revision(revision, by=reviewer)


def test_no_entry_of_a_closed_desk_answers():
    closed = desk(closed_at=timezone.now())
    entry(closed, QUESTION)

    assert Entry.objects.published("resident").exists()
    assert not Entry.objects.answering("resident").exists()


def test_refiling_names_the_bodies_beside_row_level_security(reviewer):
    row = entry(desk(), QUESTION)

    with scoped(scope_for(reviewer)), CaptureQueriesContext(connection) as asked:
        assert refile_entries([row], "悪質商法", by=reviewer) == 1

    changes = [one["sql"] for one in asked if one["sql"].startswith("UPDATE")]
    assert len(changes) == 2
    assert all(f'"organization_id" IN ({PREFECTURE})' in sql for sql in changes)
