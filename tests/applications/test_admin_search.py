"""Cases are found by number or name, by comparisons that an index may serve."""

import pytest
from django.db import connection
from django.utils import timezone

from applications.admin import search
from applications.models import Application
from foundation.japanese import fiscal_year
from foundation.numbering import arrival_number
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))


def found(term):
    with scoped(OURS):
        return set(search.found(Application.objects.all(), MUROTO, term))


@pytest.fixture
def case():
    return factories.application(MUROTO)


def test_a_running_number_is_found_in_this_year_and_the_ten_before(case):
    this_year = fiscal_year(timezone.localdate())
    with scoped(OURS):
        for years, is_found in ((0, True), (10, True), (11, False)):
            number = arrival_number(MUROTO, this_year - years, 1234)
            Application.objects.filter(pk=case.pk).update(number=number)
            for term in ("1234", "0001234", "0001234-5", "１２３４"):
                assert (found(term) == {case}) is is_found, (years, term)
    assert found("234") == set()


def test_a_whole_number_is_found_however_it_is_written(case):
    digits = case.number.replace("-", "")

    for term in (case.number, digits, case.number.replace("-", "－"), f" {digits} "):
        assert found(term) == {case}, term
    assert found(case.number[:-1] + str((int(case.number[-1]) + 1) % 10)) == set()


@pytest.mark.parametrize("term", ["-", "--", "0", "9" * 300, "00000000", "1-2-3-4"])
def test_odd_numbers_find_nothing_and_break_nothing(case, term):
    assert found(term) == set()


def test_a_name_is_found_by_neighbours_only(case):
    with scoped(OURS):
        Application.objects.filter(pk=case.pk).update(applicant_key="高知太郎高太")

    assert found("高知太") == {case}
    assert found("知太") == {case}
    assert found("太郎高知") == set()
    assert found("高知高太") == set()


def test_the_columns_of_pairs_follow_the_name(case):
    assert found("坂本") == set()
    with scoped(OURS):
        Application.objects.filter(pk=case.pk).update(applicant_key="坂本竜馬")
    assert found("坂本") == {case}
    assert found("高知") == set()


def test_the_search_by_name_may_use_its_index_below_row_level_security():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proleakproof FROM pg_proc WHERE proname = 'arraycontains'"
        )
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'application_by_name'"
        )
        assert "gin (organization_id, applicant_grams)" in cursor.fetchone()[0]
