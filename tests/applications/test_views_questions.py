"""Question pages: every answer is kept, and one finds one's way through them."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import actions
from applications.models import Draft
from applications.views import questions
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

YOU = {"name-family": "髙知", "name-given": "太郎", "email": ""}


def question(draft, slug="you"):
    return reverse("applications:question", args=[draft.pk, slug])


def kept(draft):
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        return Draft.objects.get(pk=draft.pk).raw


@pytest.fixture
def draft():
    return factories.draft(MUROTO, raw={})


@pytest.fixture
def browser(draft):
    return factories.browser_with(draft)


def test_a_page_asks_its_questions_and_says_where_one_is(browser, draft):
    response = browser.get(question(draft))

    page = response.content.decode()
    assert response.status_code == 200
    assert "全3ステップ中 1番目" in page
    assert "このページの内容が保存されます" in page
    assert response.headers["Cache-Control"] == "no-store"


def test_a_valid_answer_is_kept_and_the_next_page_comes(browser, draft):
    response = browser.post(question(draft), YOU)

    assert response.status_code == 303
    assert response.url == question(draft, "use")
    assert kept(draft)["name"] == {"family": "髙知", "given": "太郎"}


def test_pages_saved_at_once_in_two_tabs_are_both_kept(browser, draft, monkeypatch):
    save = questions.save_page

    def in_between(read, typed):
        monkeypatch.setattr(questions, "save_page", save)
        browser.post(question(draft), YOU)
        save(read, typed)

    browser.post(question(draft), {"name-family": "山田", "name-given": "花子"})
    monkeypatch.setattr(questions, "save_page", in_between)
    browser.post(question(draft, "use"), {"kind": "start"})

    assert kept(draft)["name"]["family"] == "髙知"
    assert kept(draft)["kind"] == "start"


def test_an_invalid_answer_is_kept_too_and_named(browser, draft):
    response = browser.post(question(draft), YOU | {"email": "taro＠"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>エラー：" in page
    assert "メールアドレスは「tosa@example.jp」のような形で入力してください。" in page
    assert kept(draft)["email"] == "taro＠"
    assert 'value="taro＠"' in browser.get(question(draft)).content.decode()


def test_every_link_of_the_error_summary_leads_to_a_box_on_the_page(browser, draft):
    page = browser.post(question(draft), {}).content.decode()

    summary = page.split("<error-summary", 1)[1].split("</error-summary>", 1)[0]
    targets = [part.split('"', 1)[0] for part in summary.split('href="#')[1:]]
    assert targets
    for target in targets:
        assert f'id="{target}"' in page


def test_the_last_page_leads_to_the_check_page(browser, draft):
    browser.post(question(draft), YOU)

    response = browser.post(
        question(draft, "use"), {"kind": "start", "place": "浮津1番地"}
    )

    assert response.url == reverse("applications:check", args=[draft.pk])


def test_a_draft_opens_where_the_first_answer_is_missing(browser, draft):
    home = reverse("applications:case", args=[draft.pk])
    assert browser.get(home).url == question(draft)

    browser.post(question(draft), YOU)

    assert browser.get(home).url == question(draft, "use")


@pytest.mark.parametrize("slug", ["no-such-page", "check", "complete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_made_up_page_leads_back_to_where_one_was(browser, draft, slug, method):
    response = getattr(browser, method)(question(draft, slug), {"name": "x"})

    assert response.status_code == 303
    assert response.url == reverse("applications:case", args=[draft.pk])
    assert kept(draft) == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_that_the_answers_leave_out_takes_none(method):
    water = factories.offering(MUROTO, of=factories.water_supply())
    draft = factories.draft(MUROTO, offering=water, raw={"attendance": "no"})
    browser = factories.browser_with(draft)

    response = getattr(browser, method)(
        question(draft, "time"), {"time_slot": "morning"}
    )

    assert response.status_code == 303
    assert response.url == reverse("applications:case", args=[draft.pk])
    assert kept(draft) == {"attendance": "no"}


def test_saving_lets_the_key_last_longer(browser, draft):
    response = browser.post(question(draft), YOU)

    cookie = response.cookies[settings.CAPABILITY_COOKIE_NAME]
    assert cookie["path"] == f"/applications/{draft.pk}/"
    assert cookie["max-age"] == timedelta(days=90).total_seconds()


def test_a_signed_in_owner_is_handed_no_key_of_another_filing():
    resident = factories.resident()
    draft = factories.draft(MUROTO, person=resident.person, raw={})
    browser = factories.browser_of(resident)
    browser.cookies[settings.CAPABILITY_COOKIE_NAME] = "A" * 16

    response = browser.post(question(draft), YOU)

    assert response.status_code == 303
    assert settings.CAPABILITY_COOKIE_NAME not in response.cookies


# Bad input


@pytest.mark.parametrize(
    "name",
    [
        "\N{CJK COMPATIBILITY IDEOGRAPH-FA11}田",
        "葛\N{VARIATION SELECTOR-17}城",
        "\N{CJK COMPATIBILITY IDEOGRAPH-FA19}谷",
        "𠮷野",
    ],
)
def test_a_name_is_kept_byte_for_byte(browser, draft, name):
    browser.post(question(draft), YOU | {"name-family": name})

    assert kept(draft)["name"]["family"] == name
    assert f'value="{name}"' in browser.get(question(draft)).content.decode()


def test_a_nul_byte_is_refused_in_japanese_and_loses_nothing(browser, draft):
    browser.post(question(draft), YOU)

    response = browser.post(question(draft), YOU | {"name-given": "太\x00郎"})

    assert response.status_code == 400
    assert "使えない特殊な文字" in response.content.decode()
    assert kept(draft)["name"]["given"] == "太郎"


def test_ten_megabytes_of_text_are_refused_in_japanese_and_lose_nothing(browser, draft):
    browser.post(question(draft), YOU)

    response = browser.post(
        question(draft), YOU | {"name-given": "郎" * (10_000_000 // 3)}
    )

    assert response.status_code == 413
    assert "大きすぎ" in response.content.decode()
    assert kept(draft)["name"]["given"] == "太郎"


def test_a_form_sent_without_its_token_is_asked_for_again(draft):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies.update(factories.browser_with(draft).cookies)

    response = browser.post(question(draft), YOU)

    assert response.status_code == 403
    assert "もう一度送信してください" in response.content.decode()
    assert kept(draft) == {}


def test_a_suspected_my_number_is_asked_about_before_it_is_kept(browser, draft):
    # Source: check digit by 番号法施行令 8条 and 総務省令85号5条; of no person.
    suspect = "123456789018"

    asked = browser.post(question(draft, "use"), {"kind": "start", "place": suspect})
    assert asked.status_code == 422
    assert "マイナンバー（個人番号）" in asked.content.decode()
    assert suspect not in str(kept(draft))

    told = browser.post(
        question(draft, "use"),
        {"kind": "start", "place": suspect, "not-my-number": "on"},
    )
    assert told.status_code == 303
    assert kept(draft)["place"] == suspect


def test_an_expired_draft_is_gone_before_the_nightly_purge(browser, draft):
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        yesterday = timezone.now() - timedelta(days=1)
        Draft.objects.filter(pk=draft.pk).update(expires_at=yesterday)

    response = browser.get(question(draft))

    assert response.status_code == 404
    assert "90日" in response.content.decode()


# Letting go


def test_a_draft_is_discarded_only_after_one_was_asked(browser, draft):
    page = reverse("applications:discard", args=[draft.pk])

    assert "入力した内容を消しますか" in browser.get(page).content.decode()
    assert kept(draft) == {}

    response = browser.post(page)

    assert response.status_code == 303
    assert response.url.endswith(f"/{MUROTO}/")
    assert response.cookies[settings.CAPABILITY_COOKIE_NAME].value == ""
    assert browser.get(question(draft)).status_code == 404


def test_what_was_sent_before_it_could_be_discarded_is_shown_and_keeps_its_key(
    browser, draft, monkeypatch
):
    def too_late(_):
        with scoped(Scope(organization_ids=frozenset({MUROTO}))):
            Draft.objects.filter(pk=draft.pk).update(raw=factories.filed_answers())
        form = browser.get(reverse("applications:check", args=[draft.pk]))
        reviewed = form.context["form"]["reviewed"].value()
        browser.post(form.request["PATH_INFO"], {"reviewed": reviewed})
        actions.discard_draft(draft)

    monkeypatch.setattr(questions, "discard_draft", too_late)
    response = browser.post(reverse("applications:discard", args=[draft.pk]))

    assert response.status_code == 303
    assert response.url == reverse("applications:case", args=[draft.pk])
    assert browser.get(response.url).status_code == 200
