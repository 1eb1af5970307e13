import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import in_

from foundation import japanese
from foundation.japanese import Address, TextError

CHECKED = st.from_regex(r"[0-9]{11}", fullmatch=True).map(
    lambda eleven: eleven + in_.calc_check_digit(eleven)
)


@pytest.mark.parametrize(
    "typed", ["780-8570", "〒780ー8570", "７８０−８５７０", "780 8570"]
)
def test_a_postal_code_is_read_however_it_is_typed(typed):
    assert japanese.postal_code(typed) == "7808570"
    assert japanese.display_postal_code("7808570") == "780-8570"


@pytest.mark.parametrize("typed", ["", "78085", "780-85701", "高知", "780-857O"])
def test_a_postal_code_without_seven_digits_is_refused_with_an_example(typed):
    with pytest.raises(TextError, match=r"7けた.*例：780-8570"):
        japanese.postal_code(typed)


def test_a_postal_code_tells_the_town_and_its_municipality():
    assert japanese.addresses_for("7800001") == [
        Address("高知県", "高知市", "久礼野", "392014")
    ]


def test_towns_that_share_a_postal_code_are_all_offered():
    cities = [address.city for address in japanese.addresses_for("7816400")]

    assert cities == ["安芸郡奈半利町", "安芸郡安田町", "安芸郡北川村"]


def test_a_postal_code_from_elsewhere_has_no_address():
    assert japanese.addresses_for("1000001") == []


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("088-823-1111", "+81888231111", "088-823-1111"),
        ("０８８（８２３）１１１１", "+81888231111", "088-823-1111"),
        ("\u202d088-823-1111\u202c", "+81888231111", "088-823-1111"),
        ("+81 (0)88 823 1111", "+81888231111", "088-823-1111"),
        ("090-1234-5678", "+819012345678", "090-1234-5678"),
        ("0120 123 456", "+81120123456", "0120-123-456"),
        ("+1 650 253 0000", "+16502530000", "+1 650-253-0000"),
    ],
)
def test_a_phone_number_is_stored_for_machines_and_shown_for_people(
    typed, stored, shown
):
    assert japanese.phone(typed) == stored
    assert japanese.display_phone(stored) == shown


@pytest.mark.parametrize(
    "typed", ["", "12345", "823-1111", "088-823-1111 ext. 5", "110", "0" * 10_000_000]
)
def test_a_phone_number_that_cannot_be_is_refused_with_an_example(typed):
    with pytest.raises(TextError, match=r"市外局番から.*例：088-823-1111"):
        japanese.phone(typed)


def test_a_corporate_number_is_read_with_spaces_and_full_width_digits():
    assert japanese.corporate_number("８０００ ０１２０ １００３８") == "8000012010038"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("123", "13けた"), ("", "13けた"), ("5000020390004", "誤りがあります")],
)
def test_a_corporate_number_that_cannot_be_is_refused(typed, sentence):
    with pytest.raises(TextError, match=sentence):
        japanese.corporate_number(typed)


@pytest.mark.parametrize(
    "text",
    [
        "123456789018",
        "１２３４－５６７８－９０１８",
        "番号は1234 5678 9018です\x00",
        "電話 088-823-1111 番号 123456789018",
        "123 456 789 018",
        "車の番号 5678 1234 5678 9018",
    ],
)
def test_text_that_may_hold_a_my_number_is_noticed(text):
    assert japanese.looks_like_my_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "123456789012",
        "0888231111",
        "受付 202611230001",
        "8000012010038",
        "1234567890180",
        "1-2345-6789-018-1",
        "",
    ],
)
def test_other_numbers_are_not_taken_for_a_my_number(text):
    assert not japanese.looks_like_my_number(text)


@given(
    CHECKED, st.sampled_from(["", " ", "-", "－", "ー"]), st.text("あ、 \n", max_size=5)
)
def test_a_my_number_is_noticed_in_any_sentence_and_grouping(number, separator, words):
    grouped = separator.join([number[:4], number[4:8], number[8:]])

    assert japanese.looks_like_my_number(f"{words}{grouped}{words}")


def test_a_megabyte_of_digits_is_searched_in_a_second():
    begun = time.process_time()

    japanese.looks_like_my_number("1234 1234 1234 " * 70_000)

    assert time.process_time() - begun < 2


def test_free_text_keeps_everything_but_the_way_lines_end():
    assert japanese.free_text(" ①\r\n㈱髙知\r\t ") == " ①\n㈱髙知\n\t "
