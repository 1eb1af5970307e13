"""The two gates of tenancy, as the unprivileged role."""

import pytest
from django.db import (
    DataError,
    IntegrityError,
    ProgrammingError,
    connection,
    transaction,
)

from accounts.models import Person
from applications.models import Application, ApplicationVersion, Draft
from applications.queries import inquiry_code_of
from foundation.tenancy.scope import NOBODY, Scope, become, opened_by, scoped
from procedures.models import Offering
from tests import factories
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db


def body(*codes):
    return Scope(organization_ids=frozenset(codes))


def raw_ids(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return {row[0] for row in cursor.fetchall()}


def test_a_query_without_a_scope_raises():
    factories.application(MUROTO)

    with pytest.raises(DataError, match="unset"), transaction.atomic():
        Application.objects.exists()


def test_raw_sql_in_the_scope_of_one_body_returns_nothing_of_another():
    ours, theirs = factories.application(MUROTO), factories.application(AKI)

    with scoped(body(MUROTO)):
        assert raw_ids("applications_application") == {ours.pk}
    with scoped(body(AKI)):
        assert raw_ids("applications_application") == {theirs.pk}


def test_raw_sql_of_one_resident_returns_nothing_of_another():
    ours, theirs = factories.person(), factories.person()
    filed = factories.application(MUROTO, person=ours)
    factories.application(MUROTO, person=theirs)
    draft = factories.draft(MUROTO, person=ours)
    factories.draft(MUROTO, person=theirs)

    with scoped(Scope(person_ids=frozenset({ours.pk}))):
        assert raw_ids("applications_application") == {filed.pk}
        assert raw_ids("applications_draft") == {draft.pk}
        assert raw_ids("accounts_person") == {ours.pk}


def test_a_visitor_sees_only_what_the_token_opens():
    filed = factories.application(MUROTO)
    factories.application(MUROTO)

    with scoped(NOBODY):
        assert raw_ids("applications_application") == set()
        with opened_by(inquiry_code_of(filed)):
            assert raw_ids("applications_application") == {filed.pk}
            assert ApplicationVersion.objects.get().application_id == filed.pk
        assert raw_ids("applications_application") == set()


def test_an_unpublished_offering_is_seen_by_its_body_only():
    hidden = factories.offering(MUROTO, published_at=None)

    with scoped(NOBODY):
        assert not Offering.objects.filter(pk=hidden.pk).exists()
    with scoped(body(AKI)):
        assert not Offering.objects.filter(pk=hidden.pk).exists()
    with scoped(body(MUROTO)):
        assert Offering.objects.filter(pk=hidden.pk).exists()


def test_a_published_offering_is_changed_by_its_body_only():
    shown = factories.offering(MUROTO)

    with scoped(body(AKI)):
        assert not Offering.objects.filter(pk=shown.pk).update(note="乗っ取り")
    with scoped(body(MUROTO)):
        assert Offering.objects.filter(pk=shown.pk).update(note="お知らせ")


def test_a_body_cannot_write_a_row_of_another():
    filed = factories.application(MUROTO)

    with (
        scoped(body(MUROTO)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Application.objects.filter(pk=filed.pk).update(organization_id=AKI)


def test_a_foreign_key_cannot_cross_into_another_body():
    ours, theirs = factories.application(MUROTO), factories.department(AKI)

    with (
        scoped(body(MUROTO, AKI)),
        pytest.raises(IntegrityError, match="same_body"),
        transaction.atomic(),
    ):
        Application.objects.filter(pk=ours.pk).update(department=theirs)


def test_a_person_row_is_seen_by_itself_only():
    ours, theirs = factories.person(), factories.person()

    with scoped(Scope(person_ids=frozenset({ours.pk}))):
        assert not Person.objects.filter(pk=theirs.pk).exists()


def test_leaving_an_inner_scope_restores_the_outer_one():
    ours, theirs = factories.application(MUROTO), factories.application(AKI)

    with scoped(body(MUROTO)):
        with scoped(body(AKI)):
            assert raw_ids("applications_application") == {theirs.pk}
        assert raw_ids("applications_application") == {ours.pk}


def test_a_scope_undone_by_a_savepoint_is_set_again():
    ours = factories.application(MUROTO)

    with scoped(body(MUROTO)):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            with scoped(body(AKI)):
                assert raw_ids("applications_application") == set()
            raise ZeroDivisionError
        assert raw_ids("applications_application") == {ours.pk}


def test_a_scope_taken_inside_a_savepoint_outlives_its_rollback():
    theirs = factories.application(AKI)

    with scoped(body(MUROTO)):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            become(body(AKI))
            assert raw_ids("applications_application") == {theirs.pk}
            raise ZeroDivisionError
        assert raw_ids("applications_application") == {theirs.pk}


def test_after_the_last_scope_an_unscoped_query_raises_again():
    factories.draft(MUROTO)
    with scoped(body(MUROTO)):
        assert Draft.objects.exists()

    with pytest.raises(DataError, match="unset"), transaction.atomic():
        Draft.objects.exists()
