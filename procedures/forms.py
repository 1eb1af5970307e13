"""What the catalogue can be asked."""

from typing import Any

from django import forms

from organizations.queries import organizations_by_kind


def _bodies() -> list[tuple[Any, Any]]:
    groups = [
        (kind, [(str(body.code), body.name) for body in bodies])
        for kind, bodies in organizations_by_kind().items()
    ]
    return [("", "すべての県・市町村"), *groups]


class SearchForm(forms.Form):
    """Words and a body; both may be left out."""

    use_required_attribute = False

    q = forms.CharField(
        label="キーワード",
        help_text="例：水道、犬、引っ越し",
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "enterkeyhint": "search"}),
        error_messages={"max_length": "キーワードは100文字までにしてください。"},
    )
    organization = forms.ChoiceField(
        label="届け出る・申請するところ",
        required=False,
        choices=_bodies,
        error_messages={"invalid_choice": "一覧から、県または市町村を選んでください。"},
    )
