"""A page of a list is planned for what it asks for."""

import pytest
from django.db import connection

from foundation.keyset import keyset_page
from organizations.models import Organization

pytestmark = pytest.mark.django_db


def test_a_list_that_is_asked_for_again_and_again_is_planned_for_its_values():
    for kind in ["city", "town", "village"] * 4:
        bodies = Organization.objects.filter(kind=kind)
        assert keyset_page(bodies, ["code"], cursor="", size=5).rows

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%organizations_organization%kind%LIMIT%'"
        )
        [(generic, custom)] = cursor.fetchall()
    assert (generic, custom >= 6) == (0, True)
