"""The agreed vectors for every kind of field, beside the project where they exist."""

import json
import re
from pathlib import Path

import pytest

from foundation import japanese

VECTORS = Path(__file__).parents[3] / "shared/domain/ja_test_vectors.json"
READERS = {
    "postal": japanese.postal_code,
    "phone": japanese.phone,
    "kana": japanese.kana,
    "name": japanese.name,
    "date": lambda raw: japanese.date(raw).isoformat(),
    "corp": japanese.corporate_number,
    "mynumber_like": japanese.looks_like_my_number,
}


@pytest.fixture(scope="module")
def vectors():
    if not VECTORS.exists():
        pytest.skip("../shared/domain/ja_test_vectors.json is not here")
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def read(reader, raw):
    """Return what the reader makes of it, or the sentence with which it refuses."""
    try:
        return reader(raw)
    except japanese.TextError as error:
        return str(error)


@pytest.mark.parametrize("kind", READERS)
def test_every_vector_is_read_as_agreed(vectors, kind):
    for row in vectors[kind]:
        found = read(READERS[kind], row["in"])

        if row["out"] is None:
            assert found.endswith("。"), row
        else:
            assert found == row["out"], row


def test_the_eras_begin_on_the_agreed_days(vectors):
    ours = {(era.name, era.initial, str(era.begins_on)) for era in japanese.ERAS}

    assert ours == {
        (era["name"], era["initial"], era["from"]) for era in vectors["eras"]
    }


@pytest.mark.parametrize("kind", ["NFC_and_NFKC_both_replace", "kept_by_both"])
def test_no_name_loses_a_character_that_normalisation_would_replace(vectors, kind):
    words = vectors["nfkc_pitfalls"][kind]
    points = [re.findall(r"U\+([0-9A-F]+)", word)[0] for word in words]
    characters = "".join(chr(int(point, 16)) for point in points)

    assert japanese.name(f"山{characters}") == f"山{characters}"
