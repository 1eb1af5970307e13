"""A language model helps to find, and never speaks; without it nothing is missing."""

import json
from time import monotonic

import pytest

from faq.backends import language_models
from faq.backends.language_models import rewritten
from tests.factories.models import language_model

QUESTION = "訪問販売で布団を買ってしまったけど、やめたい"


@pytest.fixture
def model(settings):
    language_models._made.cache_clear()
    with language_model() as running:
        settings.FAQ_LANGUAGE_MODEL = "faq.backends.language_models.Chat"
        settings.FAQ_LANGUAGE_MODEL_URL = running.url
        settings.FAQ_LANGUAGE_MODEL_NAME = "small"
        settings.FAQ_LANGUAGE_MODEL_SECONDS = 0.4
        yield running
    language_models._made.cache_clear()


def test_without_a_model_nothing_is_asked():
    assert rewritten(QUESTION) == ""


def test_a_rewrite_is_guarded_text_to_search_with(model):
    model.says = "訪問販売の\n\u200bクーリング・オフの方法"

    assert rewritten(QUESTION) == "訪問販売の クーリング・オフの方法"
    assert model.asked[0]["messages"][-1]["content"] == QUESTION
    assert model.asked[0]["temperature"] == 0


def test_no_number_of_a_person_leaves_the_house(model):
    model.says = "解約したい"

    rewritten("090-1234-5678の高知です。解約したい")

    assert len(model.asked) == 1
    assert all("1234" not in json.dumps(one) for one in model.asked)


@pytest.mark.parametrize("said", ["", "   ", "\u200b", QUESTION, "あ" * 201])
def test_what_is_no_rewrite_is_not_searched_with(model, said):
    model.says = said

    assert rewritten(QUESTION) == ""


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500},
        {"raw": b"{"},
        {"raw": b"[]"},
        {"raw": b'{"choices": []}'},
        {"raw": b'{"choices": [{"message": {"content": 5}}]}'},
        {"raw": b"[" * 100_000},
        {"raw": b'"' + b"a" * 5_000_000 + b'"'},
        {"waits_seconds": 0.6},
        {"drips": True},
    ],
    ids=str,
)
def test_a_model_that_fails_is_passed_over_in_time(model, broken, caplog):
    model.says = "訪問販売のクーリング・オフの方法" * 3
    for name, value in broken.items():
        setattr(model, name, value)

    begun = monotonic()
    assert rewritten(QUESTION) == ""

    assert monotonic() - begun < 2
    assert "language model gives no answer" in caplog.text
    assert QUESTION not in caplog.text


def test_a_model_that_is_not_there_is_passed_over(model, settings):
    language_models._made.cache_clear()
    settings.FAQ_LANGUAGE_MODEL_URL = "http://127.0.0.1:1"

    assert rewritten(QUESTION) == ""
