"""The whole story as a newcomer lives it: an old phone, 360 px, no JavaScript."""

from time import time

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core import mail
from django.utils import timezone

from applications.models import Application
from foundation.japanese import add_open_days
from foundation.tenancy.scope import Scope, scoped
from journal.actions import deliver_due
from notifications.actions import send_due_messages
from tests import factories
from tests.factories import AKI, MUROTO

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"]),
]

OF_MUROTO = Scope(organization_ids=frozenset({MUROTO}))
FAMILY = "葛\N{VARIATION SELECTOR-17}城"
# From the front door to the confirmation; more would not be done in three minutes.
MOST_PAGES = 9
TOTP_SECONDS = 30  # RFC 6238 §5.2


class Screen:
    """A browser in somebody's hand: each page is looked at, one thing is touched."""

    def __init__(self, context, base):
        self.base, self.page = base, context.new_page()
        self.width = self.page.viewport_size["width"]
        self.pages, self.refused = [], []
        self.page.on("load", lambda page: self.pages.append(page.url))
        self.page.on("console", self._note)

    def _note(self, message):
        if "Content Security" in message.text:
            self.refused.append(message.text)

    def open(self, address):
        self.page.goto(self.base + address)
        self._look()

    def press(self, name):
        self._leave_by(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name):
        self._leave_by(self.page.get_by_role("link", name=name).first)

    def fill(self, **typed):
        for name, text in typed.items():
            self.page.locator(f'[name="{name.replace("__", "-")}"]').fill(text)

    def choose(self, label):
        self.page.get_by_label(label).check()

    def sees(self, text):
        return text in self.page.locator("body").inner_text()

    def _leave_by(self, touched):
        # A click returns before the page that it opens has a document.
        with self.page.expect_navigation():
            touched.click()
        self._look()

    def _look(self):
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.width, f"{self.page.url} is {width} px wide"
        assert self.page.locator("h1").count() == 1, self.page.url


@pytest.fixture
def screen(open_context, live_server):
    def take(**size):
        context = open_context(java_script_enabled=False, **size)
        return Screen(context, live_server.url)

    return take


@pytest.fixture
def desk(screen):
    """Return the screen of a clerk of 室戸市 who signed in with password and code."""
    secret = generate_totp_secret()
    clerk = factories.staff(
        "clerk", "examiner", organization=MUROTO, second_factor=False
    )
    TOTP.activate(clerk, secret)
    desk = screen(width=1280, height=900)
    desk.open("/admin/")
    password = "a-long-sample-password"  # pragma: allowlist secret
    desk.fill(login=clerk.email, password=password)
    desk.press("ログイン")
    desk.fill(code=format_hotp_value(hotp_value(secret, int(time()) // TOTP_SECONDS)))
    desk.press("ログイン")
    return desk


def file_water_supply(phone):
    phone.open("/")
    phone.follow("水道使用開始・中止届")
    phone.follow("室戸市")
    phone.press("入力を始める")
    phone.choose("使い始める")
    phone.fill(place__postal_code="７８１－７１０１", place__rest="1234番地")
    phone.press("次へ")
    day = add_open_days(timezone.localdate(), 5)
    phone.page.locator('[name="start_on-era"]').select_option("西暦")
    phone.fill(
        start_on__year=str(day.year),
        start_on__month=str(day.month),
        start_on__day=str(day.day),
    )
    phone.choose("家庭")
    phone.choose("納付書")
    phone.press("次へ")
    phone.fill(
        user_name__family="葛\N{VARIATION SELECTOR-17}城", user_name__given="太郎"
    )
    phone.fill(user_kana="かつらぎ たろう", phone="０９０－１２３４－５６７８")
    phone.press("次へ")
    phone.fill(email="taro@example.jp")
    phone.choose("立ち会わない")
    phone.page.locator('[name="entry_consent"]').check()
    phone.press("次へ")
    assert phone.sees("内容を確かめてください")
    phone.press("この内容で提出する")


def filed():
    with scoped(OF_MUROTO):
        return Application.objects.get()


def tell():
    deliver_due()
    send_due_messages()


def test_a_newcomer_files_is_asked_to_correct_and_reads_that_it_is_done(screen, desk):
    factories.water_supply(MUROTO, AKI)
    phone = screen()

    file_water_supply(phone)

    assert phone.sees("提出が終わりました")
    assert len(phone.pages) <= MOST_PAGES, phone.pages
    application = filed()
    assert phone.sees(application.number)
    assert application.applicant_name == f"{FAMILY}\u3000太郎"
    tell()
    assert application.number in mail.outbox[-1].body

    desk.follow("申請")
    desk.follow(application.number)
    desk.press("受け付ける")
    desk.follow("補正を求める")
    desk.choose("電話番号")
    desk.fill(message="電話がつながりませんでした。")
    desk.press("補正を求める")
    assert desk.sees("補正を申請者にお願いしました。")
    tell()

    code = phone.page.locator(".confirmation dd").nth(1).inner_text()
    other = screen()
    other.open("/inquiry/")
    other.fill(number=application.number, inquiry_code=code.lower())
    other.press("状況を見る")
    assert other.sees("電話がつながりませんでした。")
    other.press("補正する")
    assert other.page.locator("main input:visible").count() == 1
    other.fill(phone="088-823-1111")
    other.press("次へ")
    other.press("この内容で提出する")
    assert other.sees("直した内容が届きました")

    desk.open(f"/admin/applications/application/{application.pk}/change/")
    assert desk.sees("088-823-1111")
    desk.press("受け付ける")
    desk.follow("完了する")
    desk.press("完了する")
    tell()
    phone.follow("いまの状況を見る")
    assert phone.sees("手続が終わりました")
    assert len(mail.outbox) == 4
    assert phone.refused + other.refused + desk.refused == []


def test_the_cookie_of_one_filing_is_not_sent_to_any_other_page(screen):
    factories.water_supply(MUROTO)
    mine = screen()
    mine.open(f"/procedures/water-supply/{MUROTO}/")
    mine.press("入力を始める")
    first = mine.page.url
    mine.open(f"/procedures/water-supply/{MUROTO}/")
    mine.press("入力を始める")
    second = mine.page.url

    cookies = mine.page.context.cookies
    [of_first] = [c for c in cookies(first) if c["name"] == "filing"]
    [of_second] = [c for c in cookies(second) if c["name"] == "filing"]
    elsewhere = {c["name"] for c in cookies(mine.base + "/procedures/")}

    assert of_first["value"] != of_second["value"]
    assert "filing" not in elsewhere
    for address in (first, second):
        mine.page.goto(address)
        assert mine.sees("次へ")


def test_mistakes_are_named_and_nothing_typed_is_lost_by_back_or_reload(screen):
    factories.water_supply(MUROTO)
    mine = screen()
    mine.open(f"/procedures/water-supply/{MUROTO}/")
    mine.press("入力を始める")
    mine.fill(place__rest="1234番地")

    mine.press("次へ")
    assert mine.page.title().startswith("エラー：")
    for link in mine.page.locator("error-summary a").all():
        target = link.get_attribute("href")
        assert mine.page.locator(target).count() == 1, target

    mine.choose("使い始める")
    mine.fill(place__postal_code="781-7101")
    mine.press("次へ")
    mine.follow("戻る")
    assert mine.page.locator('[name="place-rest"]').input_value() == "1234番地"
    assert mine.page.get_by_label("使い始める").is_checked()
    mine.page.reload()
    assert mine.page.locator('[name="place-city"]').input_value() == "室戸市"


def test_the_enter_key_goes_on_and_the_address_button_looks_up(screen):
    factories.water_supply(MUROTO)
    mine = screen()
    mine.open(f"/procedures/water-supply/{MUROTO}/")
    mine.press("入力を始める")
    mine.choose("使い始める")
    mine.fill(place__postal_code="781-7101")

    mine.press("住所を検索")
    assert mine.page.locator('[name="place-town"]').input_value() == "室戸岬町"
    assert mine.page.locator("error-summary").count() == 0
    mine.fill(place__rest="1234番地")
    mine.page.locator('[name="place-rest"]').press("Enter")

    assert mine.page.url.endswith("/questions/use/")
