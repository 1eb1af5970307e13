"""One case on the desk: what is shown of it, to whom, and that it is written down."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.identity import NOBODY
from applications.actions import (
    accept_application,
    correct_application,
    return_application,
    start_correction,
    write_note,
)
from applications.models import Application, Document, Draft
from applications.queries import inquiry_code_of
from foundation.tenancy.scope import Scope, opened_by, scoped
from journal.models import Entry
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))


@pytest.fixture
def clerk(client):
    user = factories.staff("clerk", "examiner", organization=MUROTO)
    client.force_login(user)
    return user


def page_of(application):
    return reverse("admin:applications_application_change", args=[application.pk])


def shown(client, application, **parameters):
    response = client.get(page_of(application), parameters)
    assert response.status_code == 200
    return response.content.decode()


def entries(name, application):
    with scoped(OURS):
        return list(Entry.objects.filter(name=name, subject_id=application.pk))


def corrected(application, by, **changed):
    """Return the case after it was returned and corrected with `changed` answers."""
    with scoped(OURS):
        return_application(
            application,
            field_keys=list(changed),
            message="ご確認ください。",
            due_on=timezone.localdate() + timedelta(days=14),
            by=by,
        )
    with scoped(Scope()), opened_by(inquiry_code_of(application)):
        draft = start_correction(application)
        Draft.objects.filter(pk=draft.pk).update(raw={**draft.raw, **changed})
        draft.refresh_from_db()
        correct_application(draft, by=None, identity=NOBODY)
    with scoped(OURS):
        return Application.objects.get(pk=application.pk)


def test_the_case_shows_number_answers_and_office(client, clerk):
    office = factories.department(MUROTO, name="上下水道局")
    application = factories.application(
        MUROTO, offering=factories.offering(MUROTO, department=office)
    )

    page = shown(client, application)

    for text in (application.number, "髙知　太郎", "室戸市浮津1番地", "上下水道局"):
        assert text in page


def test_a_look_at_the_case_is_written_down(client, clerk):
    application = factories.application(MUROTO)

    shown(client, application)

    [entry] = entries("applications.viewed", application)
    assert entry.payload["via"] == "admin"
    assert entry.actor_id == str(clerk.pk)


def test_a_look_that_was_refused_is_not_written_down(client, clerk):
    application = factories.application(AKI)

    assert client.get(page_of(application)).status_code == 404

    with scoped(Scope(organization_ids=frozenset({AKI}))):
        assert not Entry.objects.filter(name="applications.viewed").exists()


def test_the_case_tells_who_has_looked(client, clerk):
    application = factories.application(MUROTO)
    shown(client, application)

    page = shown(client, application)

    assert "閲覧の記録（2件）" in page
    assert clerk.display_name in page


def test_the_applicant_s_address_is_not_in_the_history(client, clerk):
    user = factories.resident("hanako-secret@example.jp")
    factories.application(MUROTO, person=user.person)
    with scoped(OURS):
        application = Application.objects.get()

    response = client.get(page_of(application))

    told = response.context["history"]["steps"]
    assert [entry.actor for entry in told] == ["申請者"]
    assert "hanako-secret" not in response.content.decode()


SENSITIVE = {
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
                    "label": "配慮してほしいこと",
                    "pii": "sensitive",
                    "required": False,
                }
            ],
        },
    ],
}


@pytest.fixture
def delicate():
    offering = factories.offering(MUROTO)
    factories.form(offering.procedure, SENSITIVE)
    return factories.application(
        MUROTO, offering=offering, raw=factories.filed_answers(health="卵アレルギー")
    )


def test_a_sensitive_answer_is_shown_only_when_asked_for(client, clerk, delicate):
    assert "卵アレルギー" not in shown(client, delicate)
    assert "卵アレルギー" in shown(client, delicate, show="sensitive")

    told = [entry.payload["via"] for entry in entries("applications.viewed", delicate)]
    assert told == ["admin", "admin:sensitive"]


def test_what_a_correction_changed_stands_side_by_side(client, clerk):
    application = corrected(
        factories.application(MUROTO), clerk, place="室戸市室津2番地"
    )

    page = shown(client, application)

    assert "<del>室戸市浮津1番地</del>" in page
    assert "<ins>室戸市室津2番地</ins>" in page
    assert "申請の内容（第2版）" in page
    assert "<del>開始" not in page


def test_a_note_is_shown_to_colleagues_with_its_author(client, clerk):
    application = factories.application(MUROTO)
    with scoped(OURS):
        write_note(application, text="電話で\n確認済み", by=clerk)

    page = shown(client, application)

    assert "電話で<br>確認済み" in page


def test_what_an_applicant_typed_is_text_not_markup(client, clerk):
    application = factories.application(
        MUROTO, raw=factories.filed_answers(place="<script>alert(1)</script>")
    )

    assert "<script>alert(1)" not in shown(client, application)


# Papers


def paper_of(application):
    with scoped(OURS):
        return Document.objects.get(application=application)


def url_of(page, application, paper):
    return reverse(
        f"admin:applications_application_{page}", args=[application.pk, paper.pk]
    )


def test_a_receipt_is_shown_without_the_applicant_s_secret(client, clerk):
    application = factories.application(MUROTO)
    code = inquiry_code_of(application)

    response = client.get(url_of("document", application, paper_of(application)))

    page = response.content.decode()
    assert response.status_code == 200
    assert application.number in page
    assert code not in page.replace("-", "")
    [entry] = entries("applications.viewed", application)
    assert entry.payload["via"] == "admin:document"


def test_a_pdf_is_handed_out_as_a_file_to_keep(client, clerk):
    application = factories.application(MUROTO)
    paper = factories.made_paper(application)

    response = client.get(url_of("pdf", application, paper))

    assert b"".join(response.streaming_content) == factories.PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert len(entries("applications.viewed", application)) == 1


def test_a_pdf_that_is_not_made_yet_is_not_there(client, clerk):
    application = factories.application(MUROTO)

    url = url_of("pdf", application, paper_of(application))

    assert client.get(url).status_code == 404


def test_a_pdf_that_was_lost_is_not_there(client, clerk):
    application = factories.application(MUROTO)
    paper = factories.made_paper(application)
    paper.file.storage.delete(paper.file.name)

    assert client.get(url_of("pdf", application, paper)).status_code == 404


# Who may look, and who may not even that


@pytest.mark.parametrize("role", ["publisher", "administrator"])
def test_a_role_that_handles_no_cases_sees_none(client, role):
    client.force_login(factories.staff(role, organization=MUROTO))
    application = factories.application(MUROTO)

    assert client.get(page_of(application)).status_code == 404
    list_url = reverse("admin:applications_application_changelist")
    assert client.get(list_url).status_code == 403


def test_support_of_the_prefecture_looks_at_every_body_and_touches_none(client):
    client.force_login(factories.staff("support", organization=PREFECTURE))

    for body in (MUROTO, AKI):
        response = client.get(page_of(factories.application(body)))
        assert response.status_code == 200
        assert response.context["step_links"] == []
        page = response.content.decode()
        assert "desk-steps" not in page
        assert "メモを書く" not in page


def test_nothing_is_posted_to_the_page_of_a_case(client, clerk):
    application = factories.application(MUROTO)

    response = client.post(page_of(application), {"state": "approved"})

    assert response.status_code == 403
    with scoped(OURS):
        assert Application.objects.get(pk=application.pk).state == "filed"


def test_a_taken_up_case_shows_what_comes_next(client, clerk):
    application = factories.application(MUROTO)
    with scoped(OURS):
        accept_application(application, by=clerk)

    response = client.get(page_of(application))

    offered = [link["step"].name for link in response.context["step_links"]]
    assert offered == ["complete", "return"]


def test_history_leads_to_the_case(client, clerk):
    application = factories.application(MUROTO)

    response = client.get(
        reverse("admin:applications_application_history", args=[application.pk])
    )

    assert response["Location"] == f"{page_of(application)}#history"
