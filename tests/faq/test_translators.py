"""A machine fills empty languages of drafts, and everybody sees that it did."""

import pytest

from faq.actions.translating import translate_revision
from faq.backends import translators
from faq.errors import (
    NothingToTranslate,
    RevisionNotInThisState,
    RoleMissing,
    TranslationFailed,
)
from faq.models import Revision
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
def writer():
    return factories.staff("clerk", organization=PREFECTURE)


def draft(**words):
    made = entry(desk(), "相談先は", ANSWER, published=False, **words)
    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        return made.revisions.get()


def translated(revision, by, language="en"):
    with scoped(scope_for(by)):
        translate_revision(revision, language, by=by)
        return Revision.objects.get(pk=revision.pk)


@pytest.mark.parametrize(
    ("language", "field"), [("en", "answer_en"), ("ja-easy", "answer_easy")]
)
def test_empty_fields_are_filled_and_marked(model, writer, language, field):
    found = translated(draft(), writer, language)

    assert getattr(found, field) == f"In English: {ANSWER}"
    assert found.machine_translated == [language]
    assert found.state == "draft"


def test_what_somebody_wrote_stays(model, writer):
    found = translated(draft(question_en="Whom to ask?"), writer)

    assert found.question_en == "Whom to ask?"
    assert found.answer_en == f"In English: {ANSWER}"
    with pytest.raises(NothingToTranslate):
        translated(found, writer)


@pytest.mark.parametrize(
    "failing", [{"status": 500}, {"raw": b"{"}, {"says": ""}, {"says": "Call 189."}]
)
def test_what_fails_or_loses_a_number_fills_nothing(model, writer, failing):
    for name, value in failing.items():
        setattr(model, name, value)
    revision = draft()

    with pytest.raises(TranslationFailed):
        translated(revision, writer)

    with scoped(scope_for(writer)):
        found = Revision.objects.get(pk=revision.pk)
    assert (found.answer_en, found.machine_translated) == ("", [])


def test_without_a_translator_it_is_said(writer):
    with pytest.raises(TranslationFailed, match="翻訳できません"):
        translated(draft(), writer)


def test_only_drafts_of_ones_own_body_are_translated(model, writer):
    with pytest.raises(RevisionNotInThisState):
        translated(draft(state="in_review"), writer)
    with pytest.raises(RoleMissing):
        translated(draft(), factories.staff("clerk", organization=MUROTO))
    assert model.asked == []
