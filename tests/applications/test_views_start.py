"""The page before the questions, and the first draft."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import applications.views.start
from applications.models import Draft
from foundation.limits import Limit
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db


@pytest.fixture
def offering():
    made = factories.offering(MUROTO, note="年末は窓口が混み合います。")
    factories.form(made.procedure)
    return made


def start(offering):
    return reverse(
        "applications:start", args=[offering.procedure.code, offering.organization_id]
    )


def drafts_of_muroto():
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        return list(Draft.objects.all())


def test_the_start_page_tells_all_one_should_know_before_typing(client, offering):
    page = client.get(start(offering)).content.decode()

    for told in (
        "室戸市",
        offering.procedure.title,
        "およそ3分",
        offering.procedure.level_reason,
        "無料",
        "役所が開いている日で3日ほど",
        factories.WATER["purpose"],
        "年末は窓口が混み合います。",
        "窓口・電話・郵送でもできます",
        "住民課",
        "tel:0887-00-0000",
    ):
        assert told in page


def test_starting_without_an_account_hands_over_a_key_for_this_filing_only(
    client, offering
):
    response = client.post(start(offering))

    [draft] = drafts_of_muroto()
    assert response.status_code == 303
    assert response.url == f"/applications/{draft.pk}/"
    cookie = response.cookies["filing"]
    assert cookie["path"] == response.url
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == timedelta(days=90).total_seconds()
    assert draft.person_id is None


def test_the_key_is_sent_over_https_only_where_the_portal_has_it(
    client, offering, settings
):
    settings.IS_HTTPS = True

    response = client.post(start(offering))

    assert response.cookies["filing"]["secure"]


def test_a_signed_in_person_owns_the_draft_and_leaves_no_key_behind(offering):
    resident = factories.resident("taro@example.jp")

    response = factories.browser_of(resident).post(start(offering))

    [draft] = drafts_of_muroto()
    assert draft.person_id == resident.person_id
    assert draft.raw == {"email": "taro@example.jp"}
    assert "filing" not in response.cookies


def test_staff_without_a_person_get_a_key_like_any_visitor(offering):
    clerk = factories.staff("clerk", organization=AKI)

    response = factories.browser_of(clerk).post(start(offering))

    [draft] = drafts_of_muroto()
    assert draft.person_id is None
    assert response.cookies["filing"]["path"] == f"/applications/{draft.pk}/"


def test_a_signed_in_person_is_led_back_to_what_they_began(offering):
    resident = factories.resident()
    mine = factories.draft(MUROTO, person=resident.person, offering=offering)
    theirs = factories.draft(MUROTO, person=factories.person(), offering=offering)

    page = factories.browser_of(resident).get(start(offering)).content.decode()

    assert f"/applications/{mine.pk}/" in page
    assert f"/applications/{theirs.pk}/" not in page
    assert "つづきから入力する" in page


def test_a_procedure_of_level_1_sends_visitors_to_sign_in_and_back(client):
    offering = factories.offering(MUROTO, of=factories.procedure(required_level=1))
    factories.form(offering.procedure)

    page = client.get(start(offering)).content.decode()

    assert "この手続には、ログインが必要です" in page
    assert f"/accounts/login/?next={start(offering)}" in page
    assert "入力を始める</button>" not in page


def test_level_1_cannot_be_started_by_a_made_up_post(client):
    offering = factories.offering(MUROTO, of=factories.procedure(required_level=1))
    factories.form(offering.procedure)

    response = client.post(start(offering))

    assert response.status_code == 409
    assert "ログインが必要です" in response.content.decode()
    assert drafts_of_muroto() == []


def test_a_sign_in_by_mail_is_enough_for_level_1_and_not_for_level_2():
    browser = factories.browser_of(factories.resident())
    for level, told in (
        (1, "入力を始める"),
        (2, "いまのログインの方法では始められません"),
    ):
        offering = factories.offering(
            MUROTO, of=factories.procedure(required_level=level)
        )
        factories.form(offering.procedure)

        assert told in browser.get(start(offering)).content.decode()


@pytest.mark.parametrize(
    ("opens_in", "closes_in", "told"),
    [(1, None, "から受け付けます"), (None, -1, "で受付を終わりました")],
)
def test_outside_its_time_the_page_says_when_and_takes_nothing(
    client, opens_in, closes_in, told
):
    now = timezone.now()
    offering = factories.offering(
        MUROTO,
        opens_at=opens_in and now + timedelta(days=opens_in),
        closes_at=closes_in and now + timedelta(days=closes_in),
    )
    factories.form(offering.procedure)

    page = client.get(start(offering)).content.decode()
    posted = client.post(start(offering))

    assert told in page
    assert "お問い合わせ先" in page
    assert posted.status_code == 409
    assert told in posted.content.decode()
    assert drafts_of_muroto() == []


def test_a_procedure_without_a_form_is_not_taken_online(client):
    offering = factories.offering(MUROTO)

    page = client.get(start(offering)).content.decode()

    assert "いまは、インターネットで受け付けていません" in page


def test_a_body_that_does_not_offer_it_leads_to_those_that_do(client, offering):
    response = client.get(
        reverse("applications:start", args=[offering.procedure.code, AKI])
    )

    page = response.content.decode()
    assert response.status_code == 404
    assert "安芸市では、この手続をインターネットで受け付けていません" in page
    assert reverse("procedures:procedure", args=[offering.procedure.code]) in page
    assert reverse("procedures:organization", args=[AKI]) in page


def test_a_body_that_does_not_exist_is_said_not_to(client, offering):
    response = client.get(
        reverse("applications:start", args=[offering.procedure.code, 999999])
    )

    assert response.status_code == 404
    assert "この番号の市町村はありません" in response.content.decode()


def test_starting_without_the_token_of_the_form_shows_how_to_go_on(offering):
    response = Client(enforce_csrf_checks=True).post(start(offering))

    assert response.status_code == 403
    assert "もう一度送信してください" in response.content.decode()
    assert drafts_of_muroto() == []


@pytest.mark.parametrize("code", ["1", "999999", "9" * 19, "9" * 400])
def test_a_body_that_there_is_not_is_not_found(client, offering, code):
    response = client.get(f"/procedures/{offering.procedure.code}/{code}/")

    assert response.status_code == 404
    assert offering.procedure.title in response.content.decode()


def test_one_network_without_an_account_begins_so_many_filings_an_hour(
    client, offering, monkeypatch
):
    monkeypatch.setattr(
        applications.views.start, "PER_NETWORK", Limit("few", attempts=2, seconds=3600)
    )
    for _ in range(2):
        assert client.post(start(offering)).status_code == 303

    stopped = client.post(start(offering))

    assert stopped.status_code == 429
    assert stopped.headers["Retry-After"] == "3600"
    assert "60分ほど待ってから" in stopped.content.decode()
    assert len(drafts_of_muroto()) == 2
    signed_in = factories.browser_of(factories.resident())
    assert signed_in.post(start(offering)).status_code == 303
