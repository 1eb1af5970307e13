"""Days and moments on the desk: by the browser's calendar, or typed as in Japan."""

from datetime import date
from typing import Any

from django import forms

from foundation import japanese
from foundation.japanese import TextError


class DayField(forms.Field):
    """A day: 2027-04-01 as calendars send it, 令和9年4月1日 as people type it."""

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=required, widget=widget, **kwargs)
        missing = f"{self.label}を入力してください。"
        self.error_messages = {**self.error_messages, "required": missing}

    def to_python(self, value: Any) -> date | None:
        """Read the day."""
        if value in self.empty_values:
            return None
        try:
            return japanese.date(str(value))
        except TextError as error:
            raise forms.ValidationError(str(error)) from error


class MomentField(forms.DateTimeField):
    """A moment in Japan."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            {"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        )
        super().__init__(widget=widget, **kwargs)
        self.error_messages["invalid"] = (
            f"{self.label}を、2027-04-01 08:30 のように入力してください。"
        )
