"""A decision comes online alone only to who declared the wish (デジタル手続法7条)."""

import copy
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import decide_application
from applications.admin.revisions import NOT_ASKED
from applications.admin.steps import SEND_BY_POST
from applications.letters import BY_POST
from applications.models import Document
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

ASKS = copy.deepcopy(factories.WATER)
ASKS["pages"][1]["fields"].append(
    {
        "key": "online",
        "type": "yes_no",
        "label": "結果のお知らせを、オンラインだけで受け取りますか",
        "semantic": "notice.online",
        "required": False,
    }
)
MAILED = "書面でも郵送します"


def in_muroto():
    return scoped(Scope(organization_ids=frozenset({MUROTO})))


def case_of(kind="permit", **answers):
    procedure = factories.procedure(kind=kind)
    factories.form(procedure, ASKS)
    return factories.application(
        MUROTO,
        offering=factories.offering(MUROTO, of=procedure),
        raw=factories.filed_answers(**answers),
        state="accepted",
        accepted_at=timezone.now(),
    )


def decided(application, event="approve"):
    user = factories.staff("approver", "clerk", organization=MUROTO)
    with in_muroto():
        decide_application(application, event, reason="x", by=user)
        return Document.objects.get(application=application, kind="notice")


@pytest.mark.parametrize(
    ("answers", "by_post"),
    [({"online": True}, False), ({"online": False}, True), ({}, True)],
    ids=["wished", "declined", "silent"],
)
@pytest.mark.parametrize("event", ["approve", "reject"])
def test_a_decision_goes_by_post_unless_it_was_wished_online(event, answers, by_post):
    paper = decided(case_of(**answers), event)

    assert paper.content["by_post"] == by_post
    assert (BY_POST in paper.content["sentences"]) == by_post
    with in_muroto():
        entry = Entry.objects.get(name="applications.decided")
    assert entry.payload["by_post"] == by_post


def test_what_is_no_decision_is_not_posted():
    assert not decided(case_of("notification"), "complete").content["by_post"]


@pytest.mark.parametrize("online", [True, False])
def test_clerk_applicant_and_program_are_told_whether_it_is_posted(client, online):
    application = case_of(online=online)
    client.force_login(factories.staff("approver", organization=MUROTO))
    at = [application.pk]
    step = reverse("admin:applications_application_step", args=[*at, "approve"])

    after = client.post(step, {"reason": ""}, follow=True)
    desk = client.get(reverse("admin:applications_application_change", args=at))
    page = factories.browser_with(application).get(
        reverse("applications:case", args=at)
    )
    caller = factories.Caller(factories.token_for(MUROTO))
    answer = caller.get(f"/api/v1/cases/{application.pk}/").json()

    [told] = [str(message) for message in after.context["messages"]]
    assert (SEND_BY_POST in told) == (not online)
    assert (SEND_BY_POST in desk.content.decode()) == (not online)
    assert (MAILED in page.content.decode()) == (not online)
    assert answer["by_post"] == (not online)


@pytest.mark.parametrize(
    ("kind", "document", "warned"),
    [
        ("permit", factories.WATER, True),
        ("permit", ASKS, False),
        ("notification", factories.WATER, False),
    ],
)
def test_a_permit_s_form_that_does_not_ask_is_warned_about(
    client, kind, document, warned
):
    client.force_login(factories.staff("publisher", organization=MUROTO))
    procedure = factories.procedure(MUROTO, kind=kind)

    response = client.post(
        reverse("admin:applications_formrevision_opening", args=["publish"]),
        {
            "procedure": str(procedure.pk),
            "document": json.dumps(document),
            "note": "",
        },
        follow=True,
    )

    told = [str(message) for message in response.context["messages"]]
    assert (NOT_ASKED in told) == warned
