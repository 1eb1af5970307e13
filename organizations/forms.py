"""What people fill in about their bodies and tokens."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from organizations.actions import SCOPES_OF_PERSONS
from organizations.models import Scope

LIFETIMES = (("30", "30日"), ("90", "90日"), ("365", "1年"))


class TokenForm(forms.Form):
    """A resident lets a program act for them: which one, how far, how long."""

    use_required_attribute = False

    label = forms.CharField(
        label="トークンの名前",
        help_text="どこで使うものか、あとでわかる名前にしてください。例：家計簿アプリ",
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": "トークンの名前を入力してください。",
            "max_length": "トークンの名前は100文字までにしてください。",
        },
    )
    scopes = forms.MultipleChoiceField(
        label="できるようにすること",
        help_text="使うものだけを選んでください。",
        choices=[(scope.value, scope.label) for scope in SCOPES_OF_PERSONS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "できるようにすることを、1つ以上選んでください。"},
    )
    days = forms.ChoiceField(
        label="有効期間",
        choices=LIFETIMES,
        initial="90",
        widget=forms.RadioSelect,
        error_messages={
            "required": "有効期間を選んでください。",
            "invalid_choice": "有効期間を、表示されている中から選んでください。",
        },
    )

    def expires_at(self) -> datetime:
        """Return when the token will end, of a form that is valid."""
        return timezone.now() + timedelta(days=int(self.cleaned_data["days"]))

    def chosen_scopes(self) -> list[Scope]:
        """Return what the token will open, of a form that is valid."""
        return [Scope(value) for value in self.cleaned_data["scopes"]]
