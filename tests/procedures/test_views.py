"""Finding a procedure and who offers it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from procedures import views
from tests import factories
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db

DOG = {
    "code": "dog",
    "title": "犬の登録",
    "kana": "イヌノトウロク",
    "summary": "犬を飼い始めたときの届出です。",
    "required_level": 1,
}


@pytest.fixture
def water():
    made = factories.procedure(code="water", kana="スイドウシヨウカイシ")
    factories.offering(MUROTO, of=made)
    factories.offering(AKI, of=made)
    return made


@pytest.fixture
def dog():
    made = factories.procedure(**DOG)
    factories.offering(MUROTO, of=made)
    return made


def found(client, **asked):
    return [
        card["title"] for card in client.get("/procedures/", asked).context["cards"]
    ]


@pytest.mark.parametrize(
    "words", ["水道", "すいどう", "ｽｲﾄﾞｳ", "水道 開始", " 開始　水道 ", "くらし 水道"]
)
def test_a_procedure_is_found_in_any_script_and_order(client, water, dog, words):
    assert found(client, q=words) == [water.title]


def test_without_words_all_that_can_be_filed_is_listed(client, water, dog):
    factories.procedure(code="not-offered", title="だれも受け付けない手続")
    draft = factories.procedure(title="まだ公開していない手続", published_at=None)
    factories.offering(MUROTO, of=draft)

    assert found(client) == [dog.title, water.title]


def test_a_chosen_body_narrows_the_list_and_leads_straight_to_its_page(
    client, water, dog
):
    response = client.get("/procedures/", {"organization": AKI})

    [card] = response.context["cards"]
    assert card["title"] == water.title
    assert card["url"] == f"/procedures/water/{AKI}/"
    assert "安芸市の手続" in response.content.decode()


def test_nothing_found_says_what_to_try_next(client, water):
    page = client.get("/procedures/", {"q": "宇宙旅行"}).content.decode()

    assert "当てはまる手続は見つかりませんでした" in page
    assert "短い言葉" in page
    assert "すべての手続を見る" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"organization": "999999"}, "一覧から、県または市町村を選んでください。"),
        ({"organization": "x' OR 1=1"}, "一覧から、県または市町村を選んでください。"),
        ({"q": "水" * 101}, "キーワードは100文字までにしてください。"),
    ],
)
def test_a_search_that_cannot_be_is_said_so_and_shows_all(client, water, asked, told):
    response = client.get("/procedures/", asked)

    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert water.title in page


def test_typed_words_are_shown_as_text_never_as_markup(client):
    page = client.get("/procedures/", {"q": "<script>x</script>"}).content.decode()

    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_a_long_catalogue_turns_its_pages_and_keeps_what_was_asked(client, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 2)
    for number in range(5):
        made = factories.procedure(code=f"p{number}", title=f"水道の手続{number}")
        factories.offering(MUROTO, of=made)
    factories.offering(MUROTO, of=factories.procedure(**DOG | {"code": "z"}))
    titles, address = [], "/procedures/?q=水道の"

    while address:
        context = client.get(address).context
        titles += [card["title"] for card in context["cards"]]
        following = context["next_url"]
        address = f"/procedures/{following}" if following else ""

    assert titles == [f"水道の手続{number}" for number in range(5)]


def test_the_page_of_a_procedure_lets_one_choose_the_body(client, water):
    page = client.get("/procedures/water/").content.decode()

    assert f'href="/procedures/water/{MUROTO}/"' in page
    assert f'href="/procedures/water/{AKI}/"' in page
    assert ">市</h3>" in page
    assert ">村</h3>" not in page


def test_a_body_outside_its_time_is_marked(client, water):
    later = timezone.now() + timedelta(days=1)
    factories.offering(factories.KOCHI, of=water, opens_at=later)

    page = client.get("/procedures/water/").content.decode()

    assert page.count("（受付期間外）") == 1


def test_where_only_one_body_offers_it_there_is_nothing_to_choose(client, dog):
    response = client.get("/procedures/dog/")

    assert response.url == f"/procedures/dog/{MUROTO}/"


def test_a_procedure_that_nobody_offers_yet_says_so(client):
    factories.procedure(code="lonely")

    page = client.get("/procedures/lonely/").content.decode()

    assert "いま、インターネットで受け付けているところはありません" in page


@pytest.mark.parametrize("code", ["no-such", "hidden"])
def test_an_unknown_or_unpublished_procedure_is_not_found(client, code):
    factories.procedure(code="hidden", published_at=None)

    assert client.get(f"/procedures/{code}/").status_code == 404


def test_the_page_of_a_body_lists_what_it_takes(client, water, dog):
    page = client.get(reverse("procedures:organization", args=[MUROTO])).content
    other = client.get(reverse("procedures:organization", args=[AKI])).content

    assert "室戸市の手続" in page.decode()
    assert water.title in page.decode()
    assert dog.title in page.decode()
    assert dog.title not in other.decode()


def test_a_body_that_takes_nothing_online_says_so(client):
    page = client.get(f"/organizations/{factories.KOCHI}/").content.decode()

    assert "インターネットで受け付けている手続は、まだありません" in page


@pytest.mark.parametrize("code", ["1", "392023", "99999999999999999999"])
def test_a_body_that_does_not_exist_offers_all_that_do(client, code):
    response = client.get(f"/organizations/{code}/")

    page = response.content.decode()
    assert response.status_code == 404
    assert "この番号の市町村はありません" in page
    assert page.count('href="/organizations/') == 35


@pytest.mark.parametrize(
    "address", ["/procedures/", "/procedures/water/", f"/organizations/{MUROTO}/"]
)
def test_pages_of_the_catalogue_ask_for_no_session(client, water, address):
    response = client.get(address)

    assert response.status_code == 200
    assert not response.cookies
