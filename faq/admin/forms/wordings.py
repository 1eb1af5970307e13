"""Keywords between commas; other wordings of a question, one a line."""

import re
from typing import Any, cast

from django import forms
from django.http import HttpRequest

from faq.admin.permits import posted
from faq.models import Alternative, Entry, Language

_SEPARATORS = re.compile(r"[、,，\n]")
_KANA = re.compile(r"^[\u3041-\u309f\u30fc、。！？!?\s0-9０-９]+$")
_LATIN = re.compile(r"^[\x20-\x7e\u2018-\u201d]+$")


def split_words(text: str) -> list[str]:
    """Return the words between commas of any kind, each once."""
    words = (word.strip() for word in _SEPARATORS.split(text))
    return list(dict.fromkeys(word for word in words if word))


def language_of(text: str) -> str:
    """Return what a wording is written in, as far as its letters tell."""
    text = text.strip()
    if _KANA.match(text):
        return Language.KANA
    return Language.ENGLISH if _LATIN.match(text) else Language.JAPANESE


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Return the lines of a text, each with its language."""
    return [(line, language_of(line)) for line in text.splitlines() if line.strip()]


class WordingForm(forms.Form):
    """Other wordings of a question, one a line."""

    texts = forms.CharField(
        label="ほかの聞き方",
        help_text="1行に1つ。個人の名前や電話番号は書かないでください。",
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "ほかの聞き方を入力してください。"},
    )

    def pairs(self) -> list[tuple[str, str]]:
        """Return the lines, each with its language."""
        return pairs_of(self.cleaned_data["texts"])


class UnwordingForm(forms.Form):
    """Which wording is taken away."""

    wording = forms.ModelChoiceField(
        label="消す聞き方",
        queryset=Alternative.objects.none(),
        error_messages={
            "required": "消す聞き方を選んでください。",
            "invalid_choice": "その聞き方は、すでに消されています。",
        },
    )

    def __init__(self, request: HttpRequest, entry: Entry) -> None:
        super().__init__(posted(request))
        field = cast("forms.ModelChoiceField[Any]", self.fields["wording"])
        field.queryset = entry.alternatives.all()
