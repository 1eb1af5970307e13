"""Status, papers, withdrawal, and one's own list."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.actions import (
    accept_application,
    decide_application,
    return_application,
)
from applications.models import Application, Document
from applications.queries import inquiry_code_of
from applications.views.mine import PER_PAGE
from applications.workflow import State
from foundation.japanese import display_date
from foundation.numbering import in_groups
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from organizations.queries import scope_for
from tests import factories
from tests.factories import AKI, KOCHI, MUROTO

pytestmark = pytest.mark.django_db

OF_MUROTO = Scope(organization_ids=frozenset({MUROTO}))


def url(name, filed, *more):
    return reverse(f"applications:{name}", args=[filed.pk, *more])


def status_page(filed):
    return factories.browser_with(filed).get(url("case", filed)).content.decode()


def events():
    with scoped(OF_MUROTO):
        return list(Entry.objects.order_by("id").values_list("name", flat=True))


def test_the_status_page_tells_all_about_the_filing():
    filed = factories.application(MUROTO)

    page = status_page(filed)

    for told in (
        "室戸市",
        filed.number,
        in_groups(inquiry_code_of(filed)),
        State.FILED.label,
        display_date(filed.due_on),
        "届きました（到達）",
        "受付票",
        "住民課",
        "髙知\u3000太郎",
        "取り下げる",
    ):
        assert told in page


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("kind", ["notification", "permit"])
def test_every_state_has_its_words_and_can_be_withdrawn_only_while_open(state, kind):
    is_open = state in {State.FILED, State.ACCEPTED, State.RETURNED}
    filed = factories.application(
        MUROTO, state=state, kind=kind, closed_at=None if is_open else timezone.now()
    )

    page = status_page(filed)

    assert state.label in page
    assert (url("withdraw", filed) in page) == is_open


def test_a_case_beyond_its_day_is_apologised_for():
    late = timezone.localdate() - timedelta(days=1)

    assert "予定の日を過ぎています" in status_page(
        factories.application(MUROTO, due_on=late)
    )


def test_a_correction_is_asked_for_with_words_fields_and_day():
    filed = factories.application(MUROTO)
    clerk = factories.staff("clerk", organization=MUROTO)
    due_on = timezone.localdate() + timedelta(days=14)
    with scoped(scope_for(clerk)):
        return_application(
            filed,
            field_keys=["place", "name"],
            message="番地と\nお名前をお確かめください。",
            due_on=due_on,
            by=clerk,
        )

    page = status_page(filed)

    assert "番地と<br>お名前をお確かめください。" in page
    assert "<li>使用する場所</li>" in page
    assert "<li>氏名</li>" in page
    assert display_date(due_on) in page


# Withdrawal


def test_a_filing_is_withdrawn_with_a_reason():
    filed = factories.application(MUROTO)
    browser = factories.browser_with(filed)

    refused = browser.post(url("withdraw", filed), {"reason": " "})
    accepted = browser.post(url("withdraw", filed), {"reason": "引っ越しをやめたため"})

    assert refused.status_code == 422
    assert "取り下げる理由を入力してください。" in refused.content.decode()
    assert accepted.status_code == 303
    assert State.WITHDRAWN.label in status_page(filed)
    assert events()[-1] == "applications.withdrawn"


def test_what_is_decided_can_no_longer_be_withdrawn():
    filed = factories.application(MUROTO)
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(scope_for(clerk)):
        accept_application(filed, by=clerk)
        decide_application(filed, "complete", by=clerk)

    response = factories.browser_with(filed).post(
        url("withdraw", filed), {"reason": "x"}
    )

    assert response.url == url("case", filed)
    assert State.COMPLETED.label in status_page(filed)


def test_a_refusal_leads_straight_to_its_reason_and_remedies():
    filed = factories.application(MUROTO, kind="permit")
    clerk = factories.staff("clerk", organization=MUROTO)
    approver = factories.staff("approver", organization=MUROTO)
    with scoped(scope_for(clerk)):
        accept_application(filed, by=clerk)
        decide_application(filed, "reject", reason="要件に合わないため", by=approver)
        notice = Document.objects.get(application=filed, kind=Document.Kind.NOTICE)

    page = status_page(filed)
    told = factories.browser_with(filed).get(url("document", filed, notice.pk))

    standing = page.partition('class="standing"')[2].partition("</section>")[0]
    assert url("document", filed, notice.pk) in standing
    assert "要件に合わないため" in told.content.decode()
    assert "審査請求" in told.content.decode()


# Papers


def receipt(filed):
    with scoped(OF_MUROTO):
        return Document.objects.get(application=filed, kind=Document.Kind.RECEIPT)


def test_a_paper_is_a_page_at_once_and_its_first_opening_is_journaled():
    filed = factories.application(MUROTO)
    browser, paper = factories.browser_with(filed), receipt(filed)
    assert paper.first_downloaded_at is None

    browser.head(url("document", filed, paper.pk))
    assert receipt(filed).first_downloaded_at is None
    page = browser.get(url("document", filed, paper.pk)).content.decode()
    first = receipt(filed).first_downloaded_at
    browser.get(url("document", filed, paper.pk))

    assert filed.number in page
    assert in_groups(inquiry_code_of(filed)) in page
    assert "髙知\u3000太郎" in page
    assert first is not None
    assert receipt(filed).first_downloaded_at == first
    assert events().count("applications.document_downloaded") == 1


def test_a_pdf_that_is_not_made_yet_is_promised():
    filed = factories.application(MUROTO)

    response = factories.browser_with(filed).get(
        url("download", filed, receipt(filed).pk)
    )

    assert response.status_code == 202
    assert "PDFを準備しています" in response.content.decode()


def test_a_pdf_is_handed_out_under_a_name_that_says_what_it_is(settings, tmp_path):
    filed = factories.application(MUROTO)
    paper = receipt(filed)
    paper.file.save(f"{MUROTO}/{paper.pk}.pdf", ContentFile(b"%PDF-1.7"), save=False)
    with scoped(OF_MUROTO):
        paper.save(update_fields=["file"])

    response = factories.browser_with(filed).get(url("download", filed, paper.pk))

    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%E5%8F%97")
    assert filed.number in disposition


def test_a_pdf_whose_disk_is_away_is_promised_too():
    filed = factories.application(MUROTO)
    paper = receipt(filed)
    with scoped(OF_MUROTO):
        Document.objects.filter(pk=paper.pk).update(file="gone/away.pdf")

    response = factories.browser_with(filed).get(url("download", filed, paper.pk))

    assert response.status_code == 202


# My page


def test_my_page_asks_to_sign_in_first():
    response = Client().get("/my/")

    assert response.status_code == 302
    assert response.url == "/accounts/login/?next=/my/"


def test_my_page_lists_ones_own_over_all_bodies_and_nobody_elses():
    me, other = factories.resident(), factories.resident()
    mine = [factories.application(body, person=me.person) for body in (MUROTO, AKI)]
    begun = factories.draft(KOCHI, person=me.person)
    theirs = factories.application(MUROTO, person=other.person)
    anonymous = factories.application(MUROTO)

    page = factories.browser_of(me).get("/my/").content.decode()

    for filed in (*mine, begun):
        assert url("case", filed) in page
    for filed in (theirs, anonymous):
        assert url("case", filed) not in page
    assert page.index(mine[1].number) < page.index(mine[0].number)


def test_my_page_of_staff_holds_nothing_of_their_bodys():
    anonymous = factories.application(MUROTO)
    factories.draft(MUROTO)
    clerk = factories.staff("clerk", organization=MUROTO)

    page = factories.browser_of(clerk).get("/my/").content.decode()

    assert anonymous.number not in page
    assert "まだ、提出したものはありません" in page


def test_my_page_of_somebody_new_says_what_to_do():
    page = factories.browser_of(factories.resident()).get("/my/").content.decode()

    assert "まだ、提出したものはありません" in page
    assert "手続をさがす" in page


def test_my_page_turns_by_key_and_shows_each_filing_once():
    me = factories.resident()
    offering = factories.offering(MUROTO)
    numbers = {
        factories.application(MUROTO, person=me.person, offering=offering).number
        for _ in range(PER_PAGE + 3)
    }
    browser, address, found = factories.browser_of(me), "/my/", []

    while address:
        context = browser.get(address).context
        found += [row[-1]["text"] for row in context["filed"]]
        following = context["next_url"]
        address = f"/my/{following}" if following else ""

    assert len(found) == len(numbers)
    assert set(found) == numbers


@pytest.mark.parametrize("cursor", ["x", "%00", "あ", "1:2:3"])
def test_a_made_up_place_in_my_page_is_its_beginning(cursor):
    me = factories.resident()
    filed = factories.application(MUROTO, person=me.person)

    page = factories.browser_of(me).get("/my/", {"cursor": cursor}).content.decode()

    assert filed.number in page


def test_a_correction_is_no_draft_of_my_page():
    me = factories.resident()
    filed = factories.application(MUROTO, person=me.person)
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(scope_for(clerk)):
        return_application(
            filed,
            field_keys=["place"],
            message="番地をお確かめください。",
            due_on=timezone.localdate() + timedelta(days=14),
            by=clerk,
        )
    browser = factories.browser_of(me)
    browser.post(url("correct", filed))

    context = browser.get("/my/").context

    assert context["drafts"] == []
    assert len(context["filed"]) == 1
    with scoped(OF_MUROTO):
        assert Application.objects.get().state == State.RETURNED
