"""A question finds its entry, within what the asker may read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from faq.decision import Outcome
from faq.queries.finding import asking_as_resident, asking_as_staff, find
from foundation.tenancy.scope import NOBODY, scoped
from organizations.queries import scope_for
from tests import factories
from tests.factories import MUROTO, PREFECTURE
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

COOLING_OFF = "訪問販売のクーリング・オフは何日以内にできますか"


def asked_by_a_resident(text, **asking):
    with scoped(NOBODY):
        return find(text, asking_as_resident(text, **asking))


def test_a_question_finds_the_entry_that_shares_its_words():
    consumer = desk()
    wanted = entry(consumer, COOLING_OFF)
    entry(consumer, "通信販売で買った品物を返品できますか")
    entry(consumer, "架空請求のメールが届きました")
    indexed()

    found = asked_by_a_resident("訪問販売をクーリング・オフしたい")

    assert found.entries[0] == wanted


def test_a_resident_never_finds_what_was_written_for_staff():
    of_staff = desk(audience="staff")
    secret = entry(of_staff, COOLING_OFF)
    indexed("resident", "staff")

    found = asked_by_a_resident(COOLING_OFF)

    assert found.entries == []
    assert found.outcome == Outcome.HAND_OVER
    member = factories.staff("clerk", organization=PREFECTURE)
    with scoped(scope_for(member)):
        assert find(COOLING_OFF, asking_as_staff(member)).entries == [secret]


def test_the_words_of_a_town_are_for_those_who_name_it():
    of_town = entry(desk(MUROTO), "犬の登録はどこでできますか")
    indexed()

    assert asked_by_a_resident("犬の登録をしたい").entries == []
    assert asked_by_a_resident("室戸市で犬の登録をしたい").entries == [of_town]
    assert asked_by_a_resident("犬の登録をしたい", place=MUROTO).entries == [of_town]


def test_without_an_index_entries_are_read_at_once_and_once_a_minute():
    consumer = desk()
    wanted = entry(consumer, COOLING_OFF)
    for number in range(5):
        entry(consumer, f"通信販売で買った品物{number}を返品できますか")

    with CaptureQueriesContext(connection) as first:
        found = asked_by_a_resident(COOLING_OFF)
    with CaptureQueriesContext(connection) as second:
        asked_by_a_resident(COOLING_OFF)

    assert found.entries[0] == wanted
    alternatives = [q for q in first if "faq_alternative" in q["sql"]]
    assert alternatives == []
    of_words = [q for q in second if "LIMIT 2000" in q["sql"]]
    assert of_words == []
    assert [q for q in first if "LIMIT 2000" in q["sql"]]
