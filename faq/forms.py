"""What people type into the FAQ."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.http import QueryDict

from faq.actions.handing import MESSAGE_CHARACTERS
from faq.models import Desk
from faq.retrieval.guard import QUESTION_CHARACTERS
from foundation.numbering import typed_code, typed_number
from organizations.queries import PREFECTURE, organizations_by_kind

Words = Mapping[str, str]


def _municipalities(anywhere: str) -> list[tuple[Any, Any]]:
    groups = [
        (kind, [(str(body.code), body.name) for body in bodies])
        for kind, bodies in organizations_by_kind().items()
        if bodies and bodies[0].code != PREFECTURE
    ]
    return [("", anywhere), *groups]


class AskForm(forms.Form):
    """A question, and where it is asked from."""

    use_required_attribute = False

    question = forms.CharField(
        max_length=QUESTION_CHARACTERS,
        widget=forms.TextInput(
            {"autocomplete": "off", "enterkeyhint": "send", "class": "faq-question"}
        ),
    )
    place = forms.ChoiceField(required=False)
    # The question that this one follows.
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)
    lang = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        words: Words,
        initial: Mapping[str, Any] | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(
            data, initial=dict(initial or {}), auto_id=auto_id, label_suffix=""
        )
        question, place = self.fields["question"], self.fields["place"]
        question.label, question.help_text = words["question"], words["question_hint"]
        question.error_messages |= {
            "required": words["empty"],
            "max_length": words["too_long"],
        }
        place.label = words["place"]
        place.choices = _municipalities(words["anywhere"])  # type: ignore[attr-defined]
        place.error_messages["invalid_choice"] = words["bad_place"]

    @property
    def place_code(self) -> int | None:
        """The code of the municipality, if one is named."""
        return int(self.cleaned_data["place"]) if self.cleaned_data["place"] else None


class HandOverForm(forms.Form):
    """What goes with the question to one of the desks; the first is proposed."""

    use_required_attribute = False

    message = forms.CharField(
        required=False,
        max_length=MESSAGE_CHARACTERS,
        widget=forms.Textarea({"rows": 4, "cols": None}),
    )
    contact_email = forms.EmailField(
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        words: Words,
        desks: Sequence[Desk],
        email: str = "",
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(
            data,
            initial={"contact_email": email, "desk": str(desks[0].pk)},
            auto_id=auto_id,
            label_suffix="",
        )
        self._desks = {str(one.pk): one for one in desks}
        message, email_field = self.fields["message"], self.fields["contact_email"]
        message.label, message.help_text = words["message"], words["message_hint"]
        message.error_messages["max_length"] = words["message_long"]
        email_field.label, email_field.help_text = words["email"], words["email_hint"]
        # Not the shared one, whose words are Django's; it is the first of the field's.
        email_field.validators[0] = EmailValidator(words["bad_email"])
        if len(desks) > 1:
            self.fields["desk"] = forms.ChoiceField(
                label=words["to_desk"],
                choices=[(str(one.pk), f"{one}（{one.subject}）") for one in desks],
                error_messages={"invalid_choice": words["bad_place"]},
            )
            self.order_fields(["desk", "message", "contact_email"])

    @property
    def desk(self) -> Desk | None:
        """The desk that was chosen; without a choice, the only one."""
        if "desk" in self.fields:
            return self._desks.get(self.cleaned_data["desk"])
        return next(iter(self._desks.values()))


def _number() -> forms.CharField:
    attributes = {"class": "code faq-number", "autocomplete": "off"}
    return forms.CharField(
        max_length=60,
        widget=forms.TextInput({**attributes, "spellcheck": "false"}),
    )


class MessageForm(forms.Form):
    """Another message to the desk."""

    use_required_attribute = False

    text = forms.CharField(
        max_length=MESSAGE_CHARACTERS,
        widget=forms.Textarea({"rows": 4, "cols": None}),
    )

    def __init__(self, data: QueryDict | None = None, *, words: Words) -> None:
        super().__init__(data, label_suffix="")
        text = self.fields["text"]
        text.label, text.help_text = words["write_again"], words["message_hint"]
        text.error_messages |= {
            "required": words["message_empty"],
            "max_length": words["message_long"],
        }


class TicketLookupForm(forms.Form):
    """受付番号 and 問合せ番号, however they are typed."""

    use_required_attribute = False

    number = _number()
    inquiry_code = _number()

    def __init__(self, data: QueryDict | None = None, *, words: Words) -> None:
        super().__init__(data, label_suffix="")
        self._words = words
        for name, key in (("number", "number"), ("inquiry_code", "code")):
            field = self.fields[name]
            field.label, field.help_text = words[key], words[f"{key}_hint"]
            field.error_messages |= {
                "required": words[f"{key}_empty"],
                "max_length": words[f"{key}_bad"],
            }

    def clean_number(self) -> str:
        """Write the number with its letter and hyphens."""
        number = typed_number(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(self._words["number_bad"])
        return f"Q-{number}"

    def clean_inquiry_code(self) -> str:
        """Write the code as it is made: in capitals, without hyphens."""
        code = typed_code(self.cleaned_data["inquiry_code"])
        if not code:
            raise forms.ValidationError(self._words["code_bad"])
        return code
