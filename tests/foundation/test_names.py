import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.japanese import TextError, kana, name, search_key

NAMES = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "神﨑髙𠮷邉葛\U000e0100\U000e0101 　\tｱｶｻﾊﾞﾟﾞかカワ\u3099\u309aーA.é"
        ),
    ),
    max_size=30,
)


def without_spaces(text):
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("髙知　太郎", "髙知　太郎"),
        ("﨑山 花子", "﨑山　花子"),
        ("\ufa19谷 \ufa19", "\ufa19谷　\ufa19"),  # 神 as family registers hold it
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("  𠮷田\t一郎 ", "𠮷田　一郎"),
        ("ｸﾞｴﾝ ｳﾞｧﾝ", "グエン　ヴァン"),
        ("か\u3099", "が"),
        ("NGUYEN  VAN A", "NGUYEN VAN A"),
        ("Nguyễn Văn 太郎", "Nguyễn Văn　太郎"),
        ("ﾄﾑ･ﾊﾝｸｽ", "トム・ハンクス"),
    ],
)
def test_a_name_is_kept_as_typed_but_for_spaces_and_half_width_kana(typed, kept):
    assert name(typed) == kept


@pytest.mark.parametrize("typed", ["", " 　", "\u200b\ufeff"])
def test_a_name_that_nobody_can_see_is_asked_for_again(typed):
    with pytest.raises(TextError, match="お名前を入力してください。"):
        name(typed)


@pytest.mark.parametrize("refused", ["\x00", "\x1b", "\x85\x9f", "\ud83d", "\u202e"])
@pytest.mark.parametrize("reader", [name, kana])
def test_characters_that_no_database_or_eye_can_hold_are_refused(reader, refused):
    with pytest.raises(TextError, match="制御文字"):
        reader(f"コウチ{refused}")


@given(NAMES)
def test_a_name_never_loses_or_gains_a_character(typed):
    try:
        kept = name(typed)
    except TextError:
        return

    assert without_spaces(kept) == without_spaces(typed)
    assert [c for c in kept if "一" <= c <= "鿿" or c >= "\uf900"] == [
        c for c in typed if "一" <= c <= "鿿" or (c >= "\uf900" and not "ｦ" <= c <= "ﾟ")
    ]


@given(NAMES)
def test_reading_a_name_twice_changes_nothing(typed):
    try:
        once = name(typed)
    except TextError:
        return

    assert name(once) == once


@given(NAMES)
def test_a_search_key_is_its_own_search_key(typed):
    assert search_key(search_key(typed)) == search_key(typed)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("髙﨑　太郎", "高崎太郎"),
        ("齋藤", "斉藤"),
        ("齊藤", "斎藤"),
        ("渡邉 さくら", "渡辺サクラ"),
        ("葛\U000e0100城", "葛城"),
        ("\ufa19谷", "神谷"),
        ("ｳﾞｨｴﾄ･ﾅﾑ", "ヴィエトナム"),
        ("Nguyen Van A", "ＮＧＵＹＥＮ　ＶＡＮ　Ａ"),
        ("檮原", "梼原"),
    ],
)
def test_a_name_is_found_however_it_is_written(written, searched):
    assert search_key(written) == search_key(searched)


def test_different_names_have_different_search_keys():
    assert len({search_key(n) for n in ("高知", "高地", "香南", "コウチ")}) == 4


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("こうち　たろう", "コウチ　タロウ"),
        ("ｺｳﾁ  ﾀﾛｳ", "コウチ　タロウ"),
        ("ヴィエト・ナム", "ヴィエト・ナム"),
        ("カ゛ッコ", "ガッコ"),
        ("おーの", "オーノ"),
        ("オ-ノ", "オーノ"),
        ("ラ−メン", "ラーメン"),
    ],
)
def test_a_reading_becomes_full_width_katakana_however_it_was_typed(typed, reading):
    assert kana(typed) == reading


@pytest.mark.parametrize("typed", ["", "高知", "Kochi", "コウチ1", "・ー", "ー"])
def test_a_reading_that_is_no_kana_is_refused_with_an_example(typed):
    with pytest.raises(TextError, match="例：コウチ　タロウ"):
        kana(typed)


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_reading_a_reading_twice_changes_nothing(typed):
    try:
        once = kana(typed)
    except TextError:
        return

    assert kana(once) == once
