"""New revisions of forms are published at the desk, and what is wrong is told."""

import copy
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import FormRevision
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db

PAGE = "admin:applications_formrevision_opening"


@pytest.fixture
def procedure():
    return factories.procedure(MUROTO)


@pytest.fixture
def desk(client):
    client.force_login(factories.staff("publisher", organization=MUROTO))
    return client


def publish(desk, procedure, document, **more):
    text = document if isinstance(document, str) else json.dumps(document)
    return desk.post(
        reverse(PAGE, args=["publish"]),
        {"procedure": str(procedure.pk), "document": text, "note": "", **more},
    )


def revisions():
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        return list(FormRevision.objects.order_by("number"))


def test_a_document_becomes_the_newest_revision(desk, procedure):
    factories.form(procedure)
    changed = {**factories.WATER, "purpose": "連絡のためだけに使います。"}

    response = publish(desk, procedure, changed, note="文言を直した")

    assert response.status_code == 303
    assert [(r.number, r.note) for r in revisions()] == [(1, ""), (2, "文言を直した")]
    assert revisions()[1].document == changed


def test_an_uploaded_file_does_as_well(desk, procedure):
    content = b"\xef\xbb\xbf" + json.dumps(factories.WATER).encode()
    file = SimpleUploadedFile("form.json", content, "application/json")

    assert publish(desk, procedure, "", file=file).status_code == 303
    assert len(revisions()) == 1


def test_every_problem_of_a_document_is_told_and_the_text_is_kept(desk, procedure):
    broken = copy.deepcopy(factories.WATER)
    broken["pages"][0]["fields"][0]["type"] = "なぞの型"
    del broken["pages"][1]["title"]

    response = publish(desk, procedure, json.dumps(broken, ensure_ascii=False))

    assert response.status_code == 422
    assert len(response.context["form"].non_field_errors()) >= 2
    assert "なぞの型" in response.context["form"]["document"].value()
    assert revisions() == []


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"x"', "null", "3", '{"a": NaN}', '{"a": "\\u0000"}',
     '{"a": "\\ud800"}', "[" * 100_000, '{"title": {}}', '{"pages": [1, null]}'],
)  # fmt: skip
def test_what_is_no_document_is_refused_in_words(desk, procedure, text):
    response = publish(desk, procedure, text)

    assert response.status_code == 422
    assert "エラー：" in response.content.decode()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 600_000])
def test_a_file_that_is_no_text_is_refused_in_words(desk, procedure, content):
    file = SimpleUploadedFile("form.json", content, "application/json")

    assert publish(desk, procedure, "", file=file).status_code == 422


def test_only_one_s_own_procedures_get_a_new_form(desk):
    theirs = factories.procedure(AKI)

    assert publish(desk, theirs, factories.WATER).status_code == 422


@pytest.mark.parametrize("role", ["examiner", "administrator"])
def test_who_does_not_publish_looks_at_revisions_only(client, procedure, role):
    client.force_login(factories.staff(role, organization=MUROTO))
    revision = factories.form(procedure)

    shown = client.get(
        reverse("admin:applications_formrevision_change", args=[revision.pk])
    )

    assert revision.sha256 in shown.content.decode()
    assert client.get(reverse(PAGE, args=["publish"])).status_code == 403
    assert publish(client, procedure, factories.WATER).status_code == 403
