"""The desk of the FAQ: write, find near ones, review, publish, many at once."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from faq.actions.authoring import publish_revision, submit_revision, write_draft
from faq.actions.desks import close_desk
from faq.actions.discarding import discard_draft
from faq.errors import DeskUnusable
from faq.models import Alternative, Desk, Entry, LinkCheck, Question, Revision, State
from foundation.desk.admin import ScopedAdmin
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry as JournalEntry
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

QUESTION = "訪問販売の契約をクーリング・オフできますか"
LIST = reverse("admin:faq_entry_changelist")
NEW = reverse("admin:faq_entry_opening", args=["new"])


def within(body=PREFECTURE):
    return scoped(Scope(organization_ids=frozenset({body})))


def at_desk(*roles, organization=PREFECTURE):
    return factories.browser_of(factories.staff(*roles, organization=organization))


@pytest.fixture
def clerk():
    return at_desk("clerk")


@pytest.fixture
def publisher():
    return at_desk("publisher")


def written(of, **words):
    return {
        "desk": str(of.pk),
        "question": QUESTION,
        "answer": "8日以内ならできます。",
        "category": "契約",
        "source": "特定商取引に関する法律 第9条",
        "checked_on": "令和8年11月1日",
        **words,
    }


def step(row, name):
    return reverse("admin:faq_entry_step", args=[row.pk, name])


def page_of(row):
    return reverse("admin:faq_entry_change", args=[row.pk])


def only_entry():
    with within():
        return Entry.objects.select_related("live").get()


def test_a_question_becomes_an_answer_in_three_clicks(clerk, publisher):
    consumer = desk()
    saved = clerk.post(NEW, written(consumer, submit="1"), follow=True)
    row = only_entry()

    assert "確認を依頼しました" in saved.content.decode()
    reviewed = publisher.get(step(row, "review")).content.decode()
    assert QUESTION in reviewed
    assert "特定商取引に関する法律 第9条" in reviewed
    assert "<ins>" not in reviewed
    read = re.search(r'name="read" value="([^"]+)"', reviewed)[1]
    done = publisher.post(step(row, "review"), {"read": read}, follow=True)
    assert "第1版を公開しました" in done.content.decode()
    assert only_entry().is_published
    again = publisher.post(step(row, "review"), {"read": read}, follow=True)
    assert "すでに済んでいます" in again.content.decode()


def test_a_reviewer_is_told_which_languages_stayed_behind(publisher):
    author = factories.staff("clerk", organization=PREFECTURE)
    words = {"question_en": "Cancel?", "answer_en": "Within eight days."}
    easy = {"question_easy": "やめる？", "answer_easy": "8日まで。"}
    row = entry(desk(), QUESTION, **words, **easy)
    with within():
        write_draft(
            {"answer": "10日です。", "answer_easy": "10日まで。"}, entry=row, by=author
        )
        submit_revision(row.revisions.first(), by=author)

    for read in (page_of(row), step(row, "review")):
        told = publisher.get(read).content.decode()
        assert "<strong>回答（英語）</strong>は前のままです" in told


def test_all_words_of_an_entry_are_kept(clerk):
    procedure = factories.procedure()
    words = {
        "code": "cooling-off",
        "keywords": "押し売り、布団,セールス",
        "alternatives": "布団を買わされた\nふとんをかわされた\nCan I cancel?",
        "question_easy": "やめられますか",
        "answer_easy": "8日までなら、やめられます。",
        "question_en": "Can I cancel a door-to-door contract?",
        "answer_en": "Yes, within eight days.",
        "machine_translated": ["en"],
        "contacts": ["188"],
        "procedure": str(procedure.pk),
        "dataset_title": "相談件数",
        "dataset_url": "https://www.pref.kochi.lg.jp/",
        "source_url": "https://laws.e-gov.go.jp/",
        "review_on": "2027-11-01",
        "valid_until": "2028-03-31",
    }
    clerk.post(NEW, written(desk(), **words))
    row = only_entry()

    with within():
        revision = row.revisions.get()
        languages = dict(row.alternatives.values_list("text", "language"))
    assert row.code == "cooling-off"
    assert revision.keywords == ["押し売り", "布団", "セールス"]
    assert revision.procedure_id == procedure.pk
    assert revision.contacts == ["188"]
    assert revision.machine_translated == ["en"]
    assert str(revision.valid_until) == "2028-03-31"
    assert revision.answer_en == "Yes, within eight days."
    assert languages == {
        "布団を買わされた": "ja",
        "ふとんをかわされた": "ja-Hira",
        "Can I cancel?": "en",
    }
    form = clerk.get(step(row, "draft")).content.decode()
    for shown in ("押し売り、布団、セールス", "2028-03-31", "Yes, within eight days."):
        assert shown in form


def test_the_same_question_is_refused_politely(clerk):
    consumer = desk()
    entry(consumer, QUESTION, code="cooling-off", alternatives=["押し売りの返品"])

    for same in ("訪問販売の契約を「クーリングオフ」できますか？", "押し売りの　返品"):
        answer = clerk.post(NEW, written(consumer, question=same))
        assert answer.status_code == 422
        assert "cooling-off" in answer.content.decode()
        assert "8日以内ならできます" in answer.content.decode()
    assert only_entry().code == "cooling-off"


def test_near_questions_are_shown_with_links_and_confirmed(clerk):
    consumer = desk()
    known = entry(consumer, QUESTION)
    draft = entry(consumer, "訪問販売の契約をクーリング・オフする期限", published=False)
    entry(consumer, "水道の料金を払うには")
    indexed()
    near = "訪問販売で契約をクーリング・オフできますか"

    asked = clerk.post(NEW, written(consumer, question=near))
    shown = asked.content.decode()

    assert asked.status_code == 422
    assert page_of(known) in shown
    assert page_of(draft) in shown
    assert "水道の料金" not in shown
    assert 'type="checkbox" name="confirmed"' in shown
    sure = clerk.post(NEW, written(consumer, question=near, confirmed="on"))
    assert sure.status_code == 303
    with within():
        assert Revision.objects.filter(question=near).exists()


def test_near_questions_are_found_by_words_where_no_encoder_answers(clerk, settings):
    settings.FAQ_ENCODER = "faq.backends.encoders.Absent"
    consumer = desk()
    known = entry(consumer, QUESTION)

    asked = clerk.post(NEW, written(consumer, question=f"{QUESTION}教えて"))

    assert page_of(known) in asked.content.decode()


def test_a_preview_saves_nothing(clerk):
    shown = clerk.post(NEW, written(desk(), contacts=["188"], preview="1"))
    text = shown.content.decode()

    assert "プレビュー" in text
    assert "消費者ホットライン" in text
    with within():
        assert not Entry.objects.exists()


def test_an_unfinished_draft_is_saved_and_says_what_is_missing(clerk):
    consumer = desk()
    saved = clerk.post(NEW, {**written(consumer), "answer": "", "source": ""})
    row = only_entry()
    asked = clerk.post(step(row, "submit"), follow=True)

    assert saved.status_code == 303
    assert "まだ書かれていません：回答、根拠" in asked.content.decode()


def test_who_saves_from_an_old_page_is_told(clerk, publisher):
    consumer = desk()
    clerk.post(NEW, written(consumer))
    row = only_entry()
    old = re.search(
        r'name="over" value="([^"]+)"', clerk.get(step(row, "draft")).content.decode()
    )[1]
    words = written(consumer)
    assert publisher.post(step(row, "draft"), {**words, "over": old}).status_code == 303

    late = clerk.post(step(row, "draft"), {**words, "answer": "古い", "over": old})

    assert late.status_code == 422
    assert "ほかの人が先に進めました" in late.content.decode()


def test_differences_are_marked_for_the_reviewer(clerk, publisher):
    consumer = desk()
    row = entry(consumer, QUESTION, "8日以内ならできます。")
    clerk.post(
        step(row, "draft"),
        written(consumer, answer="20日以内ならできます。", submit="1"),
    )

    shown = publisher.get(step(row, "review")).content.decode()
    assert re.search(r"<del>.*?8.*?</del>", shown)
    assert re.search(r"<ins>.*?20.*?</ins>", shown)
    clerk_sees = clerk.get(page_of(row)).content.decode()
    assert re.search(r"<ins>.*?20.*?</ins>", clerk_sees)
    assert step(row, "review") not in clerk_sees


def test_a_declined_draft_shows_the_reason_to_its_author(clerk, publisher):
    clerk.post(NEW, written(desk(), submit="1"))
    row = only_entry()
    publisher.post(step(row, "decline"), {"reason": "根拠を第9条の3に"})

    assert "根拠を第9条の3に" in clerk.get(page_of(row)).content.decode()


def test_where_no_review_is_needed_one_click_publishes():
    alone = at_desk("publisher")
    desk()
    assert 'name="publish"' not in alone.get(NEW).content.decode()
    office = desk(needs_review=False)
    assert 'name="publish"' in alone.get(NEW).content.decode()
    alone.post(NEW, written(office, publish="1"))

    assert only_entry().is_published


def test_a_clerk_cannot_publish_by_typing_addresses(clerk):
    row = entry(desk(), QUESTION, published=False)

    for name in ("review", "decline", "withdraw"):
        assert clerk.post(step(row, name)).status_code == 403
    assert clerk.post(NEW, written(desk(needs_review=False), publish="1")).status_code


def test_support_looks_and_touches_nothing():
    support = at_desk("support")
    row = entry(desk(), QUESTION, alternatives=["ほかの言い方"])

    page = support.get(page_of(row))
    assert page.status_code == 200
    assert "/steps/" not in page.content.decode()
    for name in ("draft", "submit", "review", "withdraw", "wordings", "restore"):
        assert support.post(step(row, name)).status_code == 403
    assert support.get(NEW).status_code == 403


def test_an_old_version_comes_back_as_a_draft(clerk):
    consumer = desk()
    row = entry(consumer, QUESTION, "いまの回答です。", number=2)
    with within():
        Revision.objects.create(
            organization_id=PREFECTURE,
            entry=row,
            audience="resident",
            number=1,
            state=State.SUPERSEDED,
            category="契約",
            question=QUESTION,
            answer="むかしの回答です。",
            source="実務",
            checked_on=timezone.localdate(),
        )
    shown = clerk.get(page_of(row)).content.decode()
    assert "この版を下書きに戻す" in shown
    clerk.post(step(row, "restore"), {"number": "1"})

    with within():
        draft = row.revisions.get(state=State.DRAFT)
    assert (draft.number, draft.answer) == (3, "むかしの回答です。")


def test_other_wordings_come_and_go(clerk):
    row = entry(desk(), QUESTION)
    clerk.post(step(row, "wordings"), {"texts": "ふとんをかった\n押し売りにあった"})
    with within():
        kept = Alternative.objects.get(language="ja-Hira")
    assert "押し売りにあった" in clerk.get(page_of(row)).content.decode()
    clerk.post(step(row, "remove-wording"), {"wording": str(kept.pk)})

    with within():
        assert [one.text for one in Alternative.objects.all()] == ["押し売りにあった"]


def listed(browser, **query):
    answer = browser.get(LIST, query)
    assert answer.status_code == 200
    return {row.code for row in answer.context["cl"].result_list}


def test_the_list_is_narrowed_by_desk_state_days_and_links(clerk):
    today = timezone.localdate()
    week = timezone.timedelta(days=7)
    consumer, staff = desk(name="消費"), desk(name="会計", audience="staff")
    entry(consumer, "質問一", code="plain", category="契約")
    entry(consumer, "質問二", code="late", review_on=today - week, category="通販")
    entry(consumer, "質問三", code="over", valid_until=today - week)
    entry(consumer, "質問四", code="soon", valid_until=today + week)
    entry(staff, "質問五", code="draft", published=False)
    gone = entry(consumer, "質問六", code="gone", source_url="https://a.example/")
    with within():
        linked = Revision.objects.get(entry=gone)
    LinkCheck.objects.using("worker").create(
        organization_id=PREFECTURE,
        revision=linked,
        url="https://a.example/",
        status="gone",
        checked_at=timezone.now(),
        failed_since=timezone.now(),
    )

    everything = {"plain", "late", "over", "soon", "draft", "gone"}
    assert listed(clerk) == everything
    assert listed(clerk, desk=str(staff.pk)) == {"draft"}
    assert listed(clerk, audience="staff") == {"draft"}
    assert listed(clerk, state="draft") == {"draft"}
    assert listed(clerk, state="published") == everything - {"draft"}
    assert listed(clerk, days="review") == {"late"}
    assert listed(clerk, days="expired") == {"over"}
    assert listed(clerk, days="soon") == {"soon"}
    assert listed(clerk, days="links") == {"gone"}
    assert listed(clerk, desk=str(consumer.pk), category="通販") == {"late"}
    assert listed(clerk, days="nonsense") == set()
    page = clerk.get(LIST).content.decode()
    assert "有効期限切れ" in page
    assert "リンク切れ" in page


def test_a_search_finds_every_word_in_whatever_an_entry_says(clerk):
    consumer = desk()
    entry(consumer, "訪問販売の契約", "八日以内", code="visit", keywords=["押し売り"])
    entry(consumer, "通信販売の返品", code="mail", alternatives=["ネットで買った服"])

    assert listed(clerk, q="販売") == {"visit", "mail"}
    assert listed(clerk, q="訪問 八日") == {"visit"}
    assert listed(clerk, q="押し売り") == {"visit"}
    assert listed(clerk, q="ネット　服") == {"mail"}
    assert listed(clerk, q="mail") == {"mail"}
    assert listed(clerk, q="訪問 返品") == set()


def ticked(*rows, **more):
    return {"_selected_action": [str(row.pk) for row in rows], **more}


def test_many_entries_are_filed_elsewhere_at_once(publisher):
    consumer = desk()
    rows = [entry(consumer, f"質問{n}") for n in "一二"]
    other = entry(consumer, "質問三")
    asked = publisher.post(LIST, ticked(*rows, action="refile"))
    assert "まとめて分類を変える" in asked.content.decode()
    empty = publisher.post(LIST, ticked(*rows, action="refile", apply="1", category=""))
    assert "新しい分類を入力してください" in empty.content.decode()

    publisher.post(LIST, ticked(*rows, action="refile", apply="1", category="悪質商法"))

    with within():
        found = dict(Revision.objects.values_list("entry", "category"))
    assert found == {
        rows[0].pk: "悪質商法",
        rows[1].pk: "悪質商法",
        other.pk: "契約",
    }


def test_what_is_withdrawn_or_filed_there_already_is_not_counted(publisher):
    consumer = desk()
    there = entry(consumer, "質問一", category="悪質商法")
    gone = entry(consumer, "質問二")
    moved = entry(consumer, "質問三")
    publisher.post(step(gone, "withdraw"))

    done = publisher.post(
        LIST,
        ticked(there, gone, moved, action="refile", apply="1", category="悪質商法"),
        follow=True,
    )

    assert "1件を変えました。2件は、もとのままです" in done.content.decode()
    with within():
        [told] = JournalEntry.objects.filter(name="faq.entry_refiled")
        assert told.subject_id == moved.pk
        assert Revision.objects.get(entry=gone).category == "契約"


def test_a_day_is_counted_where_it_changes_and_taken_away_again(clerk):
    consumer = desk()
    rows = [entry(consumer, "質問一"), entry(consumer, "質問二")]
    for day, told in (
        ("2027-04-01", "2件を変えました。</li>"),
        ("2027-04-01", "0件を変えました。2件は、もとのままです"),
        ("", "2件を変えました。</li>"),
        ("", "0件を変えました。2件は、もとのままです"),
    ):
        done = clerk.post(
            LIST,
            ticked(*rows, action="reschedule", apply="1", review_on=day),
            follow=True,
        )
        assert told in done.content.decode()


def test_many_days_of_review_are_set_at_once(clerk):
    row = entry(desk(), QUESTION)
    clerk.post(
        LIST, ticked(row, action="reschedule", apply="1", review_on="令和9年4月1日")
    )

    with within():
        assert str(Revision.objects.get().review_on) == "2027-04-01"


def test_many_drafts_are_submitted_and_the_others_named(clerk):
    consumer = desk()
    draft = entry(consumer, "質問一", published=False, code="draft")
    live = entry(consumer, "質問二", code="live")
    done = clerk.post(LIST, ticked(draft, live, action="submit"), follow=True)
    told = done.content.decode()

    assert "1件の確認を依頼しました" in told
    assert "「live」：下書きがありません" in told


def test_many_are_withdrawn_only_after_a_second_click(publisher):
    rows = [entry(desk(), f"質問{n}") for n in "一二"]
    publisher.post(LIST, ticked(*rows, action="withdraw"))
    with within():
        assert Entry.objects.published("resident").count() == 2
    publisher.post(LIST, ticked(*rows, action="withdraw", apply="1"))

    with within():
        assert not Entry.objects.published("resident").exists()


def test_a_draft_is_thrown_away_only_after_a_second_click(clerk):
    draft = entry(desk(), QUESTION, published=False, code="draft")
    asked = clerk.get(step(draft, "discard"))
    assert "元に戻せません" in asked.content.decode()
    old = clerk.post(step(draft, "discard"), {"read": "2026-01-01T00:00:00+09:00"})
    assert "画面を読み込み直してください" in old.content.decode()
    read = asked.context["form"].initial["read"]

    done = clerk.post(step(draft, "discard"), {"read": read}, follow=True)

    assert "下書きと、項目「draft」を捨てました" in done.content.decode()
    with within():
        assert not Entry.objects.exists()


@pytest.mark.parametrize("name", ["discard", "submit"])
def test_a_step_on_what_somebody_threw_away_tells_so(clerk, monkeypatch, name):
    draft = entry(desk(), QUESTION, published=False)
    read = clerk.get(step(draft, "discard")).context["form"].initial["read"]
    by = factories.staff("clerk", organization=PREFECTURE)
    act = ScopedAdmin._act

    def late(self, request, chosen, row, form):
        discard_draft(Revision.objects.get(entry=row), by=by)
        return act(self, request, chosen, row, form)

    monkeypatch.setattr(ScopedAdmin, "_act", late)

    answer = clerk.post(step(draft, name), {"read": read})

    assert answer.status_code < 500


@pytest.mark.parametrize("read", ["2026-99-99T00:00:00", "9" * 40, "2026-01-01"])
def test_a_moment_that_never_was_discards_nothing(clerk, read):
    draft = entry(desk(), QUESTION, published=False)

    told = clerk.post(step(draft, "discard"), {"read": read}).content.decode()

    assert "画面を読み込み直してください" in told
    with within():
        assert Revision.objects.exists()


def test_many_drafts_are_thrown_away_and_the_others_named(clerk):
    consumer = desk()
    live = entry(consumer, "質問一", code="live")
    drafts = [entry(consumer, f"質問{n}", published=False) for n in "二三"]
    by = factories.staff("clerk", organization=PREFECTURE)
    asked = clerk.post(LIST, ticked(live, *drafts, action="discard"))
    with within():
        assert Entry.objects.count() == 3

    seen = asked.context["form"].initial["seen"]
    with within():
        write_draft({"answer": "あとから"}, entry=drafts[0], by=by)
    late = ticked(live, *drafts, action="discard", apply="1", seen=seen)

    done = clerk.post(LIST, late, follow=True)

    told = done.content.decode()
    assert "1件の下書きを捨てました" in told
    assert "「live」：下書きがありません" in told
    assert "画面を読み込み直してください" in told  # of what was written since
    with within():
        assert set(Entry.objects.all()) == {live, drafts[0]}


def test_a_clerk_withdraws_and_refiles_nothing_by_action(clerk):
    row = entry(desk(), QUESTION)
    for action in ("withdraw", "refile"):
        clerk.post(LIST, ticked(row, action=action, apply="1", category="別"))

    with within():
        assert Entry.objects.published("resident").exists()
        assert Revision.objects.get().category == "契約"


def test_the_list_offers_what_ones_roles_allow(clerk, publisher):
    entry(desk(), QUESTION)
    seen, more = (browser.get(LIST).content.decode() for browser in (clerk, publisher))

    for action in ("withdraw", "refile"):
        assert f'value="{action}"' not in seen
        assert f'value="{action}"' in more


def test_a_draft_nobody_asked_to_have_read_is_published_where_one_is_the_office(
    publisher,
):
    usual = entry(desk(), QUESTION, published=False)
    alone = entry(desk(needs_review=False), "質問二", published=False)

    assert step(usual, "review") not in publisher.get(page_of(usual)).content.decode()
    assert step(alone, "review") in publisher.get(page_of(alone)).content.decode()


def test_who_publishes_from_an_old_page_is_not_told_that_it_is_done(publisher):
    row = entry(desk(), QUESTION)

    late = publisher.post(step(row, "review"), {"read": "2026-01-01T00:00:00+09:00"})

    assert late.status_code == 422
    assert "ほかの人が先に進めました" in late.content.decode()


def test_actions_reach_nothing_of_another_body(publisher):
    theirs = entry(desk(AKI), QUESTION)
    for action in ("withdraw", "refile", "reschedule", "submit"):
        publisher.post(
            LIST,
            ticked(theirs, action=action, apply="1", category="別", review_on=""),
        )
    with within(AKI):
        assert Entry.objects.published("resident").exists()
        assert Revision.objects.get().category == "契約"


def test_staff_of_a_town_do_not_find_another_s_entry():
    theirs = entry(desk(AKI), QUESTION, alternatives=["ほかの言い方"])
    member = at_desk("clerk", "publisher", organization=MUROTO)

    assert member.get(page_of(theirs)).status_code == 404
    for name in ("draft", "review", "withdraw", "wordings", "restore"):
        assert member.get(step(theirs, name)).status_code == 404
        assert member.post(step(theirs, name)).status_code == 404
    assert listed(member) == set()
    assert listed(member, desk=str(theirs.desk_id)) == set()
    refused = member.post(NEW, written(theirs.desk))
    assert refused.status_code == 422


def test_the_page_tells_how_an_entry_serves(clerk):
    row = entry(desk(), QUESTION)
    with within():
        for verdict in ("solved", "solved", "unsolved", ""):
            Question.objects.create(
                organization_id=PREFECTURE,
                capability="0" * 64,
                conversation=row.pk,
                audience="resident",
                desk=row.desk,
                text="質問",
                language="ja",
                outcome="answer",
                answered_id=row.pk,
                verdict=verdict,
            )
    page = clerk.get(page_of(row)).content.decode()

    assert re.search(r"回答した</dt>\s*<dd>\s*4回", page)
    assert re.search(r"役に立った</dt>\s*<dd>\s*2回", page)


def test_the_first_page_tells_what_waits(clerk, publisher):
    consumer = desk()
    clerk.post(NEW, written(consumer, submit="1"))
    today = timezone.localdate()
    entry(consumer, "質問二", review_on=today)
    page = publisher.get(reverse("admin:index")).content.decode()

    assert re.search(r'state=in_review">\s*<span class="desk-figure">1</span>', page)
    assert re.search(r'days=review">\s*<span class="desk-figure">1</span>', page)


def desk_terms(department, **terms):
    return {
        "name": "消費生活センター",
        "subject": "契約のトラブル",
        "department": str(department.pk),
        "weekdays": ["0", "1", "5"],
        "opens_at": "09:00",
        "closes_at": "16:45",
        "reply_days": "5",
        **terms,
    }


def test_a_desk_is_opened_changed_and_closed(publisher):
    office = factories.department(PREFECTURE)
    opening = reverse("admin:faq_desk_opening", args=["open"])
    terms = desk_terms(office, code="consumer", audience="resident", needs_review="on")
    assert publisher.post(opening, terms).status_code == 303
    again = publisher.post(opening, terms)
    assert "ほかの窓口が使っています" in again.content.decode()
    with within():
        made = Desk.objects.get()
    assert made.hours == "月・火・土 9時〜16時45分"

    change = reverse("admin:faq_desk_step", args=[made.pk, "terms"])
    wrong = publisher.post(change, desk_terms(office, closes_at="08:00"))
    assert "開く時刻より後" in wrong.content.decode()
    publisher.post(change, desk_terms(office, name="消費者相談室"))
    with within():
        made = Desk.objects.get()
    assert made.name == "消費者相談室"
    assert not made.needs_review

    live = entry(made, QUESTION)
    close = reverse("admin:faq_desk_step", args=[made.pk, "close"])
    assert "公開中の項目が1件" in publisher.post(close).content.decode()
    publisher.post(step(live, "withdraw"))
    assert publisher.post(close).status_code == 303
    with within():
        assert Desk.objects.get().closed_at is not None


def test_a_clerk_and_support_keep_no_desks(clerk):
    made = desk()
    change = reverse("admin:faq_desk_step", args=[made.pk, "terms"])

    assert clerk.post(change, desk_terms(made.department)).status_code == 403
    assert at_desk("support").post(change).status_code == 403
    stranger = at_desk("publisher", organization=AKI)
    assert stranger.post(change, desk_terms(made.department)).status_code == 404


def test_a_desk_is_not_closed_while_one_of_its_entries_is_published(publisher):
    row = entry(desk(), QUESTION, published=False, state=State.IN_REVIEW)
    reader = factories.staff("publisher", organization=PREFECTURE)

    def close():
        try:
            with within():
                close_desk(row.desk, by=reader)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with within(), transaction.atomic():
            publish_revision(row.revisions.get(), by=reader)
            closing = pool.submit(close)
            with pytest.raises(TimeoutError):
                closing.result(timeout=0.5)
        with pytest.raises(DeskUnusable, match="公開中の項目が1件"):
            closing.result(timeout=10)
