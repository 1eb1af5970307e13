"""What staff fill in beside the forms of `applications.forms`."""

import json
from typing import TYPE_CHECKING, Any, cast

from django import forms

from accounts.models import User
from procedures.models import Procedure

if TYPE_CHECKING:
    from django.http import QueryDict

NOBODY = ""


class AssignForm(forms.Form):
    """Whose hands the case goes into (担当者の割当)."""

    assignee = forms.ChoiceField(label="担当者", required=False)

    def __init__(
        self, data: Any = None, *, members: list[User], current: int | None
    ) -> None:
        super().__init__(data, initial={"assignee": str(current or NOBODY)})
        self.members = {str(member.pk): member for member in members}
        self.fields["assignee"].choices = [  # type: ignore[attr-defined]
            (NOBODY, "未割当にする"),
            *((pk, str(member)) for pk, member in self.members.items()),
        ]

    def chosen(self) -> User | None:
        """Return the colleague; None for nobody."""
        return self.members.get(self.cleaned_data["assignee"])


class NoteForm(forms.Form):
    """Something for colleagues (内部メモ)."""

    text = forms.CharField(
        label="内部メモ",
        help_text="職員だけが読めます。申請者には見えません。あとから消せません。",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "メモの内容を入力してください。"},
    )


LARGEST_DOCUMENT_BYTES = 500_000


class PublishForm(forms.Form):
    """A new revision of a form, as the JSON document that defines it."""

    procedure = forms.ModelChoiceField(
        label="手続",
        queryset=Procedure.objects.none(),
        error_messages={"required": "手続を選んでください。"},
    )
    document = forms.CharField(
        label="様式の定義（JSON）",
        required=False,
        strip=False,
        max_length=LARGEST_DOCUMENT_BYTES,
        widget=forms.Textarea({"rows": 20, "class": "code", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="または、JSONファイル",
        required=False,
        help_text="ファイルを選ぶと、上の欄の内容の代わりに使います。",
        widget=forms.FileInput({"accept": "application/json,.json"}),
    )
    note = forms.CharField(
        label="変更点",
        help_text="前の版から何が変わったかを、同僚に分かるように書いてください。",
        required=False,
        max_length=200,
    )

    def __init__(self, data: Any = None, files: Any = None, *, procedures: Any) -> None:
        super().__init__(data, files)
        self.fields["procedure"].queryset = procedures  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read the document, from the file if there is one."""
        cleaned: dict[str, Any] = super().clean() or {}
        text = cleaned.get("document") or ""
        if (file := cleaned.get("file")) is not None:
            text = self._text_of(file)
        if not text.strip():
            self.add_error("document", "様式の定義を貼り付けるか、選んでください。")
            return cleaned
        try:
            cleaned["definition"] = _read(text)
        except (ValueError, RecursionError) as error:
            at = ""
            if isinstance(error, json.JSONDecodeError):
                at = f"（{error.lineno}行目の{error.colno}文字目）"
            self.add_error(
                "document",
                f"JSONとして読めません{at}。かっこ・カンマ・引用符をお確かめください。",
            )
        return cleaned

    def _text_of(self, file: Any) -> str:
        """Return the file's text, and keep it in the box should something be wrong."""
        if file.size > LARGEST_DOCUMENT_BYTES:
            self.add_error("file", "ファイルが大きすぎます（500KBまで）。")
            return "{}"
        try:
            text = str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error(
                "file", "文字コードをUTF-8にして保存したファイルを選んでください。"
            )
            return "{}"
        kept = cast("QueryDict", self.data).copy()
        kept["document"] = text
        self.data = kept
        return text


def _read(text: str) -> dict[str, Any]:
    """Return the definition; ValueError for what no database keeps (NaN, NUL, …)."""
    definition: Any = json.loads(text)
    plain = json.dumps(definition, ensure_ascii=False, allow_nan=False)
    plain.encode()
    if not isinstance(definition, dict) or "\\u0000" in plain:
        msg = "neither a definition nor storable"
        raise ValueError(msg)
    return definition
