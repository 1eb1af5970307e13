"""What the desk tells of a case's history: each event in words, and who did it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import move_open_applications, write_note
from applications.models import Application
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


def test_what_the_portal_did_itself_is_not_told_as_the_applicant_s(client, clerk):
    new = factories.department(MUROTO, name="上下水道局")
    old = factories.department(
        MUROTO, valid_until=timezone.localdate(), successor_id=new.pk
    )
    application = factories.application(MUROTO)
    with scoped(OURS):
        Application.objects.filter(pk=application.pk).update(department=old)
        assert move_open_applications(MUROTO, old.pk) == 1

    history = history_of(client, application)

    assert history[-1] == ("担当部署の引継ぎ", "システム")


def test_what_a_program_did_is_told_as_a_program_s(client, clerk):
    application = factories.application(MUROTO)
    program = factories.Caller(factories.token_for(MUROTO))
    program.send(f"/api/v1/cases/{application.pk}/accept/")

    history = history_of(client, application)

    assert history[-1] == ("受付", "連携システム")
