"""The journal on the desk: one's own body's, to be read by who answers for it."""

import pytest
from django.urls import reverse

from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from tests import factories
from tests.factories import MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

LIST = "admin:journal_entry_changelist"
OURS = Scope(organization_ids=frozenset({MUROTO}))


@pytest.fixture
def desk(client):
    client.force_login(factories.staff("administrator", organization=MUROTO))
    return client


def listed(desk, **query):
    response = desk.get(reverse(LIST), query)
    assert response.status_code == 200
    return response.context["cl"].result_list


def test_entries_are_listed_newest_first_in_words(desk):
    factories.application(MUROTO)
    factories.application(MUROTO)

    page = desk.get(reverse(LIST))

    ids = [entry.pk for entry in page.context["cl"].result_list]
    assert ids == sorted(ids, reverse=True)
    assert "到達" in page.content.decode()


def test_entries_are_narrowed_by_event_subject_actor_and_time(desk):
    user = factories.staff("clerk", organization=MUROTO)
    case = factories.application(MUROTO)
    factories.application(MUROTO)
    client = factories.browser_of(user)
    client.get(reverse("admin:applications_application_change", args=[case.pk]))

    assert len(listed(desk)) == 3
    assert len(listed(desk, name="applications.viewed")) == 1
    assert len(listed(desk, subject_id=str(case.pk))) == 2
    assert len(listed(desk, subject_id="no-uuid")) == 0
    assert len(listed(desk, actor_id=str(user.pk))) == 1
    assert len(listed(desk, actor_kind="nobody")) == 2
    assert len(listed(desk, days="1")) == 3
    assert len(listed(desk, q=str(case.pk))) == 2
    assert len(listed(desk, q="no-uuid")) == 0


def test_the_portal_s_own_doings_are_told_apart_from_an_unknown_visitor_s(desk):
    factories.form(factories.procedure(MUROTO, code="dog"))  # comes with the portal
    factories.application(MUROTO)

    [own] = listed(desk, actor_kind="portal")

    assert own.name == "applications.form_published"
    assert (
        "システム" in desk.get(reverse(LIST), {"actor_kind": "portal"}).content.decode()
    )
    assert listed(desk, actor_kind="nobody")


def test_staff_are_named_and_residents_are_not(desk):
    resident = factories.resident("hanako-secret@example.jp")
    clerk = factories.staff("clerk", organization=MUROTO)
    case = factories.application(MUROTO, person=resident.person)
    with scoped(OURS):
        Entry.objects.create(
            organization_id=MUROTO,
            name="applications.filed",
            subject_id=case.pk,
            actor_kind="user",
            actor_id=str(resident.pk),
            recorded_at=case.filed_at,
        )
    factories.browser_of(clerk).get(
        reverse("admin:applications_application_change", args=[case.pk])
    )

    page = desk.get(reverse(LIST)).content.decode()

    assert clerk.display_name in page
    assert f"住民のアカウント {resident.pk}" in page
    assert "hanako-secret" not in page


def test_an_entry_shows_its_content_and_cannot_be_changed(desk):
    case = factories.application(MUROTO)
    [entry] = listed(desk)
    url = reverse("admin:journal_entry_change", args=[entry.pk])

    page = desk.get(url).content.decode()

    assert case.number in page
    assert 'name="_save"' not in page
    assert desk.post(url, {"name": "x"}).status_code == 403
    delete = reverse("admin:journal_entry_delete", args=[entry.pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["clerk", "examiner", "approver", "publisher"])
def test_who_does_not_answer_for_the_body_reads_no_journal(client, role):
    client.force_login(factories.staff(role, organization=MUROTO))

    assert client.get(reverse(LIST)).status_code == 403


def test_support_reads_the_journal_of_every_body(client):
    client.force_login(factories.staff("support", organization=PREFECTURE))
    factories.application(MUROTO)
    factories.application(factories.AKI)

    assert len(listed(client, name="applications.filed")) == 2


def test_the_list_asks_for_names_once(desk, django_assert_max_num_queries):
    case = factories.application(MUROTO)
    for _ in range(5):
        clerk = factories.browser_of(factories.staff("clerk", organization=MUROTO))
        clerk.get(reverse("admin:applications_application_change", args=[case.pk]))

    with django_assert_max_num_queries(16):
        listed(desk)
