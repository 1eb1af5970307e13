"""Staff need not wait for a correction for ever, nor for one asked for by mistake."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.identity import NOBODY
from applications.actions import (
    accept_application,
    correct_application,
    decide_application,
    resume_application,
    return_application,
    start_correction,
)
from applications.errors import TransitionNotAllowed
from applications.models import Application, Correction, Draft
from applications.queries import timeline
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

SAID = "補正をしていただく必要は、なくなりました。"


def in_muroto():
    return scoped(Scope(organization_ids=frozenset({MUROTO})))


@pytest.fixture
def clerk():
    return factories.staff("clerk", organization=MUROTO)


def send_back(application, clerk):
    return return_application(
        application,
        field_keys=["place"],
        message="番地をご記入ください。",
        due_on=timezone.localdate() + timedelta(days=14),
        by=clerk,
    )


def url(name, filed):
    return reverse(f"applications:{name}", args=[filed.pk])


def at(day):
    moment = datetime.combine(day, datetime.min.time(), ZoneInfo("Asia/Tokyo"))
    return time_machine.travel(moment + timedelta(hours=10), tick=False)


def test_the_case_goes_on_and_the_days_of_waiting_do_not_count(clerk):
    with at(date(2026, 11, 24)):
        application = factories.application(MUROTO)
    assert application.due_on == date(2026, 11, 27)
    with at(date(2026, 11, 25)), in_muroto():
        asked = send_back(application, clerk)
    with at(date(2026, 12, 1)), in_muroto():
        resume_application(application, by=clerk)

    with in_muroto():
        application.refresh_from_db()
        asked.refresh_from_db()
        entry = Entry.objects.get(name="applications.resumed")
    assert application.state == "accepted"
    assert application.due_on == date(2026, 12, 3)
    assert asked.called_off
    assert asked.resolved_at == application.accepted_at
    assert timezone.localdate(asked.resolved_at) == date(2026, 12, 1)
    assert entry.payload["correction_id"] == str(asked.pk)
    assert entry.actor_id == str(clerk.pk)


def test_when_it_was_taken_up_stays_as_it_was(clerk):
    application = factories.application(MUROTO)
    with in_muroto():
        accepted_at = accept_application(application, by=clerk).accepted_at
        send_back(application, clerk)

        assert resume_application(application, by=clerk).accepted_at == accepted_at


def test_what_the_applicant_had_begun_to_correct_is_sent_by_nobody(clerk):
    application = factories.application(MUROTO)
    with in_muroto():
        send_back(application, clerk)
        draft = start_correction(application)
        resume_application(application, by=clerk)

        assert not Draft.objects.filter(pk=application.pk).exists()
        assert not correct_application(draft, by=None, identity=NOBODY).is_new
        assert Application.objects.get().version == 1


def test_what_is_not_waiting_for_a_correction_is_not_resumed(clerk):
    application = factories.application(MUROTO)
    with in_muroto():
        accept_application(application, by=clerk)

        with pytest.raises(TransitionNotAllowed, match="「補正を待たずに審査を再開"):
            resume_application(application, by=clerk)
        assert not Entry.objects.filter(name="applications.resumed").exists()


def test_it_may_be_refused_then_and_just_as_well_returned_again(clerk):
    approver = factories.staff("approver", organization=MUROTO)
    permit = factories.offering(MUROTO, of=factories.procedure(kind="permit"))
    one, other = (factories.application(MUROTO, offering=permit) for _ in range(2))
    with in_muroto():
        for application in (one, other):
            send_back(application, clerk)
            resume_application(application, by=clerk)
        decide_application(one, "reject", reason="番地が不明のため", by=approver)
        send_back(other, clerk)

        assert Application.objects.get(pk=one.pk).state == "rejected"
        assert Application.objects.get(pk=other.pk).state == "returned"
        assert Correction.objects.filter(application=other).count() == 2


def test_the_applicant_reads_that_nothing_is_waited_for(clerk):
    application = factories.application(MUROTO)
    browser = factories.browser_with(application)
    with in_muroto():
        send_back(application, clerk)
        before = [step.title for step in timeline(application)]
        resume_application(application, by=clerk)
        *_, last = timeline(application)

    page = browser.get(url("case", application)).content.decode()

    assert "補正の受付を終えました" not in before
    assert (last.title, last.current) == ("補正の受付を終えました", True)
    assert SAID in page
    assert "審査中" in page
    assert url("correct", application) not in page


def test_who_sends_a_correction_too_late_is_not_told_that_it_arrived(clerk):
    application = factories.application(MUROTO)
    browser = factories.browser_with(application)
    with in_muroto():
        send_back(application, clerk)
    browser.post(url("correct", application))
    with in_muroto():
        resume_application(application, by=clerk)

    page = browser.post(url("check", application), follow=True)

    assert page.redirect_chain[-1][0] == url("case", application)
    assert SAID in page.content.decode()


def test_a_later_correction_that_was_sent_is_confirmed(clerk):
    application = factories.application(MUROTO)
    browser = factories.browser_with(application)
    with in_muroto():
        send_back(application, clerk)
        resume_application(application, by=clerk)
        send_back(application, clerk)
        correct_application(start_correction(application), by=None, identity=NOBODY)
        accept_application(application, by=clerk)

    assert browser.get(url("complete", application)).status_code == 200


def test_the_desk_says_first_what_will_happen_and_then_how_it_ended(client, clerk):
    application = factories.application(MUROTO)
    client.force_login(clerk)
    with in_muroto():
        send_back(application, clerk)
    case = reverse("admin:applications_application_change", args=[application.pk])
    step = reverse(
        "admin:applications_application_step", args=[application.pk, "resume"]
    )

    assert f'href="{step}"' in client.get(case).content.decode()
    assert "もう送れません" in client.get(step).content.decode()
    page = client.post(step, follow=True).content.decode()

    assert "審査を再開しました。" in page
    assert "に補正を待たずに審査を再開" in page
    assert "補正を待たない審査の再開" in page


def test_a_body_s_program_may_do_it_too(clerk):
    application = factories.application(MUROTO)
    caller = factories.Caller(factories.token_for(MUROTO))
    reader = factories.Caller(factories.token_for(MUROTO, "cases:read"))
    address = f"/api/v1/cases/{application.pk}/resume/"
    with in_muroto():
        send_back(application, clerk)

    assert reader.send(address).status_code == 403
    answer = caller.send(address)
    again = caller.send(address)

    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    assert again.status_code == 409
    changed = caller.get("/api/v1/cases/", {"changed_since": _now_of("resumed")})
    assert [one["id"] for one in changed.json()["results"]] == [str(application.pk)]


def _now_of(name):
    with in_muroto():
        entry = Entry.objects.get(name=f"applications.{name}")
    return entry.recorded_at.isoformat()
