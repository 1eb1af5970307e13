"""The forms that residents and staff fill in, as ordinary Django forms."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from applications.deadlines import CORRECT_BY
from applications.formspec import (
    LOOK_UP,
    AnswerField,
    FormSpec,
    Page,
    may_wait,
)
from foundation.errors import DomainError
from foundation.japanese import add_open_days
from foundation.numbering import CODE_LENGTH, typed_code, typed_number

# No question can have this name: keys of questions have no hyphen.
NOT_MY_NUMBER = "not-my-number"


class PageForm(forms.Form):
    """One page of a form: what was typed is kept, right or wrong, and then judged.

    `single` says that the only question's label is the heading of the page.

    The button `LOOK_UP` finds an address by its postal code: then the page is only
    shown again, not judged.
    """

    use_required_attribute = False

    def __init__(
        self,
        spec: FormSpec,
        page: Page,
        *,
        raw: Mapping[str, Any],
        data: QueryDict | None = None,
        today: date | None = None,
    ) -> None:
        super().__init__(data, initial=dict(raw), label_suffix="")
        today = today or timezone.localdate()
        relevant = spec.evaluate(raw, today=today).relevant
        for item in page.items:
            if item.key in relevant:
                self.fields[item.key] = item.form_field(today=today)
        questions = self._questions().values()
        # A box to tick has its statement beside it and cannot head a page.
        self.single = len(self.fields) == 1 and not any(
            isinstance(field.widget, forms.CheckboxInput) for field in questions
        )
        for field in questions:
            field.heading = self.single
        self._doubtful = [
            key
            for key in spec.suspected_my_numbers(self._posted())
            if self._posted()[key] != raw.get(key)
        ]
        if self._doubtful:
            nouns = "」と「".join(spec.fields[key].noun for key in self._doubtful)
            self.fields[NOT_MY_NUMBER] = _not_my_number(nouns)

    def _questions(self) -> dict[str, AnswerField]:
        return {
            key: field
            for key, field in self.fields.items()
            if isinstance(field, AnswerField)
        }

    def _posted(self) -> dict[str, Any]:
        return (
            {key: self[key].data for key in self._questions()} if self.is_bound else {}
        )

    def typed(self) -> dict[str, Any]:
        """Return the answers of this page that a draft may keep, right or wrong.

        Left out is what no draft may hold: a number that may be a マイナンバー until
        its owner has said that it is none, and what the database cannot store.
        """
        withheld = set() if NOT_MY_NUMBER in self.data else set(self._doubtful)
        return {
            key: value
            for key, value in self._posted().items()
            if key not in withheld and may_wait(value)
        }

    def is_valid(self) -> bool:
        """Tell whether the next page may come."""
        return super().is_valid() and LOOK_UP not in self.data

    def full_clean(self) -> None:
        """Judge the page; of a look-up, only the postal code it was for."""
        super().full_clean()
        if LOOK_UP in self.data:
            for key, error in self.errors.as_data().items():
                looked_up = self.add_prefix(key) == self.data[LOOK_UP]
                if not (looked_up and error[0].code == "postal_code"):
                    del self.errors[key]


def page_form(
    spec: FormSpec,
    page: Page,
    *,
    raw: Mapping[str, Any],
    data: QueryDict | None = None,
    today: date | None = None,
) -> PageForm:
    """Build the form of a page from the draft, and from what was just posted."""
    return PageForm(spec, page, raw=raw, data=data, today=today)


def _not_my_number(nouns: str) -> forms.BooleanField:
    return forms.BooleanField(
        label="これはマイナンバーではありません",
        error_messages={
            "required": (
                f"「{nouns}」に、マイナンバー（個人番号）のような12けたの番号があります。"
                "マイナンバーは使いませんので、消してください。"
                "マイナンバーでないときは、下の四角にチェックを入れてください。"
            )
        },
    )


class ReviewForm(forms.Form):
    """The check page: it sends the digest of what was seen on it."""

    reviewed = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *,
        declaration: str,
        digest: str,
        refusal: DomainError | None = None,
    ) -> None:
        seen = {"reviewed": digest}
        super().__init__(seen if refusal else None, initial=seen)
        self.declaration = declaration
        if refusal:
            self.add_error(None, refusal.sentence)


class LookupForm(forms.Form):
    """到達番号 and 問合せ番号, however they are typed."""

    number = forms.CharField(
        label="到達番号",
        help_text="例：390003-26-0001234-0",
        max_length=60,
        error_messages={"required": "到達番号を入力してください。"},
        widget=forms.TextInput(
            {"class": "code", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    inquiry_code = forms.CharField(
        label="問合せ番号",
        help_text="受付票にある16文字の番号です。ハイフンはなくてもかまいません。",
        max_length=60,
        error_messages={"required": "問合せ番号を入力してください。"},
        widget=forms.TextInput(
            {"class": "code", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_number(self) -> str:
        """Write the number with its hyphens."""
        number = typed_number(self.cleaned_data["number"])
        if not number:
            msg = (
                "到達番号の数字をお確かめください。"
                "受付票にある「390003-26-0001234-0」のような番号です。"
            )
            raise forms.ValidationError(msg)
        return number

    def clean_inquiry_code(self) -> str:
        """Write the code as it is made: in capitals, without hyphens."""
        code = typed_code(self.cleaned_data["inquiry_code"])
        if not code:
            msg = (
                f"問合せ番号は、英字と数字で{CODE_LENGTH}文字です。"
                "受付票を見て、もう一度入力してください。"
            )
            raise forms.ValidationError(msg)
        return code


class WithdrawForm(forms.Form):
    """The applicant takes the filing back, and says why (取下げ)."""

    use_required_attribute = False

    reason = forms.CharField(
        label="取り下げる理由",
        help_text="例：引っ越しの予定がなくなったため",
        max_length=500,
        widget=forms.Textarea({"rows": 3, "cols": None}),
        error_messages={
            "required": "取り下げる理由を入力してください。",
            "max_length": "取り下げる理由は500文字までにしてください。",
        },
    )


# Long enough for a letter to arrive and a paper to be found.
DAYS_TO_CORRECT = 10


class ReturnForm(forms.Form):
    """Staff ask the applicant to correct some answers by a day (補正依頼)."""

    message = forms.CharField(
        label="申請者への説明",
        help_text="どこを、なぜ、どのように直すのかを、やさしい言葉で書いてください。",
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": "申請者への説明を入力してください。"},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        asked: Mapping[str, str],
        today: date | None = None,
    ) -> None:
        today = today or timezone.localdate()
        proposed = add_open_days(today, DAYS_TO_CORRECT)
        super().__init__(data, initial={"due_on": proposed.isoformat()})
        self.fields["field_keys"] = forms.MultipleChoiceField(
            label="直してもらう項目",
            help_text="申請者が直せるのは、ここで選んだ項目だけです。",
            choices=list(asked.items()),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "直してもらう項目を1つ以上選んでください。"},
        )
        self.fields["due_on"] = CORRECT_BY.form_field(today=today)
        self.order_fields(["field_keys", "message", "due_on"])

    def clean_due_on(self) -> date:
        """Read the day as a date."""
        return date.fromisoformat(self.cleaned_data["due_on"])


class DecisionForm(forms.Form):
    """Staff bring a case to its end, and give the reason where there must be one."""

    reason = forms.CharField(
        help_text="決定通知に、このまま載ります。",
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": "理由を入力してください。"},
    )

    def __init__(
        self, data: QueryDict | None = None, *, reason_required: bool, label: str
    ) -> None:
        super().__init__(data)
        self.fields["reason"].required = reason_required
        self.fields["reason"].label = label
