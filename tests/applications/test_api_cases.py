"""What a body's own system may do: fetch its cases, accept, return, decide."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.actions import accept_application
from applications.models import Application, Correction, Document
from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from tests import factories
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db

CASES = "/api/v1/cases/"


@pytest.fixture
def caller():
    return factories.Caller(factories.token_for(MUROTO))


@pytest.fixture
def case():
    return factories.application(MUROTO)


def body_scope(*codes):
    return scoped(Scope(organization_ids=frozenset(codes or (MUROTO,))))


def permit():
    """An accepted application for a permit."""
    offering = factories.offering(MUROTO, of=factories.procedure(kind="permit"))
    return factories.application(
        MUROTO, offering=offering, state="accepted", accepted_at=timezone.now()
    )


def names_of(application):
    with body_scope():
        entries = Entry.objects.filter(subject_id=application.pk).order_by("id")
        return [(entry.name, entry.actor_kind) for entry in entries]


# Reading


def test_a_body_lists_its_cases_newest_first_and_without_answers(caller):
    first, second = factories.application(MUROTO), factories.application(MUROTO)
    factories.application(AKI)

    found = caller.get(CASES).json()["results"]

    assert [one["id"] for one in found] == [str(second.pk), str(first.pk)]
    assert not {"answers", "sections", "inquiry_code"} & found[0].keys()
    assert "髙知" not in caller.get(CASES).content.decode()


def test_reading_a_case_shows_the_answers_and_leaves_a_trace(caller, case):
    answer = caller.get(f"{CASES}{case.pk}/").json()

    assert answer["answers"]["name"]["family"] == "髙知"
    assert "inquiry_code" not in answer
    with body_scope():
        entry = Entry.objects.get(name="applications.viewed")
    assert (entry.actor_kind, entry.payload["via"]) == ("api_token", "api")
    assert entry.subject_id == case.pk


def test_listing_leaves_no_trace(caller, case):
    caller.get(CASES)

    assert ("applications.viewed", "api_token") not in names_of(case)


def test_anothers_case_is_not_there(caller):
    other = factories.application(AKI)
    with body_scope(AKI):
        paper = Document.objects.get(application=other)
    address = f"{CASES}{other.pk}/"
    returning = {"field_keys": ["place"], "message": "x", "due_on": "2030-01-01"}

    answers = [
        caller.get(address),
        caller.get(f"{address}documents/"),
        caller.get(f"{address}documents/{paper.pk}/pdf/"),
        caller.send(f"{address}accept/"),
        caller.send(f"{address}return/", returning),
        caller.send(f"{address}complete/"),
        caller.send(f"{address}approve/"),
        caller.send(f"{address}reject/", {"reason": "x"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    with body_scope(AKI):
        assert Application.objects.get(pk=other.pk).state == "filed"
        assert not Entry.objects.filter(name="applications.viewed").exists()


def test_the_list_is_narrowed_by_state_and_procedure(caller, case):
    dog = factories.procedure(code="dog")
    factories.application(MUROTO, offering=factories.offering(MUROTO, of=dog))

    def found(**asked):
        return len(caller.get(CASES, asked).json()["results"])

    assert found(state="filed") == 2
    assert found(state="accepted") == 0
    assert found(procedure="dog") == 1
    assert found(procedure="nothing") == 0


def test_the_list_is_narrowed_to_what_has_changed(caller):
    old, touched = factories.application(MUROTO), factories.application(MUROTO)
    caller.send(f"{CASES}{touched.pk}/accept/")
    caller.get(f"{CASES}{old.pk}/")  # looking changes nothing
    with body_scope():
        filed = Entry.objects.get(name="applications.filed", subject_id=old.pk)
        accepted = Entry.objects.get(name="applications.accepted")

    def since(moment):
        answer = caller.get(CASES, {"changed_since": moment}).json()
        return {one["id"] for one in answer["results"]}

    both = {str(old.pk), str(touched.pk)}
    assert since(filed.recorded_at.isoformat()) == both
    assert since(accepted.recorded_at.isoformat()) == {str(touched.pk)}
    assert since((accepted.recorded_at + timedelta(seconds=9)).isoformat()) == set()
    assert since("0001-01-01T00:00:00Z") == since("1950-01-01T00:00:00Z") == both
    assert since("9999-12-31T00:00:00Z") == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("changed_since", "yesterday"),
        ("changed_since", "99999-01-01T00:00:00Z"),
        ("changed_since", "9999-12-31T23:59:59-12:00"),
        ("changed_since", "0001-01-01T00:00:00+14:00"),
        ("state", "never"),
        ("procedure", "犬"),
        ("organization", "392031"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(caller, name, value):
    response = caller.get(CASES, {name: value})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"#/{name}"


def test_a_long_list_asks_the_database_no_more_than_a_short_one(caller):
    offering = factories.offering(MUROTO)
    counts = []
    for _ in range(2):
        factories.application(MUROTO, offering=offering)
        factories.application(MUROTO, offering=offering)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            caller.get(CASES)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_papers_are_fetched_and_that_leaves_a_trace(caller, case, settings, tmp_path):
    papers = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": papers}
    made = factories.made_paper(case)

    [paper] = caller.get(f"{CASES}{case.pk}/documents/").json()
    response = caller.get(paper["pdf"])

    assert paper["pdf"].startswith(f"http://testserver{CASES}")
    assert b"".join(response.streaming_content) == factories.PDF
    assert names_of(case)[-1] == ("applications.viewed", "api_token")
    with body_scope():
        made.refresh_from_db()
    assert made.first_downloaded_at is None


# Handling


def test_a_case_is_accepted_once(caller, case):
    address = f"{CASES}{case.pk}/accept/"
    response = caller.send(address)

    assert (response.status_code, response.json()["state"]) == (200, "accepted")
    assert names_of(case)[-1] == ("applications.accepted", "api_token")
    again = caller.send(address)
    assert again.status_code == 409
    assert again.json()["type"].endswith(":transition_not_allowed")
    assert "「審査中」" in again.json()["detail"]


def test_a_case_is_returned_for_some_of_its_answers(caller, case):
    day = timezone.localdate() + timedelta(days=14)
    body = {"field_keys": ["place"], "message": "番地を", "due_on": day.isoformat()}
    response = caller.send(f"{CASES}{case.pk}/return/", body)

    assert (response.status_code, response.json()["state"]) == (200, "returned")
    with body_scope():
        correction = Correction.objects.get()
    assert correction.field_keys == ["place"]
    assert correction.due_on == day
    assert correction.sent_by_id is None


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"field_keys": []}, "#/field_keys"),
        ({"field_keys": ["shoe_size"]}, "#/field_keys"),
        ({"field_keys": "place"}, "#/field_keys"),
        ({"message": " "}, "#/message"),
        ({"message": "あ" * 2001}, "#/message"),
        ({"due_on": "2020-01-01"}, "#/due_on"),
        ({"due_on": "9999-12-31"}, "#/due_on"),
        ({"due_on": "いつか"}, "#/due_on"),
        ({"extra": 1}, "#/extra"),
    ],
)
def test_a_return_that_makes_no_sense_is_refused(caller, case, changed, pointer):
    day = timezone.localdate() + timedelta(days=14)
    body = {"field_keys": ["place"], "message": "x", "due_on": day.isoformat()}
    response = caller.send(f"{CASES}{case.pk}/return/", {**body, **changed})

    assert response.status_code == 422
    assert {one["pointer"] for one in response.json()["errors"]} == {pointer}


@pytest.mark.parametrize(
    ("field_keys", "pointer", "sentence"),
    [
        ("place", "", "リスト（[ ] で囲んだもの）にしてください。"),
        ([], "", "1つ以上入れてください。"),
        (["place"] * 201, "", "200個までにしてください。"),
        (["place", True], "/1", "文字列にしてください。"),
        ([{}], "/0", "文字列にしてください。"),
        (["shoe_size"], "", "この申請でたずねていない項目です：shoe_size"),
        (["place", 7], "", "この申請でたずねていない項目です：7"),
    ],
)
def test_what_is_wrong_with_the_list_of_answers_is_said_in_japanese(
    caller, case, field_keys, pointer, sentence
):
    day = timezone.localdate() + timedelta(days=14)
    body = {"field_keys": field_keys, "message": "x", "due_on": day.isoformat()}
    response = caller.send(f"{CASES}{case.pk}/return/", body)

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"pointer": f"#/field_keys{pointer}", "detail": sentence}
    ]


def test_a_notification_is_completed(caller, case):
    caller.send(f"{CASES}{case.pk}/accept/")
    response = caller.send(f"{CASES}{case.pk}/complete/")

    assert (response.status_code, response.json()["state"]) == (200, "completed")
    with body_scope():
        assert Document.objects.filter(kind="notice").count() == 1


@pytest.mark.parametrize("step", ["approve", "reject"])
def test_a_notification_is_neither_approved_nor_refused(caller, case, step):
    caller.send(f"{CASES}{case.pk}/accept/")

    assert caller.send(f"{CASES}{case.pk}/{step}/", {"reason": "x"}).status_code == 409


def test_a_permit_is_granted(caller):
    application = permit()
    response = caller.send(f"{CASES}{application.pk}/approve/", {"reason": "可"})

    assert response.json()["state"] == "approved"
    assert names_of(application)[-1] == ("applications.decided", "api_token")


def test_a_permit_is_refused_only_with_the_reason(caller):
    address = f"{CASES}{permit().pk}/reject/"

    assert caller.send(address).status_code == 422
    assert caller.send(address, {"reason": "  "}).status_code == 422
    assert caller.send(address, {"reason": "要件を欠く"}).json()["state"] == "rejected"


def test_a_token_without_the_role_cannot_take_the_step():
    clerk = factories.Caller(factories.token_for(MUROTO, roles=("clerk",)))
    response = clerk.send(f"{CASES}{permit().pk}/approve/")

    assert response.status_code == 409
    assert response.json()["type"].endswith(":role_missing")


def test_a_token_that_may_only_read_takes_no_step(case):
    reader = factories.Caller(factories.token_for(MUROTO, "cases:read"))

    assert reader.get(f"{CASES}{case.pk}/").status_code == 200
    assert reader.send(f"{CASES}{case.pk}/accept/").status_code == 403


def test_a_token_that_may_only_write_sees_no_answers(case):
    writer = factories.Caller(factories.token_for(MUROTO, "cases:write"))

    assert writer.get(f"{CASES}{case.pk}/").status_code == 403
    response = writer.send(f"{CASES}{case.pk}/accept/")
    assert response.status_code == 200
    assert "answers" not in response.json()


def test_the_token_of_a_person_has_no_cases(case):
    resident = factories.Caller(factories.token_of(factories.resident()))

    assert resident.get(CASES).status_code == 403
    assert resident.send(f"{CASES}{case.pk}/accept/").status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_a_case_is_changed_by_steps_only(caller, case, method):
    response = getattr(caller, method)(f"{CASES}{case.pk}/")

    assert response.status_code == 405


def test_a_case_that_never_was_is_not_there(caller):
    assert caller.get(f"{CASES}{new_id()}/").status_code == 404
    assert caller.get(f"{CASES}1/").status_code == 404


def test_staff_and_program_share_one_case(caller, case):
    clerk = factories.staff("clerk", organization=MUROTO)
    with body_scope():
        accept_application(case, by=clerk)

    assert caller.send(f"{CASES}{case.pk}/accept/").status_code == 409
    assert caller.send(f"{CASES}{case.pk}/complete/").status_code == 200
