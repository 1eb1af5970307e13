"""What a notice tells: who decided, and what can be done against it (教示)."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from applications.actions import decide_application
from applications.models import Document
from applications.pdf import paper_context
from foundation.tenancy.scope import Scope, scoped
from organizations.models import Organization
from tests import factories
from tests.factories import MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

AUTHORITY = "3か月以内に、{}に対して審査請求をすることができます。"
DEFENDANT = "訴えの相手（被告）は{0}です。訴訟において{0}を代表する者は、{1}です。"


def decided(event="reject", body=MUROTO, reason="要件を欠くため。", **terms):
    """Return the notice of a decision on an application for a permit."""
    permit = factories.procedure(kind="permit")
    offering = factories.offering(body, of=permit, **terms)
    application = factories.application(
        body, offering=offering, state="accepted", accepted_at=timezone.now()
    )
    approver = factories.staff("approver", organization=body)
    with scoped(Scope(organization_ids=frozenset({body}))):
        decide_application(application, event, reason=reason, by=approver)
        return Document.objects.select_related("application").get(
            application=application, kind="notice"
        )


def told(paper):
    """Return the paragraphs of 審査請求 and of 取消訴訟, each as one text."""
    review, suit = paper.content["remedies"]
    assert (review["title"], suit["title"]) == ("審査請求", "取消しの訴え（取消訴訟）")
    return "".join(review["lines"]), "".join(suit["lines"])


@pytest.mark.parametrize(
    ("body", "name", "head"),
    [(MUROTO, "室戸市", "室戸市長"), (PREFECTURE, "高知県", "高知県知事")],
)
def test_a_refusal_tells_whom_to_ask_and_whom_to_sue(body, name, head):
    review, suit = told(decided(body=body))

    assert AUTHORITY.format(head) in review
    assert DEFENDANT.format(name, head) in suit


def test_a_refusal_tells_every_term_and_what_excuses_being_late():
    review, suit = told(decided())

    known = "この決定があったことを知った日の翌日から起算して"
    excused = "正当な理由があるときは、これらの期間を過ぎたあとでもすることができます。"
    assert f"{known}3か月以内に" in review
    assert "この決定があった日の翌日から起算して1年を過ぎると" in review
    assert f"{known}6か月以内に、裁判所に" in suit
    assert "その裁決があったことを知った日の翌日から起算して6か月以内に" in suit
    assert "この決定（審査請求をしたときは、その裁決）があった日の翌日" in suit
    assert "から起算して1年を過ぎると" in suit
    assert review.endswith(excused)
    assert suit.endswith(excused)


def test_an_offering_may_name_another_authority_and_another_representative():
    review, suit = told(
        decided(review_authority="高知県知事", represented_by="室戸市教育委員会")
    )

    assert AUTHORITY.format("高知県知事") in review
    assert DEFENDANT.format("室戸市", "室戸市教育委員会") in suit


def test_where_the_law_wants_review_first_the_refusal_says_so_with_the_exceptions():
    _, at_once = told(decided())
    _, suit = told(decided(review_first=True))

    assert "裁決を受けたあとでなければ、起こすことができません。" in suit
    assert "裁決があったことを知った日の翌日から起算して6か月以内に" in suit
    assert "この決定があったことを知った日の翌日から起算して6か月" not in suit
    for exception in ("3か月を過ぎても、裁決がないとき", "緊急の必要が", "正当な理由"):
        assert exception in suit
    assert "裁決を受けたあとでなければ" not in at_once


@pytest.mark.parametrize("reason", ["", " \n"])
def test_what_was_granted_as_it_was_asked_for_tells_no_remedies(reason):
    assert decided("approve", reason=reason).content["remedies"] == []


def test_a_grant_with_a_condition_tells_the_same_remedies_as_a_refusal():
    refused, granted = decided(), decided("approve", reason="夜間は使わないこと。")

    assert granted.content["remedies"] == refused.content["remedies"]
    for paper, title in ((granted, "条件・理由"), (refused, "理由")):
        printed = render_to_string("applications/paper.html", paper_context(paper))
        assert f"<h2>{title}</h2>" in printed


def test_a_notification_that_is_done_with_tells_no_remedies():
    application = factories.application(MUROTO, state="accepted")
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        decide_application(application, "complete", reason="受理済", by=clerk)
        paper = Document.objects.get(application=application, kind="notice")

    assert paper.content["remedies"] == []


# 処分庁


@pytest.mark.parametrize("event", ["approve", "reject"])
@pytest.mark.parametrize(
    ("terms", "name"),
    [
        ({}, "室戸市長"),
        ({"deciding_authority": "室戸市教育委員会"}, "室戸市教育委員会"),
    ],
    ids=["head", "another"],
)
def test_a_decision_names_who_decided_on_every_copy(client, event, terms, name):
    paper = decided(event, **terms)
    client.force_login(factories.staff("clerk", organization=MUROTO))
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        browser = factories.browser_with(paper.application)
    at = [paper.application_id, paper.pk]

    page = browser.get(reverse("applications:document", args=at))
    desk = client.get(reverse("admin:applications_application_document", args=at))
    printed = render_to_string("applications/paper.html", paper_context(paper))

    assert f"処分庁（決定した行政庁）：{name}" in page.content.decode()
    assert f"<dt>処分庁</dt><dd>{name}</dd>" in desk.content.decode()
    assert f"<p>処分庁　{name}</p>" in printed.partition("</header>")[0]


def test_a_notification_that_is_done_with_was_decided_by_nobody():
    application = factories.application(MUROTO, state="accepted")
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        decide_application(application, "complete", by=clerk)
        paper = Document.objects.get(application=application, kind="notice")

    assert paper.content["authority"] == ""
    printed = render_to_string("applications/paper.html", paper_context(paper))
    assert "処分庁" not in printed


def test_every_body_has_a_head():
    heads = {body.name: body.head for body in Organization.objects.all()}

    assert len(heads) == 35
    assert heads.pop("高知県") == "高知県知事"
    for name, head in heads.items():
        assert name[-1] in "市町村"
        assert head == f"{name}長"


def test_the_applicant_s_page_shows_all_of_it():
    paper = decided()
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        browser = factories.browser_with(paper.application)

    page = browser.get(
        reverse("applications:document", args=[paper.application_id, paper.pk])
    ).content.decode()

    assert "この決定に不服があるとき" in page
    for remedy in paper.content["remedies"]:
        assert all(line in page for line in (remedy["title"], *remedy["lines"]))


def test_the_desk_shows_all_of_it(client):
    paper = decided()
    client.force_login(factories.staff("clerk", organization=MUROTO))

    page = client.get(
        reverse(
            "admin:applications_application_document",
            args=[paper.application_id, paper.pk],
        )
    ).content.decode()

    for remedy in paper.content["remedies"]:
        assert all(line in page for line in (remedy["title"], *remedy["lines"]))


def test_the_api_shows_all_of_it():
    paper, granted = decided(), decided("approve", reason="")
    caller = factories.Caller(factories.token_for(MUROTO))

    def remedies(of):
        return caller.get(f"/api/v1/cases/{of.application_id}/").json()["remedies"]

    assert remedies(paper) == paper.content["remedies"]
    assert remedies(granted) == []
