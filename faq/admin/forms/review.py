"""What a reviewer says, and which past words come back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import HttpRequest

from faq.admin.forms.moments import moment_in
from faq.admin.permits import posted
from faq.models import Entry, Revision


class ReadForm(forms.Form):
    """Which words the reviewer has read."""

    read = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.MultipleChoiceField(
        label="機械翻訳の訳",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="印のない言語は「参考訳（機械翻訳）」と示して公開します。",
    )

    def __init__(
        self, *args: Any, languages: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        confirmed = cast("forms.MultipleChoiceField", self.fields["confirmed"])
        confirmed.choices = [
            (language, f"{name}の訳を読んで確かめました")
            for language, name in languages
        ]
        if not confirmed.choices:
            del self.fields["confirmed"]

    def moment(self) -> datetime | None:
        """Return when they were written."""
        return moment_in(self.cleaned_data["read"])


class ReasonForm(forms.Form):
    """Why a revision goes back to its author."""

    reason = forms.CharField(
        label="差戻しの理由",
        help_text="どこをどう直すとよいかを、作成者に分かるように書いてください。",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": "差戻しの理由を入力してください。",
            "max_length": "差戻しの理由は500文字までにしてください。",
        },
    )


class RestoreForm(forms.Form):
    """Which past revision comes back."""

    number = forms.ModelChoiceField(
        label="版",
        queryset=Revision.objects.none(),
        to_field_name="number",
        error_messages={
            "required": "戻す版を選んでください。",
            "invalid_choice": "戻す版を選んでください。",
        },
    )

    def __init__(self, request: HttpRequest, entry: Entry) -> None:
        super().__init__(posted(request))
        field = cast("forms.ModelChoiceField[Any]", self.fields["number"])
        field.queryset = entry.revisions.order_by("-number")
        field.label_from_instance = lambda obj: (  # type: ignore[method-assign]
            f"第{obj.number}版 {obj.question}"
        )
