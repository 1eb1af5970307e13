"""The compiled wording is the written wording."""

import gettext
import re
from pathlib import Path

import django
from django.conf import settings

MESSAGES = Path(settings.BASE_DIR, "locale/ja/LC_MESSAGES")


def written():
    text = (MESSAGES / "django.po").read_text("utf-8")
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.MULTILINE))


def test_the_compiled_messages_are_the_written_ones():
    with (MESSAGES / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog

    compiled.pop("")
    assert compiled == written()


def test_every_message_is_one_that_a_library_still_sends():
    packages = Path(django.__file__).parent.parent
    sources = "".join(
        path.read_text("utf-8")
        for package in (
            "django/forms",
            "django/core",
            "rest_framework",
            "allauth/account",
            "allauth/mfa",
        )
        for path in (packages / package).rglob("*.py")
    )

    assert [message for message in written() if message not in sources] == []
