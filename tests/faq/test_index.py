"""Indexes are built, swapped as one, and survive damage."""

from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest
from django.utils import timezone

from faq.actions import indexing
from faq.actions.indexing import build_index
from faq.decision import Outcome
from faq.errors import EncoderUnavailable
from faq.index import searching
from faq.index.building import build
from faq.index.documents import Document, Filter, chunked
from faq.index.searching import Index
from faq.models import IndexVersion, Vector
from faq.queries import finding
from faq.queries.finding import asking_as_resident, find
from foundation.identifiers import new_id
from foundation.tenancy.scope import NOBODY, Scope, scoped
from tests.factories.faq import Letters, desk, entry, indexed

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)
RETURNS = "通信販売で買った品物を返品できますか"
WATER = "水道の使用をやめるにはどうしますか"


def ask(text):
    with scoped(NOBODY):
        return find(text, asking_as_resident(text))


def folders(settings):
    folder = settings.FAQ_INDEX_DIR / "resident"
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def largest_file(settings, building):
    folder = settings.FAQ_INDEX_DIR / "resident" / building
    return max(folder.glob("*.npy"), key=lambda path: path.stat().st_size)


@pytest.fixture
def two_entries():
    consumer = desk()
    made = entry(consumer, RETURNS), entry(consumer, WATER)
    indexed()
    return made


def test_nothing_is_built_again_where_nothing_has_changed(two_entries):
    assert build_index("resident") is None
    assert build_index("resident", whole=True) is not None


def test_a_new_entry_is_found_through_a_small_delta(settings):
    consumer = desk()
    for number in range(40):
        entry(consumer, f"{number}番目の手続はどこでできますか")
    indexed()
    gone = entry(consumer, RETURNS)
    indexed()

    assert ask(RETURNS).entries[0] == gone
    latest = IndexVersion.objects.first()
    assert latest.is_delta
    # The first, of words alone, stays as the one before.
    assert folders(settings) == ["1", "2", f"2-delta-{latest.number}"]


def test_a_delta_stands_for_what_it_replaces(monkeypatch):
    monkeypatch.setattr(indexing, "LARGEST_DELTA_SHARE", 1)
    consumer = desk()
    changed = entry(consumer, RETURNS)
    entry(consumer, WATER)
    indexed()
    with scoped(Scope(organization_ids=frozenset({390003}))):
        changed.live.state = "superseded"
        changed.live.save()
        new = type(changed.live).objects.create(
            organization_id=390003,
            entry=changed,
            audience="resident",
            number=2,
            state="published",
            category="動物",
            question="迷子の犬を見つけました",
            answer="警察と保健所へ知らせてください。",
            source="一般的な実務",
            checked_on=timezone.localdate(),
        )
        changed.live = new
        changed.save()
    indexed()

    found = ask("迷子の犬を見つけました")
    assert found.entries[0] == changed
    assert len({match.id for match in found.matches}) == len(found.matches)
    assert ask(RETURNS).matches[0].cosine < 0.5


def test_what_was_withdrawn_answers_no_more_before_any_index_is_built(two_entries):
    returns, _ = two_entries
    with scoped(Scope(organization_ids=frozenset({390003}))):
        returns.withdrawn_at = timezone.now()
        returns.save()

    found = ask(RETURNS)

    assert returns not in found.entries
    assert found.outcome != Outcome.ANSWER


@pytest.mark.parametrize(
    "days",
    [
        {"valid_until": timezone.localdate() - timedelta(days=1)},
        {"valid_from": timezone.localdate() + timedelta(days=1)},
    ],
    ids=["expired", "not yet"],
)
def test_an_entry_out_of_its_days_never_answers(days):
    entry(desk(), RETURNS, **days)
    indexed()

    assert ask(RETURNS).entries == []


def test_the_last_day_still_counts():
    last = entry(desk(), RETURNS, valid_until=timezone.localdate())
    indexed()

    assert ask(RETURNS).entries == [last]


def damage_by_cutting(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [damage_by_cutting, lambda path: path.unlink()])
def test_where_the_newest_is_damaged_the_one_before_it_serves(
    settings, two_entries, damage
):
    build_index("resident", whole=True)
    assert ask(RETURNS).confidence is not None
    newest = folders(settings)[-1]

    damage(largest_file(settings, newest))

    found = ask(RETURNS)
    assert found.entries[0] == two_entries[0]
    assert found.confidence is not None


def test_without_any_index_words_are_compared_and_nothing_is_answered_directly(
    settings, two_entries
):
    for building in folders(settings):
        largest_file(settings, building).unlink()

    found = ask(RETURNS)

    assert found.entries[0] == two_entries[0]
    assert found.confidence is None
    assert found.outcome == Outcome.CANDIDATES


class Away(Letters):
    """An encoder that is down."""

    def encode(self, texts, *, seconds):  # noqa: ARG002 - the protocol's
        raise EncoderUnavailable


def test_without_an_encoder_questions_are_compared_by_words(monkeypatch, two_entries):
    monkeypatch.setattr(finding, "encoder", Away)

    found = ask("通信販売の返品")

    assert found.entries[0] == two_entries[0]
    assert found.outcome == Outcome.CANDIDATES


def test_the_words_of_another_wording_lead_to_the_entry_too(monkeypatch, two_entries):
    known = entry(two_entries[0].desk, WATER, alternatives=["蛇口を閉じたい"])
    indexed()
    monkeypatch.setattr(finding, "encoder", Away)

    assert ask("蛇口").entries == [known]


def test_no_encoder_is_told_whose_question_it_is(monkeypatch, two_entries):
    told = []

    class Noting(Letters):
        def encode(self, texts, *, seconds):
            told.extend(texts)
            return super().encode(texts, seconds=seconds)

    monkeypatch.setattr(finding, "encoder", Noting)
    ask("090-1234-5678です。返品したい")

    assert told == ["query: ［電話番号］です。返品したい"]


def test_what_serves_goes_on_serving_while_the_encoder_is_away(
    monkeypatch, two_entries
):
    entry(two_entries[0].desk, "犬の登録はどこでできますか")
    monkeypatch.setattr(indexing, "encoder", Away)

    assert build_index("resident") is None
    assert ask(RETURNS).confidence is not None
    monkeypatch.undo()
    assert ask("犬の登録").entries


def test_the_first_index_without_an_encoder_has_words_alone(monkeypatch):
    first = entry(desk(), RETURNS)
    monkeypatch.setattr(indexing, "encoder", Away)
    indexed()

    assert ask("返品").entries == [first]
    assert IndexVersion.objects.get().model == ""


def test_the_vectors_of_another_model_are_not_compared(monkeypatch, two_entries):
    class Other(Letters):
        name = "letters-2"

    monkeypatch.setattr(finding, "encoder", Other)

    assert ask(RETURNS).confidence is None


def test_the_same_words_are_encoded_once():
    consumer = desk()
    entry(consumer, RETURNS, "窓口へどうぞ。")
    indexed()
    before = set(Vector.objects.values_list("digest", flat=True))
    entry(consumer, "べつの質問です", "窓口へどうぞ。")
    indexed()

    after = Vector.objects.values_list("digest", flat=True)
    assert len(after) == len(set(after))
    # Its question and the whole; the answer is known.
    assert len(set(after) - before) == 2


def test_two_builders_do_not_write_one_index_at_once(settings):
    entry(desk(), RETURNS)
    with finding.store("resident").alone():
        assert build_index("resident") is None
    assert build_index("resident") is not None


def documents(count, seed=0):
    letters = np.random.default_rng(seed)
    return [
        Document(
            id=new_id(),
            organization=390003,
            desk=new_id(),
            question="".join(chr(0x3042 + c) for c in letters.integers(0, 70, 12)),
            answer="".join(chr(0x3042 + c) for c in letters.integers(0, 70, 40)),
        )
        for _ in range(count)
    ]


def test_sign_bits_lose_none_of_the_nearest(monkeypatch):
    many = documents(3_000)
    encode = Letters().encode
    segment, _ = build(many, lookup=lambda t: encode(t, seconds=1), model="letters-1")
    index = Index((segment,))
    allowed = Filter(on=date(2026, 11, 23))
    asked = [document.question[:8] for document in many[:20]]

    def best(exact_rows):
        monkeypatch.setattr(searching, "EXACT_ROWS", exact_rows)
        return [
            index.search(
                text, encode([f"query: {text}"], seconds=1)[0], allowed, most=3
            )
            for text in asked
        ]

    by_signs, by_all = best(1_024), best(10_000)

    assert [found.matches[0].id for found in by_signs] == [
        found.matches[0].id for found in by_all
    ]


def test_an_answer_is_cut_between_sentences():
    text = "一つ目の文です。" * 30

    pieces = chunked(text, 40)

    assert "".join(pieces) == text
    assert all(piece.endswith("。") and len(piece) <= 40 for piece in pieces)


def test_what_a_killed_builder_left_stops_no_other(settings, two_entries):
    folder = settings.FAQ_INDEX_DIR / "resident"
    for name in ("3", "2-delta-7"):
        (folder / name).mkdir()

    assert build_index("resident", whole=True).number == 8
    assert folders(settings) == ["2", "8"]


@pytest.mark.parametrize("damage", [damage_by_cutting, lambda path: path.unlink()])
def test_a_damaged_index_is_built_anew_though_no_entry_has_changed(
    settings, two_entries, damage
):
    damage(largest_file(settings, folders(settings)[-1]))

    assert build_index("resident") is not None
    assert build_index("resident") is None
    assert ask(RETURNS).confidence is not None


def test_a_damaged_delta_is_built_anew(settings, monkeypatch):
    monkeypatch.setattr(indexing, "LARGEST_DELTA_SHARE", 1)
    consumer = desk()
    entry(consumer, WATER)
    indexed()
    new = entry(consumer, RETURNS)
    indexed()
    damage_by_cutting(largest_file(settings, folders(settings)[-1]))

    assert build_index("resident").is_delta
    assert new in ask(RETURNS).entries


def test_what_was_published_by_a_slower_clerk_is_indexed_too(two_entries):
    """Ids and instants are given before a commit, and commits come in any order."""
    returns, _ = two_entries
    old = returns.live
    with scoped(Scope(organization_ids=frozenset({390003}))):
        old.state = "superseded"
        old.save()
        old.pk, old.number, old.state = UUID(int=1), 2, "published"
        old.question = "迷子の犬を見つけました"
        old.save(force_insert=True)
        returns.live = old
        returns.save()

    assert build_index("resident") is not None
    assert ask("迷子の犬を見つけました").entries[0] == returns
