"""A machine fills empty languages of drafts, and everybody sees that it did."""

import re

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from faq.actions import translating
from faq.actions.translating import ask_for_translation, translate_draft
from faq.backends import translators
from faq.errors import (
    NothingToTranslate,
    RevisionNotInThisState,
    RoleMissing,
    TranslationFailed,
)
from faq.models import Entry, Revision
from faq.tasks import translate_draft as translating_task
from foundation.tenancy.scope import Scope, scoped
from organizations.queries import scope_for
from tests import factories
from tests.factories import MUROTO, PREFECTURE
from tests.factories.faq import desk, entry
from tests.factories.models import language_model

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

ANSWER = "消費者ホットライン188か、088-824-0999に電話してください。"
ENGLISH = f"In English: {ANSWER}"


@pytest.fixture
def model(settings):
    translators._made.cache_clear()
    with language_model() as running:
        settings.FAQ_TRANSLATOR = "faq.backends.translators.ChatTranslator"
        settings.FAQ_LANGUAGE_MODEL_URL = running.url
        running.says = lambda sent: f"In English: {sent}"
        yield running
    translators._made.cache_clear()


@pytest.fixture
def queued(monkeypatch):
    """Return what the bell put before the worker, until the test has it worked on."""
    waiting = []
    monkeypatch.setattr(
        translating_task, "apply_async", lambda args, **_: waiting.append(args)
    )

    def work():
        while waiting:
            translating_task(*waiting.pop(0))

    return work


@pytest.fixture
def writer():
    return factories.staff("clerk", organization=PREFECTURE)


@pytest.fixture
def seat(writer):
    return factories.browser_of(writer)


@pytest.fixture
def reader():
    return factories.browser_of(factories.staff("publisher", organization=PREFECTURE))


def within():
    return scoped(Scope(organization_ids=frozenset({PREFECTURE})))


def draft(**words):
    made = entry(desk(), "相談先は", ANSWER, published=False, **words)
    with within():
        return made.revisions.get()


def again(revision):
    with within():
        return Revision.objects.get(pk=revision.pk)


def asked(revision, by, language="en"):
    with scoped(scope_for(by)):
        ask_for_translation(revision, language, by=by)


def translated(revision, language="en"):
    translate_draft(PREFECTURE, revision.pk, language)
    return again(revision)


def page_of(revision):
    return reverse("admin:faq_entry_change", args=[revision.entry_id])


def step(revision, name):
    return reverse("admin:faq_entry_step", args=[revision.entry_id, name])


def seen(browser, address):
    return browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "field"), [("en", "answer_en"), ("ja-easy", "answer_easy")]
)
@pytest.mark.usefixtures("model")
def test_empty_fields_are_filled_and_marked(writer, language, field):
    found = translated(draft(author=writer), language)

    assert getattr(found, field) == ENGLISH
    assert found.machine_translated == [language]
    assert (found.state, found.author_id) == ("draft", writer.pk)


def test_what_somebody_wrote_stays(model, writer):
    found = translated(draft(question_en="Whom to ask?"))

    assert (found.question_en, found.answer_en) == ("Whom to ask?", ENGLISH)
    assert len(model.asked) == 1
    with pytest.raises(NothingToTranslate):
        asked(found, writer)
    assert translated(found).written_at == found.written_at
    assert len(model.asked) == 1


def test_nothing_is_open_or_locked_while_the_machine_writes(monkeypatch):
    revision = draft()
    writing = []

    class Watched:
        def translate(self, texts, language):
            writing.append((language, connection.in_atomic_block))
            return texts

    monkeypatch.setattr(translating, "translator", Watched)
    translated(revision)

    assert writing == [("en", False)]


@pytest.mark.parametrize(
    "failing", [{"status": 500}, {"raw": b"{"}, {"says": ""}, {"says": "Call 189."}]
)
def test_what_fails_or_loses_a_number_fills_nothing_and_is_told(
    model, seat, queued, failing
):
    for name, value in failing.items():
        setattr(model, name, value)
    revision = draft()

    seat.post(step(revision, "translate-en"))
    queued()

    found = again(revision)
    assert (found.answer_en, found.machine_translated) == ("", [])
    page = seen(seat, page_of(revision))
    assert "英語：翻訳できませんでした" in page
    assert step(revision, "translate-en") in page


def test_a_slow_machine_is_given_up(model, monkeypatch):
    monkeypatch.setattr(translators, "SECONDS", 0.05)
    model.drips = True

    assert translated(draft()).answer_en == ""


def meanwhile(revision, **changed):
    """Return a machine during whose work somebody else changes the draft."""

    def says(sent):
        try:
            with within():
                Revision.objects.filter(pk=revision.pk).update(**changed)
        finally:
            connections.close_all()
        return f"In English: {sent}"

    return says


@pytest.mark.parametrize("name", ["answer", "answer_en"])
def test_what_is_written_meanwhile_is_not_written_over(model, seat, name):
    revision = draft()
    model.says = meanwhile(revision, **{name: "人が書きました。"})

    found = translated(revision)

    assert getattr(found, name) == "人が書きました。"
    assert (found.question_en, found.machine_translated) == ("", [])
    assert "下書きが書き直されたので" in seen(seat, page_of(revision))


def test_what_is_submitted_meanwhile_stays_as_it_was_submitted(model):
    revision = draft()
    model.says = meanwhile(revision, state="in_review")

    assert translated(revision).answer_en == ""


def test_a_page_that_was_opened_before_does_not_write_over_the_translation(model, seat):
    revision = draft(author=None)
    old = {
        "question": revision.question,
        "answer": "直しました",
        "checked_on": str(revision.checked_on),
        "over": revision.written_at.isoformat(),
    }
    translated(revision)

    refused = seat.post(step(revision, "draft"), old)

    assert refused.status_code == 422
    assert "直しました" in refused.content.decode()
    assert again(revision).answer_en == ENGLISH


def test_without_a_translator_it_is_said_and_no_button_stands(writer, seat):
    revision = draft()

    with pytest.raises(TranslationFailed, match="翻訳できません"):
        asked(revision, writer)
    assert translated(revision).answer_en == ""
    assert "translate-" not in seen(seat, page_of(revision))


def test_only_drafts_of_ones_own_body_are_translated(model, writer, seat):
    reviewed = draft(state="in_review")
    with pytest.raises(RevisionNotInThisState):
        asked(reviewed, writer)
    with pytest.raises(RoleMissing):
        asked(draft(), factories.staff("clerk", organization=MUROTO))
    assert "translate-" not in seen(seat, page_of(reviewed))
    assert model.asked == []


@pytest.mark.usefixtures("model")
def test_a_click_translates_what_is_empty_and_the_page_tells_how_far_it_is(
    seat, queued
):
    revision = draft(question_easy="どこに聞くか", answer_easy="ここです。")
    page = seen(seat, page_of(revision))
    assert "英語の参考訳を作る" in page
    assert "やさしい日本語の参考訳を作る" not in page

    told = seat.post(step(revision, "translate-en"), follow=True).content.decode()
    assert "英語の参考訳を作り始めました" in told
    assert "英語の参考訳を作っています" in told
    assert "英語の参考訳を作る" not in told

    queued()
    page = seen(seat, page_of(revision))
    assert "作っています" not in page
    assert "英語の参考訳を作る" not in page
    assert ENGLISH in page
    assert re.search(r"English\s*<span[^>]*>参考訳（機械翻訳）", page)


@pytest.mark.usefixtures("model")
def test_two_clicks_ask_once(model, seat, queued):
    revision = draft()
    for _ in range(2):
        seat.post(step(revision, "translate-en"))

    queued()

    assert len(model.asked) == 2  # question and answer


@pytest.mark.usefixtures("model")
def test_the_mark_goes_when_the_author_says_that_it_was_read(seat):
    revision = translated(draft())
    assert "英語の訳を確かめました" in seen(seat, page_of(revision))

    told = seat.post(step(revision, "confirm-en"), follow=True).content.decode()

    assert "「参考訳」の印を外しました" in told
    assert "参考訳（機械翻訳）" not in told
    found = again(revision)
    assert (found.machine_translated, found.answer_en) == ([], ENGLISH)


@pytest.mark.usefixtures("model")
def test_the_mark_stays_on_words_that_were_written_since_they_were_read(seat):
    revision = translated(draft())
    asked = seen(seat, step(revision, "confirm-en"))
    posted = {"read": re.search(r'name="read" value="([^"]+)"', asked)[1]}
    with within():
        Revision.objects.filter(pk=revision.pk).update(
            answer_en="Somebody else wrote this.", written_at=timezone.now()
        )

    answer = seat.post(step(revision, "confirm-en"), posted)

    assert "読み込み直してください" in answer.content.decode()
    assert again(revision).machine_translated == ["en"]


@pytest.mark.usefixtures("model")
def test_what_no_database_can_hold_is_left_out(model):
    model.says = f"\0\ud800{ENGLISH}"

    assert translated(draft()).answer_en == ENGLISH


@pytest.mark.usefixtures("model")
def test_the_mark_goes_when_the_author_takes_it_off_in_the_draft(seat):
    revision = translated(draft())
    form = seen(seat, step(revision, "draft"))
    assert re.search(r'name="machine_translated" value="en"[^>]* checked', form)
    words = {
        "question": revision.question,
        "checked_on": str(revision.checked_on),
        "answer_en": "By hand.",
        "over": revision.written_at.isoformat(),
    }

    seat.post(step(revision, "draft"), {**words, "machine_translated": ["en"]})
    kept = again(revision)
    words["over"] = kept.written_at.isoformat()
    seat.post(step(revision, "draft"), words)

    assert kept.machine_translated == ["en"]
    assert again(revision).machine_translated == []


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("confirmed", [True, False])
def test_the_reviewer_sees_the_mark_and_says_whether_it_stays(
    client, seat, reader, confirmed
):
    revision = translated(draft(code="whom"))
    seat.post(step(revision, "submit"))
    review = seen(reader, step(revision, "review"))
    assert "参考訳（機械翻訳）" in review
    assert "英語の訳を読んで確かめました" in review
    posted = {"read": re.search(r'name="read" value="([^"]+)"', review)[1]}

    more = {"confirmed": ["en"]} if confirmed else {}
    reader.post(step(revision, "review"), {**posted, **more})

    with within():
        live = Entry.objects.select_related("live").get().live
    assert (live.machine_translated == []) is confirmed
    public = reverse("faq:entry", args=[PREFECTURE, "whom"])
    shown = client.get(public, {"lang": "en"}).content.decode()
    assert ENGLISH in shown
    assert ("Machine translation" in shown) is not confirmed


def test_where_no_machine_wrote_the_reviewer_is_asked_nothing(reader):
    revision = draft(state="in_review", answer_en="By hand.", question_en="Who?")

    assert "読んで確かめました" not in seen(reader, step(revision, "review"))


@pytest.mark.parametrize("name", ["translate-en", "confirm-en"])
@pytest.mark.usefixtures("model")
def test_support_and_other_bodies_ask_no_machine(name):
    revision = draft()
    support = factories.browser_of(factories.staff("support", organization=PREFECTURE))
    stranger = factories.browser_of(factories.staff("clerk", organization=MUROTO))

    assert support.post(step(revision, name)).status_code == 403
    assert stranger.post(step(revision, name)).status_code == 404
