"""The sample's desks, entries and test questions, loaded once."""

import json
from time import perf_counter

import pytest
from django.core.management import CommandError, call_command

from faq.models import (
    Alternative,
    Desk,
    Entry,
    Language,
    Revision,
    State,
    TestQuestion,
    TestSet,
)
from foundation.tenancy.scope import NOBODY, scoped
from organizations.queries import everywhere
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

ENTRY = {
    "code": "consumer-visit",
    "desk": "consumer",
    "category": "契約",
    "topic": "訪問販売",
    "question": "訪問販売の契約をやめられますか",
    "answer": "8日以内ならやめられます。",
    "keywords": ["押し売り"],
    "question_easy": "やめられますか",
    "answer_easy": "8日までなら、やめられます。",
    "question_en": "Can I cancel?",
    "answer_en": "Yes, within eight days.",
    "alternatives": [
        {"text": "家に来た人から買ってしまった", "language": "ja"},
        {"text": "いえにきたひとからかった", "language": "ja-Hira"},
        {"text": "家に来た人から買ってしまった", "language": "ja"},
    ],
    "procedure": "water-supply",
    "contacts": ["188"],
    "source": "特定商取引に関する法律 第9条",
    "source_url": "https://laws.e-gov.go.jp/",
    "checked_on": "2026-11-01",
}
QUESTIONS = [
    {
        "text": "セールスの人から布団を買った",
        "language": "ja",
        "expectation": "in",
        "desk": "consumer",
        "entry_codes": ["consumer-visit"],
    },
    {
        "text": "カレーの作り方",
        "language": "ja",
        "expectation": "far",
        "desk": "",
        "entry_codes": [],
    },
]


@pytest.fixture(autouse=True)
def _sample(settings):
    settings.SAMPLE = True


@pytest.fixture
def folder(tmp_path):
    """A folder with one desk, one entry and two questions."""
    desk = {
        "code": "consumer",
        "organization": PREFECTURE,
        "name": "消費生活センター",
        "audience": "resident",
        "subject": "契約のトラブル",
        "department": ["consumer", "県民生活課"],
        "needs_review": True,
    }
    written(tmp_path / "desks.jsonl", [desk])
    written(tmp_path / "entries" / "consumer.jsonl", [ENTRY])
    written(tmp_path / "questions.jsonl", QUESTIONS)
    return tmp_path


def written(file, rows):
    file.parent.mkdir(exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def load(*args):
    call_command("load_faq", *args, verbosity=0)


def test_an_entry_is_published_with_its_words_and_marked_as_a_sample(folder):
    procedure = factories.procedure(code="water-supply")
    load(folder)

    with scoped(NOBODY):
        [entry] = Entry.objects.answering("resident").select_related("live")
    live = entry.live
    assert (entry.code, entry.organization_id) == ("consumer-visit", PREFECTURE)
    assert live.state == State.PUBLISHED
    assert live.is_sample
    assert live.question == ENTRY["question"]
    assert live.answer_en == ENTRY["answer_en"]
    assert live.keywords == ["押し売り"]
    assert live.contacts == ["188"]
    assert live.procedure_id == procedure.pk
    assert str(live.review_on) == "2027-11-01"
    assert (live.author, live.reviewer) == (None, None)
    with scoped(everywhere()):
        found = Alternative.objects.values_list("text", "language")
        assert dict(found) == {
            "家に来た人から買ってしまった": Language.JAPANESE,
            "いえにきたひとからかった": Language.KANA,
        }


def test_questions_are_frozen_and_far_ones_measure_both_audiences(folder):
    load(folder)

    with scoped(everywhere()):
        counted = {
            one.audience: [q.text for q in one.questions.order_by("id")]
            for one in TestSet.objects.exclude(frozen_at=None)
        }
        [question] = TestQuestion.objects.filter(expectation="in")
    assert counted["resident"] == [one["text"] for one in QUESTIONS]
    assert counted["staff"] == ["カレーの作り方"]
    assert question.entry_codes == ["consumer-visit"]
    assert question.desk.code == "consumer"


def test_loading_again_changes_nothing(folder):
    load(folder)
    with scoped(everywhere()):
        Revision.objects.update(question="職員が直した質問")
    load(folder)

    with scoped(everywhere()):
        assert Revision.objects.get().question == "職員が直した質問"
        assert Alternative.objects.count() == 2
        assert Desk.objects.count() == 1
        assert TestQuestion.objects.count() == 3


def test_what_is_new_in_the_folder_is_added(folder):
    load(folder)
    written(
        folder / "entries" / "more.jsonl",
        [{**ENTRY, "code": "consumer-phone", "question": "電話勧誘の契約は"}],
    )
    load(folder)

    with scoped(everywhere()):
        assert Entry.objects.published("resident").count() == 2


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{**ENTRY, "desk": "nowhere"}], "x.jsonl 1行目：窓口「nowhere」"),
        ([ENTRY, {"code": "a", "desk": "consumer"}], "x.jsonl 2行目：「"),
    ],
)
def test_a_line_that_cannot_be_loaded_is_named(folder, rows, told):
    (folder / "entries" / "consumer.jsonl").unlink()
    written(folder / "entries" / "x.jsonl", rows)

    with pytest.raises(CommandError, match=told):
        load(folder)

    with scoped(everywhere()):
        assert not Entry.objects.exists()


def test_it_is_for_the_sample_alone(folder, settings):
    settings.SAMPLE = False

    with pytest.raises(CommandError, match="SAMPLE=1"):
        load(folder)


def test_the_sample_itself_loads_in_seconds_and_then_does_nothing():
    begun = perf_counter()
    load()
    first = perf_counter() - begun
    with scoped(everywhere()):
        counted = Entry.objects.count()
        desks = {(desk.organization_id, desk.code) for desk in Desk.objects.all()}
    load()

    assert first < 5 * 3  # three times what an idle machine needs at most
    assert counted >= 300
    assert {(MUROTO, "muroto"), (AKI, "aki"), (PREFECTURE, "helpdesk")} <= desks
    with scoped(everywhere()):
        assert Entry.objects.count() == counted
        assert not Entry.objects.filter(live=None).exists()
