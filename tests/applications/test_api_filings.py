"""What a person's own program may do: file once, follow, correct, withdraw."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from applications.actions import accept_application, return_application
from applications.models import Application, Draft, Submission
from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from organizations.queries import scope_for
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, KOCHI, MUROTO

pytestmark = pytest.mark.django_db

MINE = "/api/v1/applications/"


@pytest.fixture
def user():
    return factories.resident()


@pytest.fixture
def caller(user):
    return factories.Caller(factories.token_of(user))


@pytest.fixture
def offering():
    made = factories.offering(MUROTO)
    factories.form(made.procedure)
    return made


def filing(offering, **changed):
    return {
        "offering": str(offering.pk),
        "answers": factories.filed_answers(**changed),
    }


def everything():
    return scoped(Scope(organization_ids=frozenset({MUROTO, AKI, KOCHI})))


def errors_of(response):
    assert response.status_code == 422, response.content
    assert response["Content-Type"] == "application/problem+json"
    return {one["pointer"]: one["detail"] for one in response.json()["errors"]}


# Filing


def test_a_program_files_for_its_person(caller, user, offering):
    response = caller.send(MINE, filing(offering))

    answer = response.json()
    assert response.status_code == 201
    assert response["Location"] == answer["url"]
    assert answer["state_label"] == "受付待ち"
    assert answer["number"].startswith("392022-")
    assert len(answer["inquiry_code"]) == 16
    assert answer["answers"]["name"] == {"family": "髙知", "given": "太郎"}
    assert [one["kind"] for one in answer["documents"]] == ["receipt"]
    with everything():
        application = Application.objects.get()
        assert application.person_id == user.person_id
        assert not Draft.objects.exists()


def test_the_journal_says_that_a_program_filed_it(caller, offering):
    caller.send(MINE, filing(offering))

    with everything():
        entry = Entry.objects.get(name="applications.filed")
    assert entry.actor_kind == "api_token"


def test_the_same_filing_again_finds_what_was_filed(caller, offering):
    key = new_id()
    first = caller.send(MINE, filing(offering), key=key)
    again = caller.send(MINE, filing(offering), key=key)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    with everything():
        assert Application.objects.count() == 1
        assert Entry.objects.filter(name="applications.filed").count() == 1


def test_the_same_filing_is_found_after_the_offering_has_closed(caller, offering):
    key = new_id()
    first = caller.send(MINE, filing(offering), key=key)
    with everything():
        offering.closes_at = timezone.now() - timedelta(seconds=1)
        offering.save()

    again = caller.send(MINE, filing(offering), key=key)

    assert again.json()["number"] == first.json()["number"]
    assert caller.send(MINE, filing(offering)).status_code == 409


def test_the_same_filing_is_found_after_the_offering_was_withdrawn(caller, offering):
    key = new_id()
    first = caller.send(MINE, filing(offering), key=key)
    with everything():
        offering.withdrawn_at = timezone.now()
        offering.save()

    again = caller.send(MINE, filing(offering), key=key)

    assert again.status_code == 200
    assert again.json()["number"] == first.json()["number"]
    refused = caller.send(MINE, filing(offering))
    assert errors_of(refused) == {"#/offering": "この id の受付はありません。"}


def test_another_key_is_another_filing(caller, offering):
    first = caller.send(MINE, filing(offering)).json()
    second = caller.send(MINE, filing(offering)).json()

    assert first["number"] != second["number"]


def test_something_else_under_the_same_key_is_refused(caller, offering):
    key = new_id()
    caller.send(MINE, filing(offering), key=key)

    response = caller.send(MINE, filing(offering, place="安芸市"), key=key)

    assert response.status_code == 409
    assert response.json()["type"].endswith(":key_reused")


@pytest.mark.parametrize("body", [MUROTO, AKI])
def test_a_key_is_not_for_another_offering_of_whichever_body(caller, offering, body):
    key, dogs = new_id(), factories.procedure(code="dog")
    other = factories.offering(body, of=dogs)
    factories.form(dogs)
    caller.send(MINE, filing(offering), key=key)

    response = caller.send(MINE, filing(other), key=key)

    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"].endswith(":key_reused")
    assert "別の内容がすでに提出されています" in response.json()["detail"]
    with everything():
        assert Application.objects.count() == Submission.objects.count() == 1


def test_the_key_of_one_person_is_nothing_to_another(caller, offering):
    key = new_id()
    other = factories.Caller(factories.token_of(factories.resident()))
    first = caller.send(MINE, filing(offering), key=key)
    second = other.send(MINE, filing(offering), key=key)

    assert second.status_code == 201
    assert first.json()["number"] != second.json()["number"]


def test_a_refused_filing_leaves_its_key_unused(caller, offering):
    key = new_id()
    refused = caller.send(MINE, filing(offering, kind="never"), key=key)
    mended = caller.send(MINE, filing(offering), key=key)

    assert (refused.status_code, mended.status_code) == (422, 201)


@pytest.mark.parametrize("key", ["", "not-a-uuid", "あ", "1" * 5000])
def test_without_a_key_nothing_is_filed(caller, offering, key):
    response = caller.post(
        MINE,
        filing(offering),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )

    assert list(errors_of(response)) == ["#/Idempotency-Key"]


@pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
def test_the_same_filing_sent_at_once_is_filed_once(user, offering):
    issued, key = factories.token_of(user), new_id()
    at_once, answers = Barrier(4), []

    def send():
        caller = factories.Caller(issued)
        at_once.wait()
        answers.append(caller.send(MINE, filing(offering), key=key))
        connection.close()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["number"] for answer in answers}) == 1
    with everything():
        assert Application.objects.count() == Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
def test_one_key_sent_to_two_bodies_at_once_files_once(user, offering):
    issued, key = factories.token_of(user), new_id()
    offerings = [offering, factories.offering(AKI, of=offering.procedure)]
    at_once, answers = Barrier(2), []

    def send(chosen):
        caller = factories.Caller(issued)
        at_once.wait()
        answers.append(caller.send(MINE, filing(chosen), key=key))
        connection.close()

    threads = [Thread(target=send, args=[chosen]) for chosen in offerings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    with everything():
        assert Application.objects.count() == Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
def test_refused_filings_sent_at_once_leave_nothing_behind(user, offering):
    issued, key = factories.token_of(user), new_id()
    at_once, answers = Barrier(3), []

    def send():
        caller = factories.Caller(issued)
        at_once.wait()
        answers.append(caller.send(MINE, filing(offering, kind="never"), key=key))
        connection.close()

    threads = [Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    with everything():
        assert not Submission.objects.exists()
        assert not Draft.objects.exists()


# What may be filed


def test_every_answer_that_cannot_be_used_is_named_at_once(caller, offering):
    body = filing(offering, name={"family": "髙知"}, kind="never", email="x")
    response = caller.send(MINE, body)

    errors = errors_of(response)
    assert set(errors) == {"#/answers/name", "#/answers/kind", "#/answers/email"}
    assert "届出の種類" in errors["#/answers/kind"]
    with everything():
        assert not Draft.objects.exists()


def test_missing_answers_are_named(caller, offering):
    response = caller.send(MINE, {"offering": str(offering.pk), "answers": {}})

    assert set(errors_of(response)) == {
        "#/answers/name",
        "#/answers/kind",
        "#/answers/place",
    }


def test_an_answer_to_no_question_is_refused(caller, offering):
    response = caller.send(MINE, filing(offering, shoe_size="27"))

    assert errors_of(response) == {
        "#/answers/shoe_size": "この様式に、この項目はありません。"
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("not_my_number", "on"),
        ("not_my_number", 1),
        ("offering", 5),
        ("offering", True),
        ("offering", ["x"]),
        ("offering", None),
    ],
)
def test_a_value_of_another_type_is_refused(caller, offering, name, value):
    response = caller.send(MINE, {**filing(offering), name: value})

    assert list(errors_of(response)) == [f"#/{name}"]


def test_a_name_that_nothing_has_is_refused(caller, offering):
    response = caller.send(MINE, {**filing(offering), "urgent": True})

    assert list(errors_of(response)) == ["#/urgent"]


@pytest.mark.parametrize("answers", [None, [], "text", 1, True])
def test_answers_must_be_an_object(caller, offering, answers):
    body = {"offering": str(offering.pk), "answers": answers}

    assert list(errors_of(caller.send(MINE, body))) == ["#/answers"]


@pytest.mark.parametrize("value", [[], {}, [[]], 1e308, -1, True, "x" * 300, {"a": 1}])
@pytest.mark.parametrize("key", ["name", "email", "kind", "place"])
def test_any_json_is_an_answer_to_be_judged(caller, offering, key, value):
    response = caller.send(MINE, filing(offering, **{key: value}))

    assert response.status_code in {201, 422}


def test_what_may_be_a_my_number_is_asked_about_and_not_kept(caller, offering):
    key = new_id()
    doubtful = filing(offering, place="123456789018")
    response = caller.send(MINE, doubtful, key=key)

    assert "not_my_number を true" in errors_of(response)["#/answers/place"]
    with everything():
        assert not Draft.objects.exists()
        assert not Submission.objects.exists()

    answered = caller.send(MINE, {**doubtful, "not_my_number": True}, key=key)
    assert answered.status_code == 201


def test_a_name_is_kept_byte_for_byte(caller, offering):
    name = {"family": "\ufa11\U000e0101", "given": "𠮷"}
    answer = caller.send(MINE, filing(offering, name=name)).json()

    assert answer["answers"]["name"] == name


@pytest.mark.parametrize("which", ["nothing", "hidden"])
def test_an_offering_that_is_not_there_is_named(caller, offering, which):
    if which == "hidden":
        with everything():
            offering.published_at = None
            offering.save()
    body = filing(offering) if which == "hidden" else filing(Application(id=new_id()))

    assert errors_of(caller.send(MINE, body)) == {
        "#/offering": "この id の受付はありません。"
    }


def test_a_procedure_that_asks_for_a_card_cannot_be_filed_by_a_token(caller):
    offering = factories.offering(MUROTO, of=factories.procedure(required_level=2))
    factories.form(offering.procedure)

    response = caller.send(MINE, filing(offering))

    assert response.status_code == 409
    assert response.json()["type"].endswith(":identity_too_weak")


def test_a_procedure_that_asks_for_an_address_can(caller):
    offering = factories.offering(MUROTO, of=factories.procedure(required_level=1))
    factories.form(offering.procedure)

    assert caller.send(MINE, filing(offering)).status_code == 201


# Following


def test_a_person_lists_their_own_over_all_bodies_newest_first(caller, user):
    first = factories.application(MUROTO, person=user.person)
    second = factories.application(AKI, person=user.person)
    factories.application(MUROTO, person=factories.person())
    factories.application(MUROTO)

    found = caller.get(MINE).json()["results"]

    assert [one["id"] for one in found] == [str(second.pk), str(first.pk)]
    assert "answers" not in found[0]


def test_the_list_is_narrowed_by_state(caller, user):
    factories.application(MUROTO, person=user.person)

    assert len(caller.get(MINE, {"state": "filed"}).json()["results"]) == 1
    assert caller.get(MINE, {"state": "accepted"}).json()["results"] == []
    assert caller.get(MINE, {"state": "never"}).status_code == 422


@pytest.mark.parametrize("owner", ["another", "nobody"])
def test_anothers_application_is_not_there(caller, owner):
    person = factories.person() if owner == "another" else None
    application = factories.application(MUROTO, person=person)
    address = f"{MINE}{application.pk}/"

    answers = [
        caller.get(address),
        caller.get(f"{address}documents/"),
        caller.get(f"{address}documents/{new_id()}/pdf/"),
        caller.send(f"{address}withdraw/", {"reason": "x"}),
        caller.send(f"{address}correct/", {"answers": {}}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert caller.get(MINE).json()["results"] == []


def test_a_person_follows_their_application(caller, user):
    application = factories.application(MUROTO, person=user.person)
    answer = caller.get(f"{MINE}{application.pk}/").json()

    assert answer["timeline"][0]["title"] == "届きました（到達）"
    assert answer["sections"][0]["rows"][0]["lines"] == ["髙知　太郎"]
    assert answer["correction"] is None
    assert answer["office"]["name"] == "住民課"


def test_the_own_view_is_not_journaled(caller, user):
    application = factories.application(MUROTO, person=user.person)
    caller.get(f"{MINE}{application.pk}/")

    with everything():
        assert not Entry.objects.filter(name="applications.viewed").exists()


# Correcting and withdrawing


@pytest.fixture
def returned(user):
    """An application of which 使用する場所 is to be corrected."""
    application = factories.application(MUROTO, person=user.person)
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(scope_for(clerk)):
        accept_application(application, by=clerk)
        return_application(
            application,
            field_keys=["place"],
            message="番地を書いてください。",
            due_on=timezone.localdate() + timedelta(days=10),
            by=clerk,
        )
    return application


def test_a_program_sends_what_was_asked_to_be_corrected(caller, returned):
    address = f"{MINE}{returned.pk}/"
    asked = caller.get(address).json()["correction"]
    response = caller.send(f"{address}correct/", {"answers": {"place": "室戸市9番地"}})

    assert asked["field_keys"] == ["place"]
    assert response.status_code == 200
    answer = response.json()
    assert (answer["version"], answer["state"]) == (2, "filed")
    assert answer["answers"]["place"] == "室戸市9番地"
    assert answer["answers"]["kind"] == "start"
    assert answer["correction"] is None


def test_only_what_was_asked_for_is_corrected(caller, returned):
    body = {"answers": {"place": "室戸市9番地", "kind": "stop"}}
    response = caller.send(f"{MINE}{returned.pk}/correct/", body)

    assert errors_of(response) == {
        "#/answers/kind": "この項目は、補正の対象ではありません。"
    }
    assert caller.get(f"{MINE}{returned.pk}/").json()["version"] == 1


def test_a_correction_is_sent_once(caller, returned):
    address = f"{MINE}{returned.pk}/correct/"
    body = {"answers": {"place": "室戸市9番地"}}
    caller.send(address, body)

    assert caller.send(address, body).status_code == 409


def test_a_correction_that_cannot_be_used_is_refused(caller, returned):
    response = caller.send(f"{MINE}{returned.pk}/correct/", {"answers": {"place": ""}})

    assert list(errors_of(response)) == ["#/answers/place"]


def test_a_my_number_is_asked_about_in_a_correction_too(caller, returned):
    body = {"answers": {"place": "123456789018"}}
    address = f"{MINE}{returned.pk}/correct/"

    assert list(errors_of(caller.send(address, body))) == ["#/answers/place"]
    assert caller.send(address, {**body, "not_my_number": True}).status_code == 200


def test_what_no_correction_was_asked_for_stays(caller, user):
    application = factories.application(MUROTO, person=user.person)
    response = caller.send(
        f"{MINE}{application.pk}/correct/", {"answers": {"place": "x"}}
    )

    assert response.status_code == 409


def test_a_program_withdraws_with_a_reason(caller, user):
    application = factories.application(MUROTO, person=user.person)
    address = f"{MINE}{application.pk}/withdraw/"

    assert list(errors_of(caller.send(address, {"reason": " "}))) == ["#/reason"]
    response = caller.send(address, {"reason": "引っ越しをやめたため"})
    assert (response.status_code, response.json()["state"]) == (200, "withdrawn")
    assert caller.send(address, {"reason": "もう一度"}).status_code == 409


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_filed_is_overwritten_or_deleted(caller, user, method):
    application = factories.application(MUROTO, person=user.person)

    response = getattr(caller, method)(f"{MINE}{application.pk}/")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"


# Papers


def test_a_paper_without_its_pdf_is_waited_for(caller, user):
    application = factories.application(MUROTO, person=user.person)
    [paper] = caller.get(f"{MINE}{application.pk}/documents/").json()

    assert (paper["sha256"], paper["pdf"]) == (None, None)
    response = caller.get(f"{MINE}{application.pk}/documents/{paper['id']}/pdf/")
    assert response.status_code == 409
    assert response.json()["type"].endswith(":pdf_not_made")


def test_a_token_that_may_only_read_files_nothing(user, offering):
    reader = factories.Caller(factories.token_of(user, "applications:read"))

    assert reader.send(MINE, filing(offering)).status_code == 403
    assert reader.get(MINE).status_code == 200


def test_a_token_that_may_only_write_reads_nothing(user, offering):
    writer = factories.Caller(factories.token_of(user, "applications:write"))

    assert writer.get(MINE).status_code == 403
    assert writer.send(MINE, filing(offering)).status_code == 201


def test_the_token_of_a_body_has_no_applications_of_its_own(offering):
    body = factories.Caller(factories.token_for(MUROTO))

    assert body.get(MINE).status_code == 403
    assert body.send(MINE, filing(offering)).status_code == 403


def test_a_paper_is_fetched_with_its_digest(caller, user, settings, tmp_path):
    settings.STORAGES = at(settings, tmp_path)
    application = factories.application(MUROTO, person=user.person)
    made = factories.made_paper(application)

    [paper] = caller.get(f"{MINE}{application.pk}/documents/").json()
    response = caller.get(paper["pdf"], headers={"Accept": "application/pdf"})

    assert paper["sha256"] == made.sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert b"".join(response.streaming_content) == factories.PDF
    with everything():
        made.refresh_from_db()
        assert made.first_downloaded_at is not None
        assert Entry.objects.filter(name="applications.document_downloaded").exists()


def test_a_paper_whose_disk_is_away_is_not_lost(caller, user, settings, tmp_path):
    settings.STORAGES = at(settings, tmp_path)
    application = factories.application(MUROTO, person=user.person)
    made = factories.made_paper(application)
    made.file.storage.delete(made.file.name)

    response = caller.get(f"{MINE}{application.pk}/documents/{made.pk}/pdf/")

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    with everything():
        made.refresh_from_db()
        assert made.first_downloaded_at is None


def test_a_paper_is_found_only_below_its_own_application(caller, user):
    one, other = (factories.application(MUROTO, person=user.person) for _ in "ab")
    paper = caller.get(f"{MINE}{one.pk}/documents/").json()[0]

    response = caller.get(f"{MINE}{other.pk}/documents/{paper['id']}/pdf/")

    assert response.status_code == 404


def at(settings, folder):
    """Return the storages with papers in `folder`."""
    papers = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
    return {**settings.STORAGES, "default": papers}
