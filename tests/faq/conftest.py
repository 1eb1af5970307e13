"""Every test of the FAQ has an index folder of its own, and an encoder in memory."""

import pytest


@pytest.fixture(autouse=True)
def faq_of_its_own(settings, tmp_path):
    """Keep indexes apart; compare texts by their letters."""
    settings.FAQ_INDEX_DIR = tmp_path / "faq-index"
    settings.FAQ_ENCODER = "tests.factories.faq.Letters"
