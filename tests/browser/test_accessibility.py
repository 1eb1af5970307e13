"""Every page of a filing, in every state, under axe and under a keyboard."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.actions import (
    accept_application,
    decide_application,
    return_application,
)
from applications.models import Document
from applications.queries import inquiry_code_of
from faq.models import Calibration
from foundation.identifiers import new_id
from foundation.tenancy.scope import NOBODY, Scope, scoped
from organizations.queries import scope_for
from tests import factories
from tests.factories import AKI, KOCHI, MUROTO, faq

pytestmark = [
    pytest.mark.browser,
    pytest.mark.verify,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"]),
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# 320 px is 1280 px at 400 % (WCAG 1.4.10).
SIZES = [(1280, 900), (360, 740), (320, 256)]
# What has the focus is outlined and can be hit (WCAG 2.4.7, 2.5.8); links in running
# text may be lower than 24 px.
FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const name = element.tagName + " " + element.textContent.trim().slice(0, 20);
  const inline = style.display == "inline";
  const outlined = style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2;
  return [name, outlined, inline || (box.width >= 24 && box.height >= 24)];
}"""
STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary"


OF_NO_FILING = [
    "/",
    "/about/",
    "/accessibility/",
    "/privacy/",
    "/signed-out/",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/admin/login/",
]
DESK = "/admin/applications/application/"


def address(name, filed, *more):
    return reverse(f"applications:{name}", args=[filed.pk, *more])


def make_pages():
    """Return the filings that are opened by key, and the address of every page."""
    water = factories.water_supply(MUROTO, AKI)
    later = timezone.now() + timedelta(days=3)
    factories.offering(KOCHI, of=water, opens_at=later)
    dog = factories.procedure(code="dog", title="犬の登録", required_level=1)
    factories.form(dog)
    factories.offering(MUROTO, of=dog)
    full, empty = factories.draft(MUROTO), factories.draft(MUROTO, raw={})
    filed, returned = factories.application(MUROTO), factories.application(MUROTO)
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(scope_for(clerk)):
        return_application(
            returned,
            field_keys=["place"],
            message="番地をお確かめください。",
            due_on=timezone.localdate() + timedelta(days=14),
            by=clerk,
        )
    refused = factories.application(MUROTO, kind="permit")
    approver = factories.staff("approver", organization=MUROTO)
    with scoped(scope_for(clerk)):
        accept_application(refused, by=clerk)
        decide_application(refused, "reject", reason="要件に合わない。", by=approver)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        paper = Document.objects.get(application=filed)
        notice = Document.objects.get(application=refused, kind=Document.Kind.NOTICE)
    return [full, empty, filed, returned, refused], [
        *OF_NO_FILING,
        "/procedures/",
        "/procedures/?q=宇宙",
        "/procedures/?organization=1",
        "/procedures/water-supply/",
        f"/procedures/water-supply/{MUROTO}/",
        f"/procedures/water-supply/{KOCHI}/",
        "/procedures/water-supply/390003/",
        f"/procedures/dog/{MUROTO}/",
        f"/organizations/{MUROTO}/",
        "/organizations/390003/",
        "/organizations/1/",
        "/inquiry/",
        reverse("applications:case", args=[new_id()]),
        address("question", empty, "you"),
        address("question", empty, "use") + "?from=check",
        address("check", full),
        address("discard", full),
        address("complete", filed),
        address("case", filed),
        address("withdraw", filed),
        address("document", filed, paper.pk),
        address("download", filed, paper.pk),
        address("case", returned),
        address("case", refused),
        address("document", refused, notice.pk),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_of_a_filing_shuts_anybody_out(open_context, live_server, scheme, size):
    filings, addresses = make_pages()
    context = open_context(*size, color_scheme=scheme)
    keys = [
        {
            "name": settings.CAPABILITY_COOKIE_NAME,
            "value": inquiry_code_of(filed),
            "url": live_server.url + address("case", filed),
        }
        for filed in filings
    ]
    context.add_cookies(keys)

    assert problems_at(context, live_server, addresses) == []


@pytest.fixture
def faq_of_its_own(settings, tmp_path):
    """Keep the index apart; compare texts by their letters."""
    settings.FAQ_INDEX_DIR = tmp_path / "faq-index"
    settings.FAQ_ENCODER = "tests.factories.faq.Letters"


@pytest.mark.usefixtures("faq_of_its_own")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_of_the_faq_shuts_anybody_out(open_context, live_server, scheme, size):
    context = open_context(*size, color_scheme=scheme)

    addresses = make_faq_pages(context, live_server)

    assert problems_at(context, live_server, addresses) == []


@pytest.mark.usefixtures("faq_of_its_own")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_of_the_faq_for_staff_shuts_anybody_out(
    client, open_context, live_server, scheme, size
):
    helpdesk = faq.desk(code="help", audience="staff")
    faq.entry(helpdesk, "パソコンが動かない", code="pc")
    faq.indexed("staff")
    found = []
    for role, body in (("clerk", 390003), ("support", 390003), ("publisher", AKI)):
        client.force_login(factories.staff(role, organization=body))
        context = open_context(*size, color_scheme=scheme)
        context.add_cookies([session_of(client, live_server)])
        places = ["/faq/staff/", "/faq/staff/tickets/"]
        if role == "clerk":
            asked = client.post("/faq/staff/questions/", {"question": "パソコン"})
            places += [
                "/faq/staff/?lang=ja-easy",
                "/faq/staff/desks/390003/help/",
                "/faq/staff/entries/390003/pc/",
                asked["Location"],
            ]
        found += problems_at(context, live_server, places)
    assert found == []


def session_of(client, live_server):
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }


@pytest.mark.usefixtures("faq_of_its_own")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_open_panel_shuts_nobody_out(open_context, live_server, scheme, size):
    consumer = faq.desk(code="consumer")
    faq.entry(consumer, "訪問販売の期限", "8日以内です。", contacts=["188"])
    faq.indexed()
    with scoped(NOBODY):
        Calibration.objects.create(audience="resident", answer_from=2, offer_from=-1)
    page = open_context(*size, color_scheme=scheme).new_page()
    page.goto(f"{live_server.url}/about/")
    found = []
    page.get_by_role("button", name="AI-FAQに聞く").click()
    panel = page.get_by_role("dialog")

    def look(state):
        found.extend(problems_of(page, state, page.viewport_size["width"]))

    panel.wait_for()
    look("open")
    panel.get_by_role("combobox").fill("訪問販売の期限は")
    page.get_by_role("option").first.wait_for()
    look("suggesting")
    panel.get_by_role("button", name="質問する").click()
    panel.get_by_role("button", name="訪問販売の期限").wait_for()
    look("offered")
    panel.get_by_role("button", name="訪問販売の期限").click()
    panel.get_by_text("8日以内です。").wait_for()
    look("answered")
    panel.get_by_role("button", name="解決しなかった").click()
    panel.get_by_role("button", name="窓口に送る").click()
    panel.get_by_role("heading", name="窓口に送りました").wait_for()
    look("handed over")

    assert found == []


def make_faq_pages(context, live_server):
    """Ask and hand over in the browser; return the address of every page."""
    consumer = faq.desk(code="consumer")
    words = {
        "answer": "8日以内です。",
        "question_easy": "家(いえ)で 買(か)いました",
        "answer_easy": "8日(にち)です。",
        "question_en": "How long?",
        "answer_en": "Eight days.",
        "machine_translated": ["en"],
        "contacts": ["188"],
        "is_sample": True,
    }
    faq.entry(consumer, "訪問販売の期限", code="visit", **words)
    old = {"valid_until": timezone.localdate() - timedelta(days=1)}
    faq.entry(consumer, "通信販売の返品", code="old", **old)
    faq.indexed()
    page = context.new_page()

    def asked(text):
        page.goto(f"{live_server.url}/faq/")
        page.get_by_role("combobox", name="質問").fill(text)
        page.get_by_role("button", name="質問する").click()
        page.wait_for_url("**/questions/*/")
        return page.url.removeprefix(live_server.url)

    with scoped(NOBODY):
        Calibration.objects.create(audience="resident", answer_from=2, offer_from=-1)
    offered = asked("訪問販売の期限は")
    opened = asked("訪問販売の期限が知りたい")
    page.get_by_role("button", name="訪問販売の期限").click()
    refused = asked("騒音")
    page.get_by_role("button", name="どれもちがう").click()
    sent = asked("夜中の騒音")
    page.get_by_role("button", name="どれもちがう").click()
    page.get_by_role("button", name="窓口に送る").click()
    page.wait_for_url("**/tickets/*/")
    ticket = page.url.removeprefix(live_server.url)
    page.close()
    return [
        "/faq/",
        "/faq/?lang=en",
        "/faq/?lang=ja-easy",
        "/faq/desks/390003/consumer/",
        "/faq/entries/390003/visit/",
        "/faq/entries/390003/visit/?lang=en",
        "/faq/entries/390003/visit/?lang=ja-easy",
        "/faq/entries/390003/old/",
        "/faq/tickets/",
        "/faq/tickets/?lang=en",
        reverse("faq:question", args=[new_id()]),
        offered,
        opened,
        refused,
        sent,
        ticket,
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES[:2])
def test_no_page_of_the_desk_shuts_anybody_out(
    client, open_context, live_server, scheme, size
):
    filed = factories.application(MUROTO)
    client.force_login(factories.staff("clerk", "examiner", organization=MUROTO))
    context = open_context(*size, color_scheme=scheme)
    context.add_cookies([session_of(client, live_server)])
    case = f"{DESK}{filed.pk}"
    steps = [f"{case}/steps/{name}/" for name in ("return", "assign", "note")]
    lists = ["/admin/", DESK, f"{DESK}?q=宇宙"]

    found = problems_at(context, live_server, [*lists, f"{case}/change/", *steps])

    assert found == []


def problems_at(context, live_server, addresses):
    page, found = context.new_page(), []
    page.on("console", lambda m: "Content Security" in m.text and found.append(m.text))
    for place in addresses:
        page.goto(live_server.url + place)
        found += problems_of(page, place, page.viewport_size["width"])
    return found


def problems_of(page, place, width):
    options = {"runOnly": {"type": "tag", "values": RULES}}
    violations = Axe().run(page, options=options).response["violations"]
    for rule in violations:
        yield place, rule["id"], [node["target"] for node in rule["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        yield place, "does not fit", width
    for _ in range(page.locator(STOPS).count()):
        page.keyboard.press("Tab")
        name, outlined, can_be_hit = page.evaluate(FOCUS)
        if not name.startswith("BODY") and not (outlined and can_be_hit):
            yield place, "focus", name
