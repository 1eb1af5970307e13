"""Figures of what was asked: of one's own bodies, right, and as a file."""

import csv
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from faq.queries.figures import MOST_LISTED
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, KOCHI, MUROTO, PREFECTURE
from tests.factories.asked import cluster, question
from tests.factories.faq import desk, entry

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
FIGURES = "admin:faq_question_figures"
FILE = "admin:faq_question_figures_file"
LIST = "admin:faq_question_changelist"


@pytest.fixture
def office():
    return desk(MUROTO, name="暮らしの窓口")


@pytest.fixture
def seat(client):
    client.force_login(factories.staff("clerk", organization=MUROTO))
    return client


def figures(client, **look):
    response = client.get(reverse(FIGURES), look)
    assert response.status_code == 200
    return response.context["figures"]


def tally(tallies, label):
    return next(t for t in tallies if t.label == label)


def test_questions_are_counted_by_outcome_desk_place_language_and_day(seat, office):
    today, before = timezone.now(), timezone.now() - timedelta(days=2)
    other = desk(MUROTO, name="水道の窓口")
    question(office, outcome="answer", verdict="solved", place_id=KOCHI)
    question(office, outcome="answer", verdict="unsolved", language="en")
    question(office, outcome="candidates", verdict="solved", asked_at=before)
    question(other, outcome="hand_over")

    found = figures(seat)

    assert (found.all.total, found.all.answered) == (4, 2)
    assert (found.all.offered, found.all.handed) == (1, 1)
    assert found.all.solved_percent == 67
    assert (found.all.answered_percent, found.all.handed_percent) == (50, 25)
    assert tally(found.desks, "暮らしの窓口").total == 3
    assert tally(found.desks, "水道の窓口").handed == 1
    assert tally(found.places, "高知市").total == 1
    assert tally(found.places, "市町村を選ばない").total == 3
    assert tally(found.languages, "English").unsolved == 1
    by_day = {t.key: t.total for t in found.days}
    assert len(by_day) == 30
    assert by_day[timezone.localdate(today)] == 3
    assert by_day[timezone.localdate(before)] == 1


def test_a_period_ends_at_midnight_in_japan(seat, office):
    first = timezone.localdate() - timedelta(days=6)
    midnight = timezone.localtime().replace(
        year=first.year, month=first.month, day=first.day, hour=0, minute=0, second=0
    )
    question(office, asked_at=midnight + timedelta(minutes=1))
    question(office, asked_at=midnight - timedelta(minutes=1))

    found = figures(seat, period="7")

    assert found.all.total == 1
    assert found.days[0].total == 1


def test_nothing_of_another_body_is_counted(seat, office):
    question(office)
    theirs = desk(AKI)
    question(theirs)
    cluster(theirs, "安芸市の質問")

    found = figures(seat)
    by_body, by_desk = figures(seat, body=str(AKI)), figures(seat, desk=str(theirs.pk))

    assert found.all.total == 1
    assert found.clusters == []
    assert by_body.all.total in {0, 1}
    assert by_desk.all.total == 0
    assert "安芸市の質問" not in seat.get(reverse(FIGURES)).content.decode()


def test_who_works_for_several_bodies_looks_at_one_or_at_all(client, office):
    question(office)
    question(desk(AKI))
    client.force_login(factories.staff("support", organization=PREFECTURE))

    assert figures(client).all.total == 2
    assert figures(client, body=str(AKI)).all.total == 1
    assert figures(client, body="999999").all.total == 0


def test_what_is_shown_and_missed_most_is_named(seat, office):
    often, seldom = (
        entry(office, "よく聞かれること"),
        entry(office, "たまに聞かれること"),
    )
    for _ in range(2):
        question(office, outcome="answer", answered_id=often.pk)
    question(office, outcome="candidates", chosen_id=seldom.pk)
    for number in range(MOST_LISTED + 1):
        cluster(office, f"未回答{number}", size=number + 1)

    found = figures(seat)

    assert [(one.title, one.count) for one in found.entries] == [
        ("よく聞かれること", 2),
        ("たまに聞かれること", 1),
    ]
    assert found.clusters[0].title == f"未回答{MOST_LISTED}"
    assert len(found.clusters) == MOST_LISTED


def test_every_chart_has_its_table_and_no_style_of_its_own(seat, office):
    question(office, outcome="answer")

    page = seat.get(reverse(FIGURES)).content.decode()

    assert page.count('<svg class="chart"') == 2
    assert page.count('role="img"') == 2
    assert page.count("<caption") == 5
    assert "style=" not in page.split("<main")[-1]


def test_where_nothing_was_asked_the_page_says_so(seat):
    page = seat.get(reverse(FIGURES)).content.decode()

    assert "この期間の質問はありません。" in page
    assert "<svg class" not in page


def test_the_file_holds_counts_of_days_and_desks_and_no_words(seat):
    office = desk(MUROTO, name="=SUM(A1)")
    question(office, "秘密の質問", outcome="answer", verdict="solved")
    question(desk(AKI))

    response = seat.get(reverse(FILE))

    text = response.content.decode()
    assert text.startswith("\ufeff日,相談窓口,")
    [row] = list(csv.reader(text.splitlines()))[1:]
    assert row[0] == timezone.localdate().isoformat()
    assert row[1] == "室戸市 =SUM(A1)"
    assert row[2:] == ["1", "1", "0", "0", "1", "0"]
    assert "秘密" not in text


@pytest.mark.parametrize("name", [FIGURES, FILE])
def test_who_has_no_role_sees_no_figures(client, name):
    client.force_login(factories.staff(organization=MUROTO))
    assert client.get(reverse(name)).status_code == 403


# The log


def test_the_log_is_narrowed_and_searched(seat, office):
    old = timezone.now() - timedelta(days=8)
    mine = question(
        office, "水道の質問", outcome="answer", verdict="solved", door="api"
    )
    other = question(office, "犬の質問", language="en", place_id=MUROTO, asked_at=old)

    def listed(**look):
        response = seat.get(reverse(LIST), look)
        return list(response.context["cl"].result_list)

    assert set(listed()) == {mine, other}
    for look in (
        {"outcome": "answer"},
        {"verdict": "solved"},
        {"door": "api"},
        {"language": "ja"},
        {"day": "7"},
        {"day": timezone.localdate().isoformat()},
        {"q": "水道"},
    ):
        assert listed(**look) == [mine], look
    assert listed(place=str(MUROTO)) == [other]
    assert listed(place=str(KOCHI)) == []
    assert listed(day="2001-13-01") == []
    assert listed(desk=str(desk(AKI).pk)) == []


def test_a_question_is_read_with_what_was_found_and_changed_by_nobody(seat, office):
    found = entry(office, "水道の開始の届出")
    row = question(
        office,
        outcome="answer",
        answered_id=found.pk,
        found=[{"entry": str(found.pk), "score": 3.1, "cosine": 0.62}],
    )
    url = reverse("admin:faq_question_change", args=[row.pk])

    page = seat.get(url).content.decode()

    assert "水道の開始の届出 62％（回答した）" in page
    assert seat.post(url, {"text": "x"}).status_code == 403
    seat.force_login(factories.staff("clerk", organization=AKI))
    assert seat.get(url).status_code == 404
