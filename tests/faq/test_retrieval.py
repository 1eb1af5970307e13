"""The pure parts of finding: the gate, words, sounds, weights, fusion, decision."""

from csv import DictReader
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from faq.decision import Evidence, Outcome, Thresholds, decide
from faq.retrieval import metrics
from faq.retrieval.analysis import is_hiragana_only, is_japanese, sounds, words
from faq.retrieval.bm25 import postings_of, statistics_of
from faq.retrieval.fusion import fused
from faq.retrieval.guard import QUESTION_CHARACTERS, guarded

LIGATURE = "\ufdfa"  # eighteen letters in NFKC
MUNICIPALITIES = Path("organizations/data/municipalities.csv")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ｸｰﾘﾝｸﾞ･ｵﾌ", "クーリング・オフ"),
        ("水道\x00を\x07止める", "水道を止める"),
        ("一行目\r\n\t二行目", "一行目 二行目"),
        ("\u202e逆さ\ud800", "逆さ"),
        ("　", ""),
    ],
)
def test_what_is_typed_is_read_in_one_form_on_one_line(typed, read):
    assert guarded(typed) == read


@pytest.mark.parametrize(
    "typed", [LIGATURE * 3_000, "あ" * 1_000_000, "か\u3099" * 999]
)
def test_nothing_longer_than_a_question_passes_the_gate(typed):
    assert 0 < len(guarded(typed)) <= QUESTION_CHARACTERS


def test_forms_of_one_word_are_one_word():
    assert words("解約しました")[:2] == words("解約する")[:2]
    assert words("引っ越し") == words("引越し")


def test_signs_and_spaces_are_no_words():
    assert words("「水道」 、！？") == ["水道"]


def test_kanji_and_hiragana_sound_the_same():
    assert set(sounds("水道")) <= set(sounds("すいどうをとめたい"))


@pytest.mark.parametrize(
    ("text", "japanese", "hiragana"),
    [
        ("すいどうをとめたい", True, True),
        ("水道", True, False),
        ("クーリングオフ", True, False),
        ("How do I stop water?", False, False),
        ("188", False, False),
    ],
)
def test_the_script_of_a_question_decides_what_is_compared(text, japanese, hiragana):
    assert (is_japanese(text), is_hiragana_only(text)) == (japanese, hiragana)


def test_a_rare_word_weighs_more_than_a_common_one():
    documents = [["水道", "届"], ["犬", "届"], ["猫", "届"]]
    postings = postings_of(documents, statistics_of(documents))

    scores = postings.scores(["水道", "届"], 3)

    assert scores[0] > 2 * scores[1] > 0
    assert postings.scores(["知らない語"], 3).tolist() == [0, 0, 0]


def test_a_word_in_a_long_document_weighs_less():
    documents = [["水道"], ["水道", *"あいうえおかき"]]
    postings = postings_of(documents, statistics_of(documents))

    short, long = postings.scores(["水道"], 2)

    assert short > long > 0


def test_fusion_weighs_each_list_by_its_own_spread():
    tenfold = fused(np.array([0, 30], np.float32), [np.array([0.9, 0.8], np.float32)])
    once = fused(np.array([0, 3], np.float32), [np.array([0.9, 0.8], np.float32)])

    assert tenfold == pytest.approx(once)
    assert tenfold[0] > tenfold[1]  # a field counts 4/3 of the words


def test_the_same_question_in_nearly_the_same_words_comes_first():
    words = np.array([0, 9, 0, 0], np.float32)
    others = np.array([0.1, 0.9, 0.2, 0.1], np.float32)
    same, nearly = (
        np.array([cosine, 0.6, 0.1, 0.1], np.float32) for cosine in (0.86, 0.84)
    )

    assert fused(words, [same, others, others]).argmax() == 0
    assert fused(words, [nearly, others, others]).argmax() == 1


def test_where_sounds_are_compared_they_weigh_as_much_as_all_fields():
    sounds = np.array([3.0, 0.0, 0.0], np.float32)
    fields = [np.array([0.0, 0.3, 0.0], np.float32)] * 3

    assert fused(sounds, fields).argmax() == 1
    by_sound = fused(sounds, fields, "sounds")
    assert by_sound[0] == pytest.approx(by_sound[1])


def test_a_list_in_which_all_are_equal_says_nothing():
    same = np.array([0.5, 0.5], np.float32)

    assert fused(None, [same, np.array([0.1, 0.2], np.float32)])[1] > 0
    assert fused(same, []).tolist() == [0, 0]


THRESHOLDS = Thresholds(answer_from=0.5, offer_from=0.3, lead_from=1.0)


@pytest.mark.parametrize(
    ("cosines", "scores", "confidence", "outcome"),
    [
        ([0.6, 0.2], [5.0, 1.0], 0.6, Outcome.ANSWER),
        ([0.6], [5.0], 0.6, Outcome.ANSWER),
        ([0.6, 0.2], [5.0, 4.5], 0.6, Outcome.CANDIDATES),  # no lead
        ([0.4, 0.6], [5.0, 1.0], 0.6, Outcome.CANDIDATES),  # another is nearer
        ([0.55, 0.6], [5.0, 1.0], 0.6, Outcome.ANSWER),
        ([0.55, 0.7], [5.0, 1.0], 0.7, Outcome.CANDIDATES),  # another is nearer
        ([0.29], [5.0], 0.29, Outcome.HAND_OVER),
        ([None, None], [5.0, 1.0], None, Outcome.CANDIDATES),  # words alone
        ([], [], None, Outcome.HAND_OVER),
    ],
)
def test_only_a_sure_and_leading_entry_answers(cosines, scores, confidence, outcome):
    ranked = [Evidence(*pair) for pair in zip(scores, cosines, strict=True)]

    assert decide(ranked, confidence, THRESHOLDS, by_words=True) == outcome


def test_what_vectors_alone_have_compared_must_be_nearer_to_answer():
    near, nearer = [Evidence(5.0, 0.6)], [Evidence(5.0, 0.7)]

    assert decide(near, 0.6, THRESHOLDS, by_words=False) == Outcome.CANDIDATES
    assert decide(nearer, 0.7, THRESHOLDS, by_words=False) == Outcome.ANSWER


def test_figures_agree_with_those_computed_by_hand():
    grades = {"a": 2.0, "b": 1.0}

    assert metrics.ndcg(["a", "b"], grades) == 1
    # (1 + 2 / log2 3) / (2 + 1 / log2 3)
    assert metrics.ndcg(["b", "a"], grades) == pytest.approx(0.8597, abs=1e-4)
    assert metrics.ndcg(["x"] * 10 + ["a"], grades) == 0
    assert metrics.reciprocal_rank(["x", "b"], grades) == 0.5
    assert metrics.hit(["x", "b"], grades, 1) == 0
    assert metrics.recall(["x", "b"], grades, 5) == 0.5
    assert metrics.auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert metrics.auroc([], [0.1]) is None
    assert metrics.percentile([3, 1, 2, 4], 0.5) == 2
    assert metrics.percentile([3, 1, 2, 4], 0.95) == 4


def test_the_dictionary_knows_every_municipality():
    names = [
        row["name"]
        for row in DictReader(StringIO(MUNICIPALITIES.read_text(encoding="utf-8")))
    ]

    assert len(names) == 35
    for name in names:
        # 室戸 and 市, or いの町 as one; never letters by themselves.
        assert "".join(words(name)) == name
        assert len(words(name)) <= 2, words(name)
