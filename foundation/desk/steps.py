"""What may be done with a row: one step, one small page, one action function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

M = TypeVar("M", bound=Model)


class NothingToFillIn(forms.Form):
    """The form of a step that asks nothing: the button says it all."""


def _nothing(request: HttpRequest, row: Any) -> forms.Form:
    del row
    return NothingToFillIn(request.POST if request.method == "POST" else None)


def _always(*_: Any) -> bool:
    return True


def _never(*_: Any) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Step(Generic[M]):
    """One thing that staff do with a row, or (`row` is None) beside the list.

    Args:
        name: The last part of its address.
        label: On its button and above its page.
        act: Does it by an action function and returns what to tell the person, or a
            page of its own. Raises a `DomainError` where a rule forbids it; what was
            typed stays.
        permitted: Whether the roles of the person allow it (else 403).
        offered: Whether it makes sense now; decides about the button.
        form: Builds the form, bound when posted; without fields the button acts
            at once.
        settled: Whether just this was done already: a second click on the button is
            then told so, instead of why it cannot be done twice.
        lead: A sentence above the form.
        tone: `primary`, `secondary` or `danger`.
        template: Another page than the usual one.
    """

    name: str
    label: str
    act: Callable[[HttpRequest, M, Any], str | HttpResponse]
    permitted: Callable[[HttpRequest, M], bool] = _always
    offered: Callable[[M], bool] = _always
    form: Callable[[HttpRequest, M], forms.Form] = _nothing
    settled: Callable[[HttpRequest, M, Any], bool] = _never
    lead: str = ""
    tone: str = "secondary"
    template: str = "admin/step.html"

    @property
    def is_immediate(self) -> bool:
        """Asks nothing and can do no harm, so that its button may act at once."""
        return self.form is _nothing and self.tone != "danger"
