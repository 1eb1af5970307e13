"""The list as a file: only one's own, told of case by case, and no formula in it."""

import csv
import io

import pytest
from django.urls import reverse

from applications.admin import export
from applications.workflow import State
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

EXPORT = "admin:applications_application_export"
OURS = Scope(organization_ids=frozenset({MUROTO}))


@pytest.fixture
def clerk(client):
    user = factories.staff("clerk", organization=MUROTO)
    client.force_login(user)
    return user


@pytest.fixture
def offering():
    return factories.offering(MUROTO)


def exported(client, query=""):
    response = client.post(f"{reverse(EXPORT)}{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_the_list_as_filtered(client, clerk, offering):
    accepted = factories.application(MUROTO, offering=offering, state=State.ACCEPTED)
    factories.application(MUROTO, offering=offering)
    factories.application(AKI)

    [row] = exported(client, "?state=accepted")

    assert row["到達番号"] == accepted.number
    assert row["申請者"] == "髙知　太郎"
    assert row["状態"] == "審査中"
    assert "使用する場所" not in row


def test_with_one_procedure_the_file_holds_the_answers(client, clerk, offering):
    factories.application(MUROTO, offering=offering)
    factories.application(MUROTO)

    [row] = exported(client, f"?procedure={offering.procedure.code}")

    assert row["使用する場所"] == "室戸市浮津1番地"
    assert row["届出の種類"] == "開始"


def test_answers_to_older_revisions_keep_their_columns(client, clerk, offering):
    factories.application(MUROTO, offering=offering)
    newer = {
        **factories.WATER,
        "pages": [
            factories.WATER["pages"][0],
            {
                "slug": "more",
                "title": "追加",
                "fields": [
                    {
                        "key": "reason",
                        "type": "text",
                        "label": "届出の理由",
                        "pii": "none",
                        "required": True,
                    }
                ],
            },
        ],
        "examples": {
            "today": "2026-11-23",
            "valid": [{"name": {"family": "高知", "given": "花子"}, "reason": "転居"}],
            "invalid": [{"answers": {}, "errors": ["name", "reason"]}],
        },
    }
    factories.form(offering.procedure, newer)
    raw = {**factories.filed_answers(), "reason": "転居のため"}
    factories.application(MUROTO, offering=offering, raw=raw)

    rows = exported(client, f"?procedure={offering.procedure.code}")

    assert {(row["使用する場所"], row["届出の理由"]) for row in rows} == {
        ("室戸市浮津1番地", ""),
        ("", "転居のため"),
    }


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝"])
def test_no_cell_is_run_as_a_formula(client, clerk, offering, begins):
    raw = factories.filed_answers(place=f"{begins}HYPERLINK(1)")
    factories.application(MUROTO, offering=offering, raw=raw)

    [row] = exported(client, f"?procedure={offering.procedure.code}")

    assert row["使用する場所"].startswith("'")


def test_every_case_in_the_file_is_told_of_in_the_journal(
    client, clerk, offering, monkeypatch
):
    monkeypatch.setattr(export, "BATCH", 2)
    cases = [factories.application(MUROTO, offering=offering) for _ in range(3)]

    assert len(exported(client)) == 3

    with scoped(OURS):
        seen = Entry.objects.filter(name="applications.viewed")
        assert {entry.subject_id for entry in seen} == {case.pk for case in cases}
        assert {entry.payload["via"] for entry in seen} == {"export"}
        assert {entry.actor_id for entry in seen} == {str(clerk.pk)}
        assert {entry.request_id for entry in seen} != {""}
        assert Entry.objects.filter(name="applications.exported").count() == 1


def test_what_is_delicate_stays_in_the_house(client, clerk, offering):
    document = {
        **factories.WATER,
        "pages": [
            *factories.WATER["pages"],
            {
                "slug": "health",
                "title": "配慮",
                "fields": [
                    {
                        "key": "health",
                        "type": "text",
                        "label": "配慮",
                        "pii": "sensitive",
                        "required": False,
                    }
                ],
            },
        ],
    }
    factories.form(offering.procedure, document)
    raw = factories.filed_answers(health="卵アレルギー")
    factories.application(MUROTO, offering=offering, raw=raw)

    [row] = exported(client, f"?procedure={offering.procedure.code}")

    assert "配慮" not in row
    assert "卵アレルギー" not in "".join(row.values())


def test_an_empty_list_is_a_file_with_its_header(client, clerk):
    response = client.post(reverse(EXPORT))

    text = b"".join(response.streaming_content).decode()
    assert text.splitlines()[0].startswith("\ufeff到達番号,")
    assert len(text.splitlines()) == 1


def test_the_file_is_asked_for_by_a_click_not_by_a_link(client, clerk):
    assert client.get(reverse(EXPORT)).status_code == 405


@pytest.mark.parametrize(
    ("role", "body"),
    [("support", PREFECTURE), ("publisher", MUROTO), ("administrator", MUROTO)],
)
def test_who_does_not_work_on_cases_takes_no_file_along(client, role, body):
    client.force_login(factories.staff(role, organization=body))
    factories.application(MUROTO)

    assert client.post(f"{reverse(EXPORT)}?body={MUROTO}").status_code == 403


def test_no_filter_brings_another_body_into_the_file(client, clerk):
    factories.application(AKI)

    assert exported(client, f"?body={AKI}&state=all") == []


def test_no_shared_cache_keeps_the_file(client, clerk):
    assert "no-store" in client.post(reverse(EXPORT))["Cache-Control"]
