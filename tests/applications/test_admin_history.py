"""What the desk tells of a case's history: each event in words, and who did it."""

import pytest
from django.urls import reverse

from applications.actions import write_note
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))


@pytest.fixture
def clerk(client):
    user = factories.staff("clerk", organization=MUROTO)
    client.force_login(user)
    return user


def history_of(client, application):
    response = client.get(
        reverse("admin:applications_application_change", args=[application.pk])
    )
    return [
        (entry.title, entry.actor) for entry in response.context["history"]["steps"]
    ]


def test_history_tells_who_wrote_a_note(client, clerk):
    application = factories.application(MUROTO)
    with scoped(OURS):
        write_note(application, text="電話で確認済み", by=clerk)

    history = history_of(client, application)

    assert history == [("到達", "申請者"), ("内部メモの記入", clerk.display_name)]
