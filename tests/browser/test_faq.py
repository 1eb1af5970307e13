"""Asking in a browser: without JavaScript on a telephone, and with it in the panel."""

import pytest

from faq.models import Calibration
from foundation.tenancy.scope import NOBODY, scoped
from tests.factories.faq import desk, entry, indexed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.verify,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"]),
]

IS_FOCUSED = "one => one === document.activeElement"
COOLING_OFF = "訪問販売のクーリング・オフは何日以内にできますか"


@pytest.fixture(autouse=True)
def answers(settings, tmp_path):
    """Let a desk answer, and a candidate be offered whatever is asked in its words."""
    settings.FAQ_INDEX_DIR = tmp_path / "faq-index"
    settings.FAQ_ENCODER = "tests.factories.faq.Letters"
    consumer = desk(code="consumer")
    entry(consumer, COOLING_OFF, "8日以内です。", contacts=["188"], is_sample=True)
    entry(consumer, "通信販売で買った品物を返品できますか")
    entry(consumer, "架空請求のメールが届きました")
    desk(code="administration", name="行政管理課", subject="くらしの手続")
    with scoped(NOBODY):
        Calibration.objects.create(audience="resident", answer_from=2, offer_from=0.2)
    indexed()


def test_a_question_is_solved_on_a_telephone_without_javascript(
    open_context, live_server
):
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="AI-FAQに聞く").first.click()

    page.get_by_label("質問").fill("訪問販売をクーリング・オフしたい")
    page.get_by_role("button", name="質問する").click()
    page.get_by_role("button", name=COOLING_OFF).click()

    assert page.get_by_text("8日以内です。").is_visible()
    call = page.get_by_role("link", name="消費者ホットライン 188")
    assert call.get_attribute("href") == "tel:188"
    page.get_by_role("button", name="役に立った").click()
    assert page.get_by_text("ありがとうございました").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_nobody_answers_gets_a_number_that_finds_it_again(
    open_context, live_server
):
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/faq/")
    page.get_by_label("質問").fill("ZZZZ")
    page.get_by_role("button", name="質問する").click()
    page.get_by_label("Anything to add").fill("電話は090-1234-5678です")
    page.get_by_role("button", name="Send").click()
    number, code = page.locator(".confirmation .number").all_text_contents()

    other = open_context(java_script_enabled=False).new_page()
    other.goto(f"{live_server.url}/faq/tickets/")
    other.get_by_label("受付番号").fill(number)
    other.get_by_label("問合せ番号").fill(code.replace("-", " ").lower())
    other.get_by_role("button", name="返事を見る").click()

    assert other.get_by_text("電話は［電話番号］です").is_visible()
    assert other.get_by_text(number).is_visible()


def test_the_panel_asks_without_leaving_the_page(open_context, live_server):
    context = open_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/about/")
    assert context.cookies() == []

    page.get_by_role("button", name="AI-FAQに聞く").click()
    panel = page.get_by_role("dialog", name="AI-FAQに聞く")
    panel.get_by_label("質問", exact=True).fill("訪問販売をクーリング・オフしたい")
    page.keyboard.press("Enter")
    panel.get_by_role("button", name=COOLING_OFF).click()
    panel.get_by_text("8日以内です。").wait_for()
    panel.get_by_role("button", name="役に立った").click()
    panel.get_by_text("ありがとうございました").wait_for()

    assert page.url == f"{live_server.url}/about/"
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate("document.activeElement.className") == "faq-launch no-print"


def test_the_panel_is_used_by_keyboard_alone(open_context, live_server):
    page = open_context().new_page()
    page.goto(f"{live_server.url}/about/")
    page.get_by_role("button", name="AI-FAQに聞く").focus()
    page.keyboard.press("Space")
    panel = page.get_by_role("dialog", name="AI-FAQに聞く")
    panel.wait_for()
    assert panel.get_by_role("combobox", name="質問").evaluate(IS_FOCUSED)

    page.keyboard.type("訪問販売をクーリング・オフしたい")
    page.keyboard.press("Enter")
    heading = panel.get_by_role("heading", name="訪問販売をクーリング・オフしたい")
    heading.wait_for()
    assert heading.evaluate(IS_FOCUSED)
    page.keyboard.press("Tab")
    while not panel.get_by_role("button", name=COOLING_OFF).evaluate(IS_FOCUSED):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    panel.get_by_text("8日以内です。").wait_for()
    answer = panel.get_by_role("heading", name=COOLING_OFF)
    assert answer.evaluate(IS_FOCUSED)
    panel.get_by_role("button", name="閉じる").focus()
    page.keyboard.press("Enter")

    assert not panel.is_visible()
    assert page.locator(".faq-launch").evaluate(IS_FOCUSED)


def test_the_panel_changes_its_language(open_context, live_server):
    page = open_context().new_page()
    page.goto(f"{live_server.url}/about/")
    page.get_by_role("button", name="AI-FAQに聞く").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("link", name="English").click()

    panel.get_by_role("button", name="Close").wait_for()
    panel.get_by_role("combobox", name="Your question").fill("ZZZZ")
    panel.get_by_role("button", name="Ask", exact=True).click()
    panel.get_by_role("heading", name="ZZZZ").wait_for()

    assert panel.get_by_role("button", name="Send").is_visible()
    assert page.url == f"{live_server.url}/about/"


def test_suggestions_open_the_answer_by_keyboard(open_context, live_server):
    page = open_context().new_page()
    page.goto(f"{live_server.url}/faq/")
    field = page.get_by_role("combobox", name="質問")
    field.press_sequentially("クーリング・オフ")
    page.get_by_role("option", name=COOLING_OFF).wait_for()
    assert field.get_attribute("aria-expanded") == "true"

    field.press("ArrowDown")
    chosen = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    field.press("Enter")

    page.get_by_role("heading", level=1, name=COOLING_OFF).wait_for()
    assert "/faq/entries/" in page.url
    assert "クーリング" not in page.url
