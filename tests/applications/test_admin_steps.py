"""What staff do with a case: who may, from where, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import workflow
from applications.models import Application, Correction, Note
from applications.workflow import APPLICANT, State
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from organizations.models import Role
from tests import factories
from tests.factories import MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))
TEXT = "お名前の漢字が、添付の書類と違うようです。"


def case_of(kind="notification", state=State.FILED, **changed):
    procedure = factories.procedure(kind=kind)
    offering = factories.offering(MUROTO, of=procedure)
    if state not in workflow.OPEN:
        changed["closed_at"] = timezone.now()
    case = factories.application(MUROTO, offering=offering, state=state, **changed)
    if state == State.RETURNED:
        with scoped(OURS):
            Correction.objects.create(
                organization_id=MUROTO,
                application=case,
                capability=case.capability,
                message=TEXT,
                field_keys=["place"],
                sent_at=timezone.now(),
                due_on=timezone.localdate(),
            )
    return case


def url_of(application, step):
    return reverse("admin:applications_application_step", args=[application.pk, step])


def page_of(application):
    return reverse("admin:applications_application_change", args=[application.pk])


def stored(application):
    with scoped(OURS):
        return Application.objects.get(pk=application.pk)


def seat(*roles, organization=MUROTO):
    client = Client()
    client.force_login(factories.staff(*roles, organization=organization))
    return client


def to_return(**changed):
    due_on = timezone.localdate() + timedelta(days=30)
    return {
        "field_keys": ["name"],
        "message": TEXT,
        **_date(due_on),
        **changed,
    }


def _date(day):
    """Return the day as the boxes of the date question send it."""
    return {
        "due_on-era": "",
        "due_on-year": str(day.year),
        "due_on-month": str(day.month),
        "due_on-day": str(day.day),
        "due_on": day.isoformat(),
    }


FILLED_IN = {
    "accept": dict,
    "return": to_return,
    "resume": dict,
    "complete": lambda: {"reason": ""},
    "approve": lambda: {"reason": "基準に適合しています。"},
    "reject": lambda: {"reason": "基準に適合していません。"},
}
STAFF_STEPS = [
    pytest.param(kind, row, id=f"{kind}-{row.event}")
    for kind, table in workflow.TABLES.items()
    for row in table
    if APPLICANT not in row.roles
]


def test_every_step_of_staff_in_the_tables_stands_on_the_desk():
    events = {parameter.values[1].event for parameter in STAFF_STEPS}

    assert events == set(FILLED_IN)


@pytest.mark.parametrize(("kind", "row"), STAFF_STEPS)
def test_who_holds_the_role_takes_the_step(kind, row):
    for role in sorted(row.roles):
        for source in sorted(row.sources):
            application = case_of(kind, source)

            response = seat(role).post(
                url_of(application, row.event), FILLED_IN[row.event]()
            )

            assert response.status_code == 303, (role, source)
            assert response["Location"] == page_of(application)
            assert stored(application).state == row.target


@pytest.mark.parametrize(("kind", "row"), STAFF_STEPS)
def test_who_does_not_hold_the_role_is_refused(kind, row):
    source = sorted(row.sources)[0]
    application = case_of(kind, source)
    seats = [seat(role) for role in set(workflow.WORKERS) - row.roles]
    seats.append(seat(Role.SUPPORT, organization=PREFECTURE))

    for client in seats:
        for method in (client.get, client.post):
            response = method(url_of(application, row.event), FILLED_IN[row.event]())
            assert response.status_code == 403
    assert stored(application).state == source


@pytest.mark.parametrize(("kind", "row"), STAFF_STEPS)
def test_a_step_that_is_not_possible_now_says_so_and_changes_nothing(kind, row):
    for state in set(State) - row.sources - {row.target}:
        application = case_of(kind, state)
        client = seat(*row.roles)

        asked = client.get(url_of(application, row.event), follow=True)
        sent = client.post(
            url_of(application, row.event), FILLED_IN[row.event](), follow=True
        )

        assert "操作はできません" in asked.content.decode()
        assert "操作はできません" in sent.content.decode()
        assert stored(application).state == state


def test_the_page_of_a_case_offers_just_the_steps_of_the_tables():
    for kind in workflow.TABLES:
        for state in State:
            application = case_of(kind, state)
            for role in sorted(workflow.WORKERS):
                response = seat(role).get(page_of(application))
                offered = {link["step"].name for link in response.context["step_links"]}
                expected = {r.event for r in workflow.possible(kind, state, [role])}
                assert offered == expected, (kind, state, role)


# Nothing typed is lost


def test_a_return_without_a_message_is_shown_again_as_typed():
    application = case_of()

    response = seat("clerk").post(
        url_of(application, "return"), to_return(message="", field_keys=["place"])
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "申請者への説明を入力してください。" in page
    assert response.context["form"]["field_keys"].value() == ["place"]
    assert stored(application).state == State.FILED


def test_a_return_that_came_too_late_keeps_its_text():
    application = case_of(state=State.WITHDRAWN)

    response = seat("clerk").post(url_of(application, "return"), to_return())

    page = response.content.decode()
    assert response.status_code == 422
    assert TEXT in page
    assert "取下げ" in page
    assert "エラー：" in page


def test_a_refusal_needs_its_reason():
    application = case_of("permit", State.ACCEPTED)

    response = seat("approver").post(url_of(application, "reject"), {"reason": " "})

    assert response.status_code == 422
    assert "理由を入力してください。" in response.content.decode()
    assert stored(application).state == State.ACCEPTED


def test_a_condition_is_asked_for_where_it_may_be_set():
    application, client = case_of("permit", State.ACCEPTED), seat("approver")

    grant = client.get(url_of(application, "approve")).content.decode()
    refusal = client.get(url_of(application, "reject")).content.decode()

    assert "条件・理由" in grant
    assert "条件を付けるとき" in grant
    assert "条件・理由" not in refusal


def test_a_field_that_the_form_does_not_have_cannot_be_returned():
    application = case_of()

    response = seat("clerk").post(
        url_of(application, "return"), to_return(field_keys=["secret"])
    )

    assert response.status_code == 422
    assert stored(application).state == State.FILED


# Double clicks


@pytest.mark.parametrize(("kind", "row"), STAFF_STEPS)
def test_a_second_click_does_nothing_and_says_that_it_is_done(kind, row):
    application = case_of(kind, sorted(row.sources)[0])
    client = seat(*row.roles)
    filled_in = FILLED_IN[row.event]()

    client.post(url_of(application, row.event), filled_in)
    again = client.post(url_of(application, row.event), filled_in, follow=True)

    assert "すでに済んでいます" in again.content.decode()
    with scoped(OURS):
        assert Entry.objects.exclude(name="applications.viewed").count() == 2
        assert Correction.objects.count() == (row.event in {"return", "resume"})


def test_a_colleague_s_other_return_is_not_taken_for_a_second_click():
    application = case_of()
    seat("clerk").post(url_of(application, "return"), to_return())

    response = seat("examiner").post(
        url_of(application, "return"), to_return(message="住所もご確認ください。")
    )

    assert response.status_code == 422
    assert "住所もご確認ください。" in response.content.decode()


# Beside the workflow


def test_a_case_is_given_to_a_colleague_and_taken_back():
    colleague = factories.staff("examiner", organization=MUROTO)
    application, client = case_of(), seat("clerk")

    client.post(url_of(application, "assign"), {"assignee": str(colleague.pk)})
    assert stored(application).assignee == colleague

    client.post(url_of(application, "assign"), {"assignee": ""})
    assert stored(application).assignee is None


def test_a_case_is_given_to_nobody_who_does_not_work_on_cases():
    publisher = factories.staff("publisher", organization=MUROTO)
    stranger = factories.staff("clerk", organization=factories.AKI)
    application, client = case_of(), seat("clerk")

    for user in (publisher, stranger):
        response = client.post(
            url_of(application, "assign"), {"assignee": str(user.pk)}
        )
        assert response.status_code == 422
        assert str(user) not in response.content.decode()
    assert stored(application).assignee is None


def test_a_note_is_kept_once_however_often_the_button_is_pressed():
    application, client = case_of(), seat("clerk")

    for _ in range(2):
        client.post(url_of(application, "note"), {"text": "電話で確認"})

    with scoped(OURS):
        assert [note.text for note in Note.objects.all()] == ["電話で確認"]


def test_an_empty_note_is_asked_for_again():
    response = seat("clerk").post(url_of(case_of(), "note"), {"text": "  "})

    assert response.status_code == 422
    assert "メモの内容を入力してください。" in response.content.decode()


def test_an_unknown_step_is_not_there():
    assert seat("clerk").post(url_of(case_of(), "destroy")).status_code == 404
