"""Who gets into the pages of a filing, and what everybody else reads."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from applications.models import Document
from applications.queries import inquiry_code_of
from foundation.identifiers import new_id
from foundation.numbering import inquiry_code
from foundation.tenancy.scope import opened_by
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

NAMES = ("case", "check", "complete", "withdraw", "discard")


def urls(filed):
    found = [reverse(f"applications:{name}", args=[filed.pk]) for name in NAMES]
    return [*found, reverse("applications:question", args=[filed.pk, "you"])]


def holding(code):
    client = Client()
    client.cookies[settings.CAPABILITY_COOKIE_NAME] = code
    return client


def clerk():
    return factories.staff("clerk", "examiner", "approver", organization=MUROTO)


# Everybody to whom a filing is none of their business.
STRANGERS = {
    "a visitor": Client,
    "a wrong code": lambda: holding("A" * 16),
    "an empty code": lambda: holding(""),
    "the key of another filing": lambda: factories.browser_with(
        factories.draft(MUROTO)
    ),
    "another resident": lambda: factories.browser_of(factories.resident()),
    "staff of the body": lambda: factories.browser_of(clerk()),
}


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("make", [factories.draft, factories.application])
@pytest.mark.parametrize("owned", [True, False])
def test_nobody_else_sees_or_changes_a_filing(who, make, owned):
    person = factories.person() if owned else None
    filed = make(MUROTO, person=person)
    stranger = STRANGERS[who]()

    for url in urls(filed):
        for response in (stranger.get(url), stranger.post(url, {"reason": "x"})):
            page = response.content.decode()
            assert response.status_code in {404, 405}, url
            assert "髙知" not in page
            assert factories.WATER["title"] not in page


def test_a_filing_that_never_was_reads_the_same_as_another_persons():
    theirs = factories.application(MUROTO)
    visitor = Client()

    answers = [
        visitor.get(reverse("applications:case", args=[pk])).content.decode()
        for pk in (theirs.pk, new_id())
    ]

    without_id = [
        page.replace(str(pk), "")
        for page, pk in zip(answers, [theirs.pk, None], strict=True)
    ]
    assert "このページは、いまは表示できません" in without_id[0]
    assert len(without_id[0]) + 36 == len(answers[1])


def test_the_page_of_no_entry_says_how_to_get_in_and_where_one_wanted_to_go(client):
    wanted = reverse("applications:case", args=[new_id()])

    page = client.get(wanted).content.decode()

    assert reverse("applications:inquiry") in page
    assert f"/accounts/login/?next={wanted}" in page


@pytest.mark.parametrize("make", [factories.draft, factories.application])
def test_the_owner_gets_in_signed_in_and_by_the_key_alike(make):
    resident = factories.resident()
    filed = make(MUROTO, person=resident.person)
    url = reverse("applications:complete", args=[filed.pk])
    page = reverse("applications:discard", args=[filed.pk])

    for browser in (factories.browser_of(resident), factories.browser_with(filed)):
        if make is factories.application:
            assert browser.get(url).status_code == 200
        else:
            assert browser.get(page).status_code == 200


def test_a_code_made_with_another_key_opens_nothing():
    filed = factories.application(MUROTO)
    forged = holding(inquiry_code(filed.pk, "a key that is not ours"))

    assert forged.get(reverse("applications:case", args=[filed.pk])).status_code == 404


def test_a_code_of_an_earlier_key_still_opens_and_is_still_shown(settings):
    filed = factories.application(MUROTO)
    code = inquiry_code_of(filed)
    settings.INQUIRY_KEYS = ["a new key", *settings.INQUIRY_KEYS]

    page = (
        holding(code)
        .get(reverse("applications:case", args=[filed.pk]))
        .content.decode()
    )

    assert code[:4] + "-" + code[4:8] in page


def test_the_paper_of_one_filing_does_not_open_under_another():
    me = factories.resident()
    one, other = (factories.application(MUROTO, person=me.person) for _ in range(2))
    with opened_by(inquiry_code_of(other)):
        paper = Document.objects.get(application=other)
    browser = factories.browser_of(me)

    for name in ("document", "download"):
        url = reverse(f"applications:{name}", args=[one.pk, paper.pk])
        assert browser.get(url).status_code == 404


def test_pages_of_a_filing_are_never_stored():
    filed = factories.application(MUROTO)
    browser = factories.browser_with(filed)

    for url in urls(filed):
        assert browser.get(url).headers["Cache-Control"] == "no-store", url
    assert Client().get(urls(filed)[0]).headers["Cache-Control"] == "no-store"


def test_leaving_a_shared_device_takes_the_key_from_it():
    filed = factories.application(MUROTO)
    browser = factories.browser_with(filed)

    response = browser.post(reverse("applications:leave", args=[filed.pk]))

    assert response.status_code == 303
    assert response.url == reverse("applications:inquiry")
    assert response.cookies["filing"].value == ""
    assert response.cookies["filing"]["path"] == f"/applications/{filed.pk}/"
    assert browser.get(urls(filed)[0]).status_code == 404
