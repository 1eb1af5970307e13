"""From a question that nothing answers to a published entry, by hand, in a browser."""

from time import monotonic

import pytest
from django.conf import settings

from faq.decision import Outcome
from faq.queries.finding import asking_as_resident, find
from foundation.tenancy.scope import NOBODY, scoped
from tests import factories
from tests.factories import MUROTO
from tests.factories.asked import group_unanswered, question
from tests.factories.faq import desk, entry, indexed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"]),
]

ASKED = ["排水口がつまりました", "排水口がつまりましたどうしよう", "排水口がつまった"]
ANSWER = "大家さんか管理会社へ連絡してください。夜間は水道の窓口が業者を案内します。"
# Opening the list, opening the cluster, publishing; typing is no click.
MOST_CLICKS, MOST_SECONDS = 3, 120


@pytest.fixture
def faq_of_its_own(settings, tmp_path):
    settings.FAQ_INDEX_DIR = tmp_path / "faq-index"
    settings.FAQ_ENCODER = "tests.factories.faq.Letters"


class Hand:
    """A member of staff at the desk: what they click is counted."""

    def __init__(self, context, base, client):
        session = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": base,
        }
        context.add_cookies([session])
        self.page, self.clicks, self.refused = context.new_page(), 0, []
        self.page.on(
            "console", lambda m: "Content Security" in m.text and self.refused.append(m)
        )
        self.page.goto(f"{base}/admin/")

    def click(self, role, name):
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name).first.click()

    def sees(self, text):
        return text in self.page.locator("body").inner_text()


@pytest.fixture
def hand(faq_of_its_own, open_context, live_server, client):
    def sit_down(*roles, width=1280):
        client.force_login(factories.staff(*roles, organization=MUROTO))
        context = open_context(width, 900, java_script_enabled=False)
        return Hand(context, live_server.url, client)

    return sit_down


@pytest.mark.parametrize("width", [1280, 360])
def test_an_unanswered_question_is_a_published_entry_in_three_clicks(hand, width):
    office = desk(MUROTO, needs_review=False)
    entry(office, "犬の登録はどこでできますか")
    for text in ASKED:
        question(office, text)
    group_unanswered()
    clerk = hand("clerk", "publisher", width=width)
    begun = monotonic()

    clerk.click("link", "未回答のまとまり")
    clerk.click("link", "排水口がつまりました")
    clerk.page.get_by_label("回答", exact=False).first.fill(ANSWER)
    clerk.click("button", "公開する")

    assert monotonic() - begun < MOST_SECONDS
    assert clerk.clicks <= MOST_CLICKS
    assert clerk.refused == []
    indexed()
    with scoped(NOBODY):
        asking = asking_as_resident(ASKED[1], place=MUROTO)
        found = find(ASKED[1], asking)
    assert found.entries[0].live.answer == ANSWER
    assert found.outcome != Outcome.HAND_OVER


def test_with_a_second_pair_of_eyes_it_takes_seven_clicks(hand):
    office = desk(MUROTO)
    for text in ASKED:
        question(office, text)
    group_unanswered()
    clerk = hand("clerk")
    clerk.click("link", "未回答のまとまり")
    clerk.click("link", "排水口がつまりました")
    clerk.page.get_by_label("回答", exact=False).first.fill(ANSWER)
    clerk.click("button", "下書きにして確認を頼む")

    reviewer = hand("publisher")
    reviewer.click("link", "確認待ち")
    reviewer.click("link", "排水口がつまりました")
    assert reviewer.sees(ANSWER)
    reviewer.click("link", "公開する")
    reviewer.click("button", "公開する")

    assert clerk.clicks + reviewer.clicks <= 2 * MOST_CLICKS + 1
    indexed()
    with scoped(NOBODY):
        found = find(ASKED[0], asking_as_resident(ASKED[0], place=MUROTO))
    assert found.entries[0].live.answer == ANSWER
