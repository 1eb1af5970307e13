"""Accounts on the desk: the people of one's own body, and nobody else."""

import pytest
from django.urls import reverse

from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

LIST = "admin:accounts_user_changelist"


def listed(client, **query):
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return {user.email for user in response.context["cl"].result_list}


def test_an_administrator_sees_the_people_of_the_body_only(client):
    administrator = factories.staff("administrator", organization=MUROTO)
    clerk = factories.staff("clerk", organization=MUROTO)
    factories.staff("clerk", organization=AKI)
    factories.resident()
    client.force_login(administrator)

    assert listed(client) == {administrator.email, clerk.email}
    assert listed(client, q=clerk.email) == {clerk.email}


def test_residents_are_on_nobody_s_list_not_even_support_s(client):
    client.force_login(factories.staff("support", organization=PREFECTURE))
    resident = factories.resident()

    url = reverse("admin:accounts_user_change", args=[resident.pk])
    assert client.get(url).status_code == 404
    assert resident.email not in listed(client)


def test_the_page_of_an_account_tells_neither_password_nor_secret(client):
    client.force_login(factories.staff("administrator", organization=MUROTO))
    clerk = factories.staff("clerk", organization=MUROTO, second_factor=False)

    url = reverse("admin:accounts_user_change", args=[clerk.pk])
    page = client.get(url).content.decode()

    assert clerk.email in page
    assert clerk.password not in page
    assert client.post(url, {"is_superuser": "on"}).status_code == 403


@pytest.mark.parametrize("role", ["clerk", "examiner", "approver", "publisher"])
def test_who_does_not_administer_sees_no_accounts(client, role):
    client.force_login(factories.staff(role, organization=MUROTO))

    assert client.get(reverse(LIST)).status_code == 403
