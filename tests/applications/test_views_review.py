"""The check page, and the one sending."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.identity import NOBODY
from applications.actions import file_application, return_application
from applications.errors import OfferingClosed
from applications.models import Application, ApplicationVersion, Draft
from applications.views import review
from applications.workflow import State
from foundation.tenancy.scope import Scope, scoped
from organizations.queries import scope_for
from procedures.models import Offering
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

OF_MUROTO = Scope(organization_ids=frozenset({MUROTO}))


def url(name, filed, *more):
    return reverse(f"applications:{name}", args=[filed.pk, *more])


def seen(browser, draft):
    """Open the check page and return what its form sends."""
    form = browser.get(url("check", draft)).context["form"]
    return {"reviewed": form["reviewed"].value()}


@pytest.fixture
def draft():
    return factories.draft(MUROTO)


@pytest.fixture
def browser(draft):
    return factories.browser_with(draft)


def test_the_check_page_shows_every_answer_with_a_way_to_change_it(browser, draft):
    page = browser.get(url("check", draft)).content.decode()

    for shown in ("髙知\u3000太郎", "applicant@example.jp", "開始", "室戸市浮津1番地"):
        assert shown in page
    assert f"{url('question', draft, 'you')}?from=check" in page
    assert f"{url('question', draft, 'use')}?from=check" in page
    assert factories.WATER["declaration"] in page
    assert "まだ提出されていません" in page


def test_a_change_returns_to_the_check_page(browser, draft):
    response = browser.post(
        url("question", draft, "you") + "?from=check",
        {"name-family": "髙知", "name-given": "次郎"},
    )

    assert response.url == url("check", draft)
    assert "次郎" in browser.get(response.url).content.decode()


def test_what_is_missing_is_asked_for_before_the_check_page(browser, draft):
    browser.post(url("question", draft, "use"), {"kind": "", "place": ""})

    response = browser.get(url("check", draft))

    assert response.status_code == 303
    assert response.url == url("question", draft, "use") + "?from=check"
    page = browser.get(response.url).content.decode()
    assert "使用する場所を入力してください。" in page
    assert "<title>エラー：" in page


def test_sending_files_once_and_confirms_with_the_number_first(browser, draft):
    response = browser.post(url("check", draft), seen(browser, draft))

    assert response.status_code == 303
    assert response.url == url("complete", draft)
    with scoped(OF_MUROTO):
        application = Application.objects.get(pk=draft.pk)
    page = browser.get(response.url).content.decode()
    assert application.number in page
    assert "applicant@example.jp" in page
    assert "許可や決定のお知らせではありません" in page


def test_a_second_sending_and_the_back_button_lead_to_the_same_confirmation(
    browser, draft
):
    sent = seen(browser, draft)
    first = browser.post(url("check", draft), sent)

    again = browser.post(url("check", draft), sent)
    back = browser.get(url("check", draft))
    page_back = browser.get(url("question", draft, "you"))
    page_sent = browser.post(url("question", draft, "you"), {"name-family": "別"})

    assert again.url == first.url
    assert back.url == page_back.url == page_sent.url == url("case", draft)
    with scoped(OF_MUROTO):
        assert Application.objects.count() == 1
        assert ApplicationVersion.objects.get().answers["name"]["family"] == "髙知"


def test_answers_changed_in_another_tab_are_shown_before_they_are_sent(browser, draft):
    sent = seen(browser, draft)
    browser.post(
        url("question", draft, "you"), {"name-family": "髙知", "name-given": "次郎"}
    )

    response = browser.post(url("check", draft), sent)

    assert response.status_code == 422
    assert "内容が変わりました" in response.content.decode()
    with scoped(OF_MUROTO):
        assert not Application.objects.exists()


@pytest.mark.parametrize("ended", ["closes_at", "withdrawn_at"])
def test_an_offering_closed_in_the_meantime_takes_nothing_and_keeps_the_draft(
    browser, draft, ended
):
    sent = seen(browser, draft)
    with scoped(OF_MUROTO):
        a_minute_ago = timezone.now() - timedelta(minutes=1)
        Offering.objects.filter(pk=draft.offering_id).update(**{ended: a_minute_ago})

    response = browser.post(url("check", draft), sent)

    page = response.content.decode()
    assert response.status_code == 409
    assert "現在受付をしていません" in page
    assert "お問い合わせ先" in page
    with scoped(OF_MUROTO):
        assert Draft.objects.get(pk=draft.pk).raw == draft.raw
        assert not Application.objects.exists()


def test_the_final_post_needs_the_token_of_its_form(browser, draft):
    sent = seen(browser, draft)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(browser.cookies)

    response = strict.post(url("check", draft), sent)

    assert response.status_code == 403
    assert "もう一度送信してください" in response.content.decode()
    with scoped(OF_MUROTO):
        assert Draft.objects.filter(pk=draft.pk).exists()


def test_a_name_arrives_byte_for_byte_on_the_status_page():
    name = "\N{CJK COMPATIBILITY IDEOGRAPH-FA11}葛\N{VARIATION SELECTOR-17}"
    draft = factories.draft(
        MUROTO,
        raw=factories.filed_answers(name={"family": name, "given": "太郎"}),
    )
    browser = factories.browser_with(draft)

    browser.post(url("check", draft), seen(browser, draft))

    with scoped(OF_MUROTO):
        version = ApplicationVersion.objects.get(application=draft.pk)
    assert version.answers["name"]["family"] == name
    assert f"{name}\u3000太郎" in browser.get(url("case", draft)).content.decode()


# Correction


@pytest.fixture
def returned():
    application = factories.application(MUROTO)
    send_back(application)
    return application


def send_back(application):
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(scope_for(clerk)):
        return_application(
            application,
            field_keys=["place"],
            message="番地が足りません。",
            due_on=timezone.localdate() + timedelta(days=14),
            by=clerk,
        )


def test_a_correction_opens_only_what_was_asked_for(returned):
    browser = factories.browser_with(returned)
    page = browser.get(url("case", returned)).content.decode()
    assert "番地が足りません。" in page
    assert "補正する" in page

    begun = browser.post(url("correct", returned))

    assert begun.url == url("question", returned, "use")
    asked = browser.get(begun.url).content.decode()
    assert 'name="place"' in asked
    assert 'name="kind"' not in asked
    assert browser.get(url("question", returned, "you")).status_code == 303


def test_a_corrected_copy_is_sent_once_and_the_first_version_stays(returned):
    browser = factories.browser_with(returned)
    browser.post(url("correct", returned))
    browser.post(url("question", returned, "use"), {"place": "室戸市浮津25番地1"})
    sent = seen(browser, returned)
    page = browser.get(url("check", returned)).content.decode()
    assert page.count("?from=check") == 1

    first = browser.post(url("check", returned), sent)
    again = browser.post(url("check", returned), sent)

    assert first.url == again.url == url("complete", returned)
    assert "直した内容が届きました" in browser.get(first.url).content.decode()
    with scoped(OF_MUROTO):
        places = [v.answers["place"] for v in ApplicationVersion.objects.all()]
    assert places == ["室戸市浮津1番地", "室戸市浮津25番地1"]


def test_a_discarded_correction_leaves_what_was_filed_and_the_key_to_it(returned):
    browser = factories.browser_with(returned)
    browser.post(url("correct", returned))

    response = browser.post(url("discard", returned))

    assert response.url == url("case", returned)
    assert "補正する" in browser.get(response.url).content.decode()


def test_nothing_can_be_corrected_that_nobody_asked_for():
    application = factories.application(MUROTO)
    browser = factories.browser_with(application)

    response = browser.post(url("correct", application))

    assert response.status_code == 409
    assert "補正の依頼は届いていません" in response.content.decode()


def test_whose_session_ended_signs_in_again_and_loses_nothing():
    dogs = factories.offering(MUROTO, of=factories.procedure(required_level=1))
    draft = factories.draft(MUROTO, person=factories.person(), offering=dogs)
    browser = factories.browser_with(draft)
    page = url("check", draft)

    response = browser.post(page, seen(browser, draft))

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={page}"
    with scoped(OF_MUROTO):
        assert Draft.objects.get(pk=draft.pk).raw == draft.raw


def test_who_is_signed_in_as_another_is_told_so():
    dogs = factories.offering(MUROTO, of=factories.procedure(required_level=1))
    draft = factories.draft(MUROTO, person=factories.person(), offering=dogs)
    browser = factories.browser_of(factories.resident())
    browser.cookies.update(factories.browser_with(draft).cookies)
    sent = seen(browser, draft)

    response = browser.post(url("check", draft), sent)

    assert response.status_code == 409
    assert "本人の確認" in response.content.decode()


def test_a_check_page_left_open_sends_no_correction_that_nobody_made(browser, draft):
    left_open = seen(browser, draft)
    browser.post(url("check", draft), left_open)
    with scoped(OF_MUROTO):
        filed = Application.objects.get(pk=draft.pk)
    send_back(filed)
    browser.post(url("correct", draft))

    response = browser.post(url("check", draft), left_open)

    assert response.status_code == 422
    assert "内容が変わりました" in response.content.decode()
    with scoped(OF_MUROTO):
        filed.refresh_from_db()
    assert filed.state == State.RETURNED


def test_what_another_tab_sends_in_the_meantime_leads_to_its_confirmation(
    browser, draft, monkeypatch
):
    sent = seen(browser, draft)

    def closed(taken, **_):
        file_application(taken, by=None, identity=NOBODY)
        raise OfferingClosed

    monkeypatch.setattr(review, "file_application", closed)
    response = browser.post(url("check", draft), sent)

    assert response.status_code == 303
    assert response.url == url("complete", draft)
