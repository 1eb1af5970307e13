"""Pages that one reads: entries, desks, tickets; and those that staff alone read."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from faq.actions.tickets import reply_to_ticket
from faq.models import Question, Ticket
from foundation.numbering import arrival_number
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import KOCHI, MUROTO, PREFECTURE
from tests.factories.browsers import browser_of
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

COOLING_OFF = "訪問販売のクーリング・オフは何日以内にできますか"
EVERYBODY = Scope(organization_ids=frozenset({PREFECTURE, MUROTO}))
YESTERDAY, TOMORROW = -1, 1


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


def address_of(written):
    return f"/faq/entries/{written.organization_id}/{written.code}/"


def page(client, address, status=200):
    shown = client.get(address)
    assert shown.status_code == status, address
    return shown.content.decode()


def test_an_entry_has_a_lasting_page_that_caches_may_keep(client):
    written = entry(desk(), COOLING_OFF, "8日以内です。", code="cooling-off")

    shown = client.get(address_of(written))

    html = shown.content.decode()
    assert "8日以内です。" in html
    assert re.search(
        r'rel="canonical"\s+href="[^"]+/faq/entries/390003/cooling-off/"', html
    )
    assert not shown.cookies
    assert "no-store" not in shown.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"valid_until": YESTERDAY}, 410),
        ({"valid_from": TOMORROW}, 404),
        ({"valid_from": YESTERDAY, "valid_until": TOMORROW}, 200),
    ],
)
def test_an_entry_is_read_within_its_days(client, words, status):
    days = {name: day(offset) for name, offset in words.items()}
    written = entry(desk(), COOLING_OFF, "8日以内です。", **days)

    html = page(client, address_of(written), status)

    assert ("8日以内です。" in html) == (status == 200)
    assert ("いまは公開していません" in html) == (status == 410)


def withdrawn(desk_, question):
    made = entry(desk_, question, "書かれていた答え")
    with scoped(EVERYBODY):
        made.withdrawn_at = timezone.now()
        made.save(update_fields=["withdrawn_at"])
    return made


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ja", "いまは公開していません"),
        ("ja-easy", "もう ありません"),
        ("en", "no longer published"),
    ],
)
def test_what_was_withdrawn_is_gone_and_one_may_ask_anew(client, language, sentence):
    address = address_of(withdrawn(desk(), "通信販売の返品"))

    html = page(client, f"{address}?lang={language}", 410)

    assert sentence in html
    assert 'class="button"\n       href="/faq/' in html
    assert "通信販売" not in html
    assert "書かれていた答え" not in html


def test_what_residents_never_read_is_not_there(client):
    draft = entry(desk(), COOLING_OFF, published=False)
    of_staff = withdrawn(desk(audience="staff"), "支出の質問")

    for address in (address_of(draft), address_of(of_staff), "/faq/entries/999999/no/"):
        page(client, address, 404)


def test_the_procedure_to_file_is_one_press_away(client):
    water = factories.water_supply(MUROTO)
    written = entry(desk(), "水道を使い始めるには", procedure=water)

    assert f'href="/procedures/{water.code}/"' in page(client, address_of(written))


def test_a_desk_lists_its_entries_by_category_and_page(client):
    consumer = desk(code="consumer")
    for n in range(25):
        entry(consumer, f"質問その{n:02}", code=f"c{n:02}", category="契約")
    entry(consumer, "借金の質問", category="借金")

    first = page(client, "/faq/desks/390003/consumer/?category=契約")
    onward = re.search(r'href="(\?[^"]+)"\s+rel="next"', first)[1].replace("&amp;", "&")
    second = page(client, f"/faq/desks/390003/consumer/{onward}")

    assert "質問その19" in first
    assert "質問その20" not in first
    assert "質問その24" in second
    assert "借金の質問" not in first + second
    page(client, "/faq/desks/390003/consumer/?category=ない分類", 404)
    page(client, "/faq/desks/390003/none/", 404)


@pytest.mark.parametrize(
    "place",
    ["", "panel/", "tickets/", "desks/390003/help/", "entries/390003/secret/"],
)
def test_pages_of_staff_are_there_for_staff_alone(client, place):
    entry(desk(code="help", audience="staff"), "支出の質問", code="secret")
    outsider = browser_of(factories.resident())
    no_member = browser_of(factories.staff(organization=MUROTO))
    member = browser_of(factories.staff("clerk", organization=PREFECTURE))

    for browser in (client, outsider, no_member):
        page(browser, f"/faq/staff/{place}", 404)
    page(member, f"/faq/staff/{place}")


def test_staff_pages_ask_for_the_second_factor_as_their_desk_does():
    desk(code="help", audience="staff")
    careless = factories.staff("clerk", organization=PREFECTURE, second_factor=False)
    member = browser_of(careless)

    shown = member.get("/faq/staff/", follow=True)
    asked = member.post("/faq/staff/questions/", {"question": "支出の質問"})

    assert shown.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "認証アプリかパスキー" in shown.content.decode()
    assert (asked.status_code, asked["Location"]) == (302, "/admin/login/")
    with scoped(EVERYBODY):
        assert not Question.objects.exists()


def test_staff_are_spoken_to_of_their_own_work():
    desk(code="help", audience="staff")
    member = browser_of(factories.staff("clerk", organization=PREFECTURE))

    html = page(member, "/faq/staff/")

    assert "会計や庶務、パソコンの困りごと" in html
    assert "例：出張の旅費" in html
    assert "訪問販売" not in html
    assert "くらし" not in html.split("</header>")[1].split("<footer")[0]


@pytest.mark.parametrize(
    ("role", "link"), [("clerk", False), ("publisher", True), ("administrator", True)]
)
def test_where_no_desk_answers_staff_the_page_says_who_founds_one(role, link):
    desk(code="help", audience="staff")
    member = browser_of(factories.staff(role, organization=KOCHI))

    html = page(member, "/faq/staff/")

    assert "窓口が、まだありません" in html
    assert 'name="question"' not in html
    assert ("/admin/faq/desk/" in html) == link


def test_support_reads_staff_pages_and_asks_nobody():
    secret = entry(desk(code="help", audience="staff"), "支出の質問", code="secret")
    indexed("staff")
    support = browser_of(factories.staff("support", organization=PREFECTURE))

    html = page(support, "/faq/staff/")
    page(support, address_of(secret).replace("/faq/", "/faq/staff/"))
    asked = support.post("/faq/staff/questions/", {"question": "支出の質問"})

    assert "県サポートの役割では、質問はできません" in html
    assert 'name="question"' not in html
    assert asked.status_code == 422
    with scoped(EVERYBODY):
        assert not Question.objects.exists()


def test_staff_entries_are_read_within_their_body_and_never_by_residents(client):
    secret = entry(desk(code="help", audience="staff"), "支出の質問", code="secret")
    of_another = browser_of(factories.staff("clerk", organization=KOCHI))
    member = browser_of(factories.staff("clerk", organization=PREFECTURE))

    page(member, address_of(secret), 404)
    assert "支出" not in page(client, address_of(secret), 404)
    assert "支出" not in page(client, "/faq/")
    page(client, "/faq/desks/390003/help/", 404)
    page(of_another, "/faq/staff/entries/390003/secret/", 404)
    page(of_another, "/faq/staff/desks/390003/help/", 404)


@pytest.mark.parametrize("code", ["9" * 24, "2147483648", "39000", "0390003"])
def test_a_code_that_no_body_can_have_is_not_there(client, code):
    member = browser_of(factories.staff("clerk", organization=PREFECTURE))

    for browser, place in ((client, "/faq"), (member, "/faq/staff")):
        page(browser, f"{place}/entries/{code}/x/", 404)
        page(browser, f"{place}/desks/{code}/accounting/", 404)


def test_staff_ask_among_pages_of_staff():
    helpdesk = desk(code="help", audience="staff", name="PCヘルプデスク")
    entry(helpdesk, "パソコンが動かない", "再起動します。")
    indexed("staff")
    member = browser_of(factories.staff("clerk", organization=PREFECTURE))

    asked = member.post("/faq/staff/questions/", {"question": "パソコンが動かない"})

    assert asked["Location"].startswith("/faq/staff/questions/")
    html = page(member, asked["Location"])
    assert "パソコンが動かない" in html
    assert 'action="/faq/staff/questions/' in html
    colleague = browser_of(factories.staff("clerk", organization=PREFECTURE))
    page(colleague, asked["Location"], 404)
    page(member, asked["Location"].replace("/staff", ""), 404)
    with scoped(EVERYBODY):
        assert Question.objects.get().audience == "staff"


def test_suggestions_for_staff_are_of_their_body():
    entry(desk(code="help", audience="staff"), "支出の質問", code="secret")
    indexed("staff")
    member = browser_of(factories.staff("clerk", organization=PREFECTURE))
    other = browser_of(factories.staff("clerk", organization=KOCHI))

    said = [
        browser.post("/faq/staff/suggestions/", {"question": "支出"}).json()
        for browser in (member, other)
    ]

    assert [len(one["suggestions"]) for one in said] == [1, 0]
    assert said[0]["suggestions"][0]["url"] == "/faq/staff/entries/390003/secret/"


def handed_over(client):
    """Ask, hand over, and return the ticket with its page and its code."""
    desk(code="administration")
    asked = client.post("/faq/questions/", {"question": "夜中の騒音で困っています"})
    sent = client.post(f"{asked['Location']}hand-over/", {"message": "毎晩です"})
    html = page(client, sent["Location"])
    code = re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", html)[0]
    with scoped(EVERYBODY):
        return Ticket.objects.get(), sent["Location"], code


def test_a_ticket_is_found_again_by_its_two_numbers(client):
    ticket, address, code = handed_over(client)
    other = Client()

    sent = {"number": ticket.number.lower(), "inquiry_code": code.lower()}
    found = other.post("/faq/tickets/", sent)

    assert (found.status_code, found["Location"]) == (303, address)
    assert "毎晩です" in page(other, address)


def test_the_reply_stands_before_the_numbers_that_lead_to_it(client):
    ticket, address, code = handed_over(client)
    with scoped(EVERYBODY):
        clerk = factories.staff("clerk", organization=PREFECTURE)
        reply_to_ticket(ticket, text="夜間は警察へ", by=clerk)

    html = page(client, address)

    assert "返事が届きました" in html
    assert html.index("夜間は警察へ") < html.index(ticket.number) < html.index(code)


def test_a_wrong_code_and_a_wrong_number_read_the_same(client):
    ticket, _, code = handed_over(client)
    wrong = {"number": ticket.number, "inquiry_code": "A" * 16}
    number = f"Q-{arrival_number(PREFECTURE, 2026, 9_999_999)}"
    missing = {"number": number, "inquiry_code": code}

    said = [Client().post("/faq/tickets/", sent) for sent in (wrong, missing)]

    assert [one.status_code for one in said] == [422, 422]
    assert all("見つかりませんでした" in one.content.decode() for one in said)


@pytest.mark.parametrize(
    ("language", "label", "refusal"),
    [
        ("ja", "16文字の番号です", "見つかりませんでした"),
        ("ja-easy", "といあわせばんごう", "ちがいます"),
        ("en", "code of 16 characters", "do not belong together"),
    ],
)
def test_the_look_up_speaks_the_language_of_the_page(client, language, label, refusal):
    address = f"/faq/tickets/?lang={language}"
    number = f"Q-{arrival_number(PREFECTURE, 2026, 9_999_999)}"
    unknown = {"number": number, "inquiry_code": "A" * 16}

    html = page(client, address)
    refused = client.post(address, unknown).content.decode()

    assert label in html
    assert refusal in refused


def test_guessing_codes_ends_after_ten(client):
    ticket, _, _ = handed_over(client)
    wrong = {"number": ticket.number, "inquiry_code": "B" * 16}

    answers = [client.post("/faq/tickets/", wrong).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_whoever_asked_writes_again_until_it_has_ended(client):
    ticket, address, _ = handed_over(client)

    empty = client.post(f"{address}messages/", {"text": " "})
    written = client.post(f"{address}messages/", {"text": "まだ続いています"})
    assert (empty.status_code, written.status_code) == (422, 303)
    assert "まだ続いています" in page(client, address)
    with scoped(EVERYBODY):
        Ticket.objects.filter(pk=ticket.pk).update(state="closed")

    late = client.post(f"{address}messages/", {"text": "もう一度"})

    assert late.status_code == 409
    assert "この相談は終わりました" in late.content.decode()
    assert "もう一度書く" not in page(client, address)
