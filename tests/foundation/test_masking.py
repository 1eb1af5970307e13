import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.identifiers import new_id
from foundation.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail to hanako@example.jp failed", "mail to [mail] failed"),
        ("電話:088-823-1111へ", "電話:[phone]へ"),
        ("０８８（８２３）１１１１", "[phone]"),
        ("call 0888231111", "call [phone]"),
        ("+81 88 823 1111", "[phone]"),
        ("number 1234 5678 9018", "number [number]"),
        ("number 123456789018", "number [number]"),
        ("from 203.0.113.77", "from 203.0.113.0/24"),
        ("from 2001:db8:12:34::1", "from 2001:db8:12::/48"),
        ("GET /search/?q=髙知&page=2 done", "GET /search/?[query] done"),
        ("redis://:s3cret@db:6379/0", "redis://[password]@db:6379/0"),
        (
            "duplicate key\nDETAIL:  Key (email)=(a\nb) exists.\nHINT: look",
            "duplicate key\nDETAIL: [row]\nHINT: look",
        ),
    ],
)
def test_what_could_name_a_person_is_taken_out(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Listening at: http://127.0.0.1:8000 (12345)",
        "2026-11-23T10:00:00.123456Z",
        "took 0.0888231111 s, 12:34:56",
        "Django 5.2.19, psycopg 3.3.9",
        "applications/views.py:42 submit",
        "390003-26-0001234-C",
        "why? because",
    ],
)
def test_what_names_nobody_stays(text):
    assert masked(text) == text


def test_ids_are_never_taken_for_numbers():
    ids = " ".join(str(new_id()) for _ in range(2000))

    assert masked(ids) == ids


@given(st.emails())
def test_no_address_passes(address):
    assert address not in masked(f"to {address}!")
