"""Pages of the FAQ: what one asks, what is shown, and who may see it."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from faq.actions.counting import count_popular
from faq.models import Calibration, Desk, Question, Ticket
from faq.queries.catalogue import popular_entries
from faq.views import asking as asking_views
from foundation.limits import Limit
from foundation.tenancy.scope import NOBODY, Scope, scoped
from organizations.queries import scope_for
from tests import factories
from tests.factories import MUROTO, PREFECTURE
from tests.factories.asked import question
from tests.factories.browsers import browser_of
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

COOLING_OFF = "訪問販売のクーリング・オフは何日以内にできますか"
EVERYBODY = Scope(organization_ids=frozenset({PREFECTURE, MUROTO}))


@pytest.fixture
def consumer():
    return desk(code="consumer")


def thresholds(answer_from, offer_from, audience="resident"):
    with scoped(NOBODY):
        Calibration.objects.create(
            audience=audience, answer_from=answer_from, offer_from=offer_from
        )


def answers_all(consumer_, **words):
    """Let one of three entries answer whatever is asked in its words."""
    wanted = entry(consumer_, COOLING_OFF, "8日以内です。", **words)
    entry(consumer_, "架空請求のメールが届きました")
    entry(consumer_, "ごみの出し方がわかりません")
    thresholds(0.2, 0.1)
    indexed()
    return wanted


def ask(client, text=COOLING_OFF, **fields):
    posted = client.post("/faq/questions/", {"question": text, **fields})
    assert posted.status_code == 303, posted.content.decode()
    return posted["Location"]


def page(client, address, status=200):
    shown = client.get(address)
    assert shown.status_code == status
    return shown.content.decode()


def stored():
    with scoped(EVERYBODY):
        return list(Question.objects.order_by("pk"))


def test_the_answer_has_its_words_source_office_date_and_mark(client, consumer):
    answers_all(
        consumer,
        source="特定商取引に関する法律 第9条",
        is_sample=True,
        contacts=["189"],
    )

    html = page(client, ask(client))

    today = timezone.localdate()
    for words in (
        "8日以内です。",
        "特定商取引に関する法律 第9条",
        "消費生活センター",
        f'datetime="{today:%Y-%m-%d}',
        "サンプル",
        "役に立った",
        "解決しなかった",
    ):
        assert words in html


def test_official_numbers_of_question_and_entry_stand_beside_the_answer(
    client, consumer
):
    answers_all(consumer, contacts=["189"])

    html = page(client, ask(client, "クーリング・オフは何日以内 詐欺かも"))

    assert 'href="tel:188"' in html
    assert 'href="tel:189"' in html
    assert 'href="tel:%239110"' in html
    assert 'href="tel:119"' not in html


def test_english_words_are_shown_and_marked_where_they_are_written(client, consumer):
    answers_all(
        consumer,
        question_en="How long?",
        answer_en="Eight days.",
        machine_translated=["en"],
    )

    html = page(client, ask(client, lang="en"))

    assert re.search(r'<div class="faq-body" lang="en">\s*<p>Eight days', html)
    assert "Machine translation" in html


def test_a_question_is_marked_as_what_it_is_written_in(client):
    entry(desk(), COOLING_OFF)
    indexed()

    html = page(client, ask(client, lang="en"))

    assert f'<span lang="ja">{COOLING_OFF}</span>' in html


def test_japanese_stands_in_and_says_so(client, consumer):
    answers_all(consumer)

    html = page(client, ask(client, lang="en"))

    assert re.search(r'<div class="faq-body" lang="ja">\s*<p>8日以内', html)
    assert "available in Japanese only" in html


def test_easy_words_show_their_readings_and_nothing_of_their_markup(client, consumer):
    answers_all(consumer, question_easy="家(いえ)で", answer_easy="<b>紙(かみ)</b>")

    html = page(client, ask(client, lang="ja-easy"))

    assert "<ruby>紙<rp>（</rp><rt>かみ</rt>" in html
    assert "&lt;b&gt;" in html


def test_nobody_else_opens_a_question(client, consumer):
    answers_all(consumer)
    address = ask(client)

    assert COOLING_OFF in page(client, address)
    html = page(Client(), address, status=404)
    assert "質問した方だけが見られます" in html
    assert COOLING_OFF not in html
    other = Client()
    ask(other)
    page(other, address, status=404)


def test_whoever_signed_in_opens_it_by_that_and_gets_no_key(consumer):
    answers_all(consumer)
    browser = browser_of(factories.resident())

    address = ask(browser)

    assert settings.CAPABILITY_COOKIE_NAME not in browser.cookies
    page(browser, address)
    page(browser_of(factories.resident()), address, status=404)


def test_the_key_goes_to_pages_of_the_faq_alone(client, consumer):
    answers_all(consumer)

    ask(client)

    key = client.cookies[settings.CAPABILITY_COOKIE_NAME]
    assert (key["path"], key["httponly"], key["samesite"]) == ("/faq/", True, "Lax")
    assert key["max-age"] == ""


def test_personal_data_are_in_no_address_and_in_no_row(client, consumer):
    answers_all(consumer)

    address = ask(client, "090-1234-5678です。クーリング・オフしたい")

    assert "090" not in address
    assert "1234-5678" not in page(client, address)
    assert stored()[0].text.startswith("［電話番号］")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "質問を、文で入力してください"),
        (" \u200b ", "質問を、文で入力してください"),
        ("あ" * 501, "500文字まで"),
        ("\ufdfa" * 3000, "500文字まで"),
    ],
)
def test_what_is_no_question_is_told_so(client, consumer, text, sentence):
    answers_all(consumer)

    refused = client.post("/faq/questions/", {"question": text})

    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert stored() == []


def test_letters_that_unfold_to_many_are_answered(client, consumer):
    answers_all(consumer)

    page(client, ask(client, "\ufdfa" * 500))

    assert len(stored()[0].text) <= 500


@pytest.mark.parametrize(("text", "status"), [("a\x00b", 400), ("あ" * 400_000, 413)])
def test_what_no_browser_sends_is_refused(client, consumer, text, status):
    answers_all(consumer)

    assert client.post("/faq/questions/", {"question": text}).status_code == status


def test_a_municipality_that_is_none_is_told_so(client, consumer):
    answers_all(consumer)

    refused = client.post("/faq/questions/", {"question": "水道", "place": "999"})

    assert refused.status_code == 422
    assert "一覧から、市町村を選んで" in refused.content.decode()


def test_the_town_one_lives_in_answers_too(client, consumer):
    answers_all(consumer)
    of_town = entry(desk(MUROTO, name="室戸市 住民課"), "犬の登録はどこでできますか")
    indexed()

    html = page(client, ask(client, "犬の登録はどこ", place=str(MUROTO)))

    assert of_town.live.question in html
    assert stored()[0].place_id == MUROTO


def test_candidates_are_chosen_and_judged_once(client, consumer):
    wanted = entry(consumer, COOLING_OFF, "8日以内です。")
    thresholds(2, -1)
    indexed()
    address = ask(client)
    assert "近いものは、次の中にありますか" in page(client, address)

    for _ in range(2):
        chosen = client.post(f"{address}choose/", {"entry": str(wanted.pk)})
        assert chosen.status_code == 303
    assert "8日以内です。" in page(client, address)
    for verdict in ("solved", "unsolved", "nonsense"):
        client.post(f"{address}judge/", {"verdict": verdict})

    assert "ありがとうございました" in page(client, address)
    assert [(one.chosen_id, one.verdict) for one in stored()] == [(wanted.pk, "solved")]


def test_none_of_the_candidates_leads_to_people(client, consumer):
    entry(consumer, COOLING_OFF)
    thresholds(2, -1)
    indexed()
    address = ask(client)

    client.post(f"{address}choose/", {"entry": ""})

    html = page(client, address)
    assert "この質問を窓口に送る" in html
    assert "近いものは" not in html


@pytest.mark.parametrize(
    "made_up", ["nonsense", "00000000-0000-0000-0000-000000000000"]
)
def test_a_choice_that_was_not_offered_is_refused_kindly(client, consumer, made_up):
    answers_all(consumer)
    address = ask(client)

    refused = client.post(f"{address}choose/", {"entry": made_up})

    assert refused.status_code == 409
    assert "候補の中から選んでください" in refused.content.decode()


def test_an_answer_that_was_withdrawn_since_is_not_shown(client, consumer):
    wanted = answers_all(consumer)
    address = ask(client)
    with scoped(EVERYBODY):
        wanted.withdrawn_at = timezone.now()
        wanted.save(update_fields=["withdrawn_at"])

    html = page(client, address)

    assert "8日以内です。" not in html
    assert "この質問を窓口に送る" in html


def test_the_next_question_belongs_to_the_same_conversation(client, consumer):
    answers_all(consumer)

    first = ask(client)
    ask(client, after=first.split("/")[-2])
    ask(Client())

    one, two, other = stored()
    assert one.conversation == two.conversation != other.conversation
    assert one.capability == two.capability


def test_a_question_of_another_is_not_gone_on_with(client, consumer):
    answers_all(consumer)
    theirs = ask(Client())

    ask(client, after=theirs.split("/")[-2])

    one, two = stored()
    assert one.conversation != two.conversation


def test_leaving_forgets_the_key(client, consumer):
    answers_all(consumer)
    address = ask(client)

    assert client.post("/faq/leave/").status_code == 303

    page(client, address, status=404)


def test_too_many_questions_of_one_line_have_to_wait(client, consumer, monkeypatch):
    answers_all(consumer)
    narrow = Limit("test-faq-ask", attempts=2, seconds=60)
    monkeypatch.setattr(asking_views, "ASKED", narrow)

    ask(client)
    ask(client)

    assert client.post("/faq/questions/", {"question": "水道"}).status_code == 429


def test_forms_of_another_site_are_not_taken(consumer):
    answers_all(consumer)
    strict = Client(enforce_csrf_checks=True)

    for address in ("/faq/questions/", "/faq/suggestions/"):
        assert strict.post(address, {"question": "水道"}).status_code == 403


def test_suggestions_are_public_entries_and_leave_no_trace(client, consumer):
    wanted = entry(consumer, COOLING_OFF)
    entry(desk(audience="staff"), "クーリング・オフの会計処理")
    entry(consumer, "クーリング・オフの下書き", published=False)
    indexed("resident", "staff")

    said = client.post("/faq/suggestions/", {"question": "クーリング・オフ"}).json()

    address = f"/faq/entries/{PREFECTURE}/{wanted.code}/"
    assert said == {"suggestions": [{"question": COOLING_OFF, "url": address}]}
    assert stored() == []
    assert client.get("/faq/suggestions/?question=水道").status_code == 405


def test_the_ask_page_tells_who_is_there_now(client, consumer):
    entry(consumer, COOLING_OFF, category="クーリング・オフ")

    html = page(client, "/faq/")

    assert consumer.subject in html
    assert consumer.hours in html
    assert "受付中" in html or "時間外" in html
    assert f"/faq/desks/{PREFECTURE}/consumer/?category=" in html
    assert "マイナンバーは書かないで" in html


def test_what_helped_most_people_is_shown_first(client, consumer):
    answers_all(consumer)
    for _ in range(2):
        browser = Client()
        address = ask(browser)
        browser.post(f"{address}judge/", {"verdict": "solved"})

    assert "よく役に立っている質問" not in page(client, "/faq/")
    count_popular()
    html = page(client, "/faq/")

    assert "よく役に立っている質問" in html
    assert COOLING_OFF in html


def test_what_helped_staff_of_one_body_is_shown_to_no_other():
    for body in (PREFECTURE, MUROTO):
        office = desk(body, code="accounting", audience="staff")
        helpful = entry(office, f"{body}の旅費の精算はいつまでですか")
        asked = {"outcome": "answer", "answered_id": helpful.pk, "verdict": "solved"}
        question(office, helpful.live.question, **asked)
    member = factories.staff("clerk", organization=MUROTO)

    count_popular()

    with scoped(scope_for(member)):
        [shown] = popular_entries("staff", member)
    assert shown.organization_id == MUROTO
    assert popular_entries("resident") == []


def test_categories_are_counted_once_a_minute(client, consumer):
    entry(consumer, COOLING_OFF, category="クーリング・オフ")
    page(client, "/faq/")
    entry(consumer, "通信販売で買った品物を返品できますか", category="通信販売")

    assert "?category=%E9%80%9A" not in page(client, "/faq/")
    cache.delete("faq-categories")
    assert "?category=%E9%80%9A" in page(client, "/faq/")


def test_the_panel_gets_the_same_without_the_frame(client, consumer):
    answers_all(consumer)
    panel = {"X-Faq-Panel": "1"}

    opened = client.get("/faq/panel/", headers=panel).content.decode()
    address = client.post("/faq/questions/", {"question": COOLING_OFF}, headers=panel)[
        "Location"
    ]
    html = client.get(address, headers=panel).content.decode()
    refused = client.post("/faq/questions/", {"question": ""}, headers=panel)

    assert "csrfmiddlewaretoken" in opened
    assert "8日以内です。" in html
    assert "<html" not in opened + html + refused.content.decode()
    assert refused.status_code == 422
    assert stored()[0].door == "panel"


@pytest.mark.parametrize(
    ("language", "close"), [("ja", "閉じる"), ("ja-easy", "とじる"), ("en", "Close")]
)
def test_the_panel_speaks_the_language_that_was_chosen(client, language, close):
    html = page(client, f"/faq/panel/?lang={language}")

    assert f'type="button">{close}</button>' in html
    assert f'name="lang" value="{language}"' in html


def test_pages_with_the_panel_are_still_stored_by_caches(client):
    shown = client.get("/about/")

    assert 'class="faq-launch' in shown.content.decode()
    assert not shown.cookies
    assert "no-store" not in shown.headers.get("Cache-Control", "")


def test_a_question_goes_over_once_and_shows_its_numbers(client, consumer):
    thresholds(2, 1.5)
    address = ask(client, "夜中の騒音で困っています")
    sent = {"message": "毎晩です", "contact_email": "taro@example.jp"}

    first = client.post(f"{address}hand-over/", sent)
    second = client.post(f"{address}hand-over/", sent)

    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    html = page(client, first["Location"])
    with scoped(EVERYBODY):
        ticket = Ticket.objects.get()
    assert ticket.number in html
    assert "毎晩です" in html
    page(Client(), first["Location"], status=404)
    assert "この質問は、窓口に引き継ぎました" in page(client, address)
    assert "返事の目安" in html
    Ticket.objects.using("worker").update(state="answered")
    assert "返事の目安" not in page(client, first["Location"])


def test_a_conversation_whose_key_is_gone_is_shown_and_another_begins(client, consumer):
    thresholds(2, 1.5)
    address = ask(client, "夜中の騒音で困っています")
    location = client.post(f"{address}hand-over/", {"message": "毎晩です"})["Location"]
    with override_settings(INQUIRY_KEYS=["a new key"]):
        html = page(client, location)
        ask(client, "犬の登録をしたい")

    assert "受付番号" in html
    assert "問合せ番号</dt>" not in html
    first, second = sorted(stored(), key=lambda one: one.pk)
    assert first.conversation != second.conversation


def test_a_wrong_address_of_mail_is_told_and_nothing_goes_over(client, consumer):
    address = ask(client, "夜中の騒音で困っています")

    refused = client.post(f"{address}hand-over/", {"contact_email": "taro"})

    assert refused.status_code == 422
    assert "メールアドレスの形" in refused.content.decode()
    with scoped(EVERYBODY):
        assert not Ticket.objects.exists()


def test_another_desk_of_the_body_may_be_chosen_and_no_other(client, consumer):
    labour = desk(code="labour", name="労働委員会")
    of_town = desk(MUROTO)
    address = ask(client, "夜中の騒音で困っています")

    refused = client.post(f"{address}hand-over/", {"desk": str(of_town.pk)})
    sent = client.post(f"{address}hand-over/", {"desk": str(labour.pk)})

    assert (refused.status_code, sent.status_code) == (422, 303)
    with scoped(EVERYBODY):
        assert Ticket.objects.get().desk == labour


@pytest.mark.parametrize("place", ["9" * 5_000, "-1", "0", "室戸市", "392022.0"])
def test_a_place_that_is_none_stops_no_suggestion(client, consumer, place):
    words = {"question": "クーリング・オフ", "place": place}

    assert client.post("/faq/suggestions/", words).status_code == 200


def test_where_its_desk_has_been_closed_the_open_one_is_asked(client, consumer):
    address = ask(client, "夜中の騒音で困っています")
    Desk.objects.using("owner").update(closed_at=timezone.now())
    labour = desk(code="labour", name="労働委員会")

    sent = client.post(f"{address}hand-over/", {"message": "毎晩です"})

    assert sent.status_code == 303
    with scoped(EVERYBODY):
        assert Ticket.objects.get().desk == labour
