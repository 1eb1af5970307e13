"""Unanswered questions come together, and stay as staff left them."""

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from faq.actions.clustering import desks_to_group, group_desk, settle_cluster
from faq.errors import EncoderUnavailable, RoleMissing
from faq.models import Cluster, Question, Vector
from faq.retrieval.grouping import word_vectors
from faq.tasks import group_desk as grouping_task
from faq.tasks import group_unanswered as fanning_task
from foundation.tenancy.scope import scoped
from journal.models import Entry as JournalEntry
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO
from tests.factories.asked import cluster as a_cluster
from tests.factories.asked import group_unanswered, in_body, question
from tests.factories.faq import Letters, desk, entry, indexed

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
DRAIN = "排水口がつまりました"
DRAIN_TOO = "排水口がつまりましたどうしよう"
WASPS = "庭にスズメバチの巣ができています"


def clusters():
    return list(Cluster.objects.using("worker").order_by("-size", "id"))


def grouped():
    group_unanswered()
    return {
        cluster.title: set(
            Question.objects.using("worker")
            .filter(cluster=cluster)
            .values_list("text", flat=True)
        )
        for cluster in clusters()
    }


def test_questions_that_ask_for_the_same_come_together():
    office = desk(MUROTO)
    for text in (DRAIN, DRAIN_TOO, WASPS):
        question(office, text)

    found = grouped()

    assert sorted(map(sorted, found.values())) == sorted([[DRAIN, DRAIN_TOO], [WASPS]])
    assert [cluster.size for cluster in clusters()] == [2, 1]


def test_without_an_encoder_words_are_compared(settings):
    settings.FAQ_ENCODER = "faq.backends.encoders.Absent"
    office = desk(MUROTO)
    for text in (DRAIN, DRAIN_TOO, WASPS):
        question(office, text)

    assert clusters() == []
    grouped()
    assert [cluster.size for cluster in clusters()] == [2, 1]


def test_while_the_encoder_is_away_nothing_changes(settings, caplog):
    office = desk(MUROTO)
    question(office)
    settings.FAQ_ENCODER = "tests.faq.test_clustering.Away"

    assert group_unanswered() == 0
    assert clusters() == []


class Away:
    name = "away-1"

    def encode(self, texts, *, seconds):
        del texts, seconds
        raise EncoderUnavailable


def test_nothing_is_encoded_in_a_transaction_and_what_is_asked_meanwhile_too(
    monkeypatch,
):
    office = desk(MUROTO)
    question(office, DRAIN)
    encode, asked = Letters.encode, []

    def encoding(self, texts, *, seconds):
        assert not connections["worker"].in_atomic_block
        if not asked:
            asked.append(question(office, WASPS))
        return encode(self, texts, seconds=seconds)

    monkeypatch.setattr(Letters, "encode", encoding)

    assert group_unanswered() == 2
    assert {row.title for row in clusters()} == {DRAIN, WASPS}


def test_only_what_got_no_answer_is_grouped_and_nothing_of_long_ago():
    office = desk(MUROTO)
    question(office, "答えられた質問", outcome="answer")
    question(office, "選んだ質問", outcome="candidates", verdict="solved")
    question(office, "昔の質問", asked_at=timezone.now() - timedelta(days=91))
    question(office, "役に立たなかった答え", outcome="answer", verdict="unsolved")

    assert set(grouped()) == {"役に立たなかった答え"}


def test_desks_keep_their_questions_apart():
    question(desk(MUROTO), DRAIN)
    question(desk(AKI), DRAIN)

    group_unanswered()

    assert [cluster.size for cluster in clusters()] == [1, 1]
    assert {cluster.organization_id for cluster in clusters()} == {MUROTO, AKI}


def test_a_cluster_keeps_its_identity_and_what_staff_made_of_it():
    office, clerk = desk(MUROTO), factories.staff("clerk", organization=MUROTO)
    question(office, DRAIN)
    group_unanswered()
    [before] = clusters()
    with scoped(in_body(MUROTO)):
        settle_cluster(before, Cluster.State.DISMISSED, by=clerk)
    question(office, DRAIN_TOO)
    question(office, WASPS)

    group_unanswered()
    group_unanswered()

    first, second = clusters()
    assert (first.pk, first.state, first.size) == (before.pk, "dismissed", 2)
    assert (second.title, second.state, second.size) == (WASPS, "open", 1)


def test_the_nearest_entry_is_named_with_its_cosine():
    office = desk(MUROTO)
    near = entry(office, "排水口がつまったとき")
    entry(office, "犬の登録はどこでできますか")
    entry(office, "水道の開始の届出")
    indexed()
    question(office, DRAIN)

    group_unanswered()

    [cluster] = clusters()
    assert cluster.nearest_id == near.pk
    assert 0 < cluster.nearest_cosine <= 1


def test_a_resident_s_question_is_never_near_an_entry_for_staff():
    office = desk(MUROTO)
    entry(desk(MUROTO, audience="staff"), DRAIN)
    indexed("resident", "staff")
    question(office, DRAIN)

    group_unanswered()

    assert clusters()[0].nearest_id is None


def test_a_cluster_whose_questions_are_all_of_long_ago_counts_none():
    office = desk(MUROTO)
    asked = question(office)
    group_unanswered()
    Question.objects.using("worker").filter(pk=asked.pk).update(
        asked_at=timezone.now() - timedelta(days=91)
    )

    group_unanswered()

    assert clusters()[0].size == 0


def test_settling_is_told_once_and_only_by_who_works_there():
    office, clerk = desk(MUROTO), factories.staff("clerk", organization=MUROTO)
    question(office)
    group_unanswered()
    [cluster] = clusters()
    support = factories.staff("support", organization=390003)
    with scoped(in_body(MUROTO)):
        with pytest.raises(RoleMissing):
            settle_cluster(cluster, Cluster.State.RESOLVED, by=support)
        settle_cluster(cluster, Cluster.State.RESOLVED, by=clerk)
        settle_cluster(cluster, Cluster.State.RESOLVED, by=clerk)

        assert JournalEntry.objects.get().payload["state"] == "resolved"


def test_rare_words_weigh_more_than_those_in_every_question():
    vectors = word_vectors(
        ["水道の届出について", "水道の料金について", "排水口について", "水道の届出"]
    )

    assert vectors[0] @ vectors[3] > vectors[0] @ vectors[1]


def test_a_question_stays_where_it_is_and_a_settled_cluster_keeps_its_words():
    office, clerk = desk(MUROTO), factories.staff("clerk", organization=MUROTO)
    for text in (DRAIN, WASPS):
        question(office, text)
    group_unanswered()
    drain, wasps = sorted(clusters(), key=lambda cluster: cluster.title == WASPS)
    with scoped(in_body(MUROTO)):
        settle_cluster(drain, Cluster.State.RESOLVED, by=clerk)
    Question.objects.using("worker").filter(text=WASPS).update(cluster=drain)
    Question.objects.using("worker").filter(text=DRAIN).update(cluster=wasps)

    group_unanswered()

    kept = Question.objects.using("worker").get(text=WASPS)
    assert kept.cluster_id == drain.pk
    assert {c.pk: c.title for c in clusters()} == {drain.pk: DRAIN, wasps.pk: DRAIN}


def test_of_what_people_asked_no_vector_is_kept():
    question(desk(MUROTO), DRAIN)

    assert grouped() == {DRAIN: {DRAIN}}

    assert not Vector.objects.using("worker").exists()


def test_every_desk_is_a_task_of_its_own(monkeypatch):
    offices = [desk(MUROTO), desk(AKI)]
    for office in offices:
        question(office)
    desk(MUROTO)
    queued = []
    monkeypatch.setattr(
        grouping_task, "apply_async", lambda args, **_: queued.append(*args)
    )

    fanning_task()

    assert sorted(queued) == sorted(str(office.pk) for office in offices)
    assert clusters() == []


def test_clusters_that_hold_nothing_any_more_are_not_read(monkeypatch):
    office = desk(MUROTO)
    a_cluster(office, WASPS, texts=(WASPS,))
    Question.objects.using("worker").update(
        asked_at=timezone.now() - timedelta(days=91)
    )
    group_unanswered()
    assert desks_to_group() == []
    question(office, DRAIN)
    encode, read = Letters.encode, []

    def encoding(self, texts, *, seconds):
        read.extend(texts)
        return encode(self, texts, seconds=seconds)

    monkeypatch.setattr(Letters, "encode", encoding)

    group_unanswered()

    assert not [text for text in read if WASPS in text]


def test_a_desk_that_is_asked_faster_than_is_encoded_says_that_it_waits(
    monkeypatch, caplog
):
    office = desk(MUROTO)
    question(office, DRAIN)
    encode, coming = Letters.encode, iter("かきくけこ")

    def encoding(self, texts, *, seconds):
        question(office, f"{WASPS}{next(coming)}")
        return encode(self, texts, seconds=seconds)

    monkeypatch.setattr(Letters, "encode", encoding)

    assert group_desk(office.pk) == 0
    assert str(office.pk) in caplog.text


def test_a_question_said_to_be_unanswered_again_is_counted_again():
    office = desk(MUROTO)
    asked = question(office, DRAIN, outcome="candidates")
    rows = Question.objects.using("worker").filter(pk=asked.pk)
    group_unanswered()
    sizes = []
    for verdict in ("solved", "unsolved"):
        rows.update(verdict=verdict)
        group_unanswered()
        sizes.append([cluster.size for cluster in clusters()])

    assert sizes == [[0], [1]]
