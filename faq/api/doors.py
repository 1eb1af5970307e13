"""Who may ask for what: residents' words are everyone's, staff's a body's own."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from faq.models import Audience, Language
from foundation.strict import Parameters
from organizations.models import ApiToken, Scope

# What desks write in; hiragana alone is only asked in.
WRITTEN = [
    (language.value, language.label)
    for language in (Language.JAPANESE, Language.EASY, Language.ENGLISH)
]
_SCOPE = Scope.FAQ_READ
_MISSING = f"このトークンには「{_SCOPE.label}」（{_SCOPE}）の権限がありません。"


def audience_field() -> serializers.ChoiceField:
    """Return the field that names the audience; residents unless told otherwise."""
    return serializers.ChoiceField(
        Audience.choices,
        default=Audience.RESIDENT,
        help_text=(
            "だれ向けのものか。`staff` は、「職員向けFAQの利用」の権限をもつ団体の"
            "トークンがいり、その団体のものだけを返します。"
        ),
    )


class AudienceParameters(Parameters):
    """Whose words are asked for."""

    audience = audience_field()


def reads_for_staff(request: Request) -> bool:
    """Tell whether the token opens what its body has written for staff."""
    token = request.auth
    return (
        isinstance(token, ApiToken)
        and token.organization_id is not None
        and _SCOPE in token.scopes
    )


def check_audience(request: Request, audience: str) -> None:
    """Refuse the audience to whom it does not belong.

    Raises:
        NotAuthenticated: staff's words are asked for without a token.
        PermissionDenied: the token does not open them.
    """
    if audience != Audience.STAFF or reads_for_staff(request):
        return
    if request.auth is None:
        raise NotAuthenticated
    raise PermissionDenied(_MISSING)


@method_decorator(conditional_page, name="dispatch")
class PublicDoor(GenericViewSet[Any]):
    """A list that anyone may ask for; who has it already is told so (304)."""

    permission_classes = (AllowAny,)
    lookup_value_converter = "uuid"
