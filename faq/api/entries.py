"""What the desks have published, for other programs."""

from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Greatest
from django.utils.http import http_date
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from faq.api.doors import (
    WRITTEN,
    AudienceParameters,
    PublicDoor,
    check_audience,
    reads_for_staff,
)
from faq.api.serializers import EntrySerializer
from faq.models import Audience, Entry, Language
from foundation.paging import NewestFirst
from foundation.strict import MomentField, Parameters

_WORDS_IN = {Language.ENGLISH: "answer_en", Language.EASY: "answer_easy"}
_COLUMNS = {
    "desk": "desk",
    "category": "live__category",
    "organization": "organization",
    "updated_since": "changed_at__gte",
}

# Of the first day on which the words hold: they appear then.
_FIRST_MOMENT = Func(
    Cast(Value(settings.TIME_ZONE), TextField()),
    Func("live__valid_from", template="%(expressions)s::timestamp"),
    function="timezone",
    output_field=DateTimeField(),
)


class LanguageParameters(Parameters):
    """In which language the words are wanted."""

    language = serializers.ChoiceField(
        WRITTEN,
        required=False,
        help_text=(
            "この言語の文を返します。一覧では、この言語で書かれた項目だけを返します。"
            "1つの項目では、書かれていなければ日本語を返します。"
        ),
    )


class EntryParameters(AudienceParameters, LanguageParameters):
    """Which entries are asked for."""

    desk = serializers.UUIDField(required=False, help_text="相談窓口の `id`")
    category = serializers.CharField(required=False, max_length=50, help_text="分類")
    organization = serializers.IntegerField(
        required=False, min_value=0, max_value=999_999, help_text="団体コード（6けた）"
    )
    updated_since = MomentField(
        required=False,
        help_text=(
            "この日時からあとに公開または改訂された項目だけを返します。公開を終えた項目は"
            "返らないので、ときどきすべてを取得しなおしてください。"
        ),
    )


@extend_schema(tags=["FAQ"])
@extend_schema_view(
    list=extend_schema(
        summary="FAQ項目の一覧",
        description=(
            "公開中で有効期間内の質問と回答を、新しい順に返します。`ETag` を"
            "`If-None-Match` で送ると、変わりがないとき 304 を返します。"
        ),
        parameters=[EntryParameters],
    ),
    retrieve=extend_schema(
        summary="1つのFAQ項目",
        description=(
            "`ETag` か `Last-Modified` を次の呼び出しで送ると、変わりがないとき"
            " 304 を返します。"
        ),
        parameters=[LanguageParameters],
    ),
)
class EntryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, PublicDoor):
    """Published entries within their days."""

    pagination_class = NewestFirst
    serializer_class = EntrySerializer
    queryset = Entry.objects.none()

    def get_queryset(self) -> QuerySet[Entry]:
        """Return what the caller may read, narrowed as a list was asked for."""
        if self.action != "list":
            return self._readable()
        asked = EntryParameters.of(self.request)
        audience = asked.pop("audience")
        check_audience(self.request, audience)
        entries = self._answering(audience)
        column = _WORDS_IN.get(asked.pop("language", Language.JAPANESE))
        if column:
            entries = entries.exclude(**{f"live__{column}": ""})
        return entries.filter(
            **{_COLUMNS[name]: value for name, value in asked.items()}
        )

    def get_serializer_context(self) -> dict[str, Any]:
        """Tell the serializer the language."""
        context = super().get_serializer_context()
        request = context["request"]  # None while the contract is made
        asked = request.query_params.get("language", "") if request else ""
        return {**context, "language": asked}

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with one entry, and when its words changed."""
        del args, kwargs
        LanguageParameters.of(request)
        entry = self.get_object()
        changed = http_date(entry.changed_at.timestamp())
        answer = self.get_serializer(entry).data
        return Response(answer, headers={"Last-Modified": changed})

    def _readable(self) -> QuerySet[Entry]:
        residents = self._answering(Audience.RESIDENT)
        if not reads_for_staff(self.request):
            return residents
        return residents | self._answering(Audience.STAFF)

    def _answering(self, audience: str) -> QuerySet[Entry]:
        """Return published entries within their days, with when each last changed."""
        entries = Entry.objects.answering(audience)
        if audience == Audience.STAFF:
            entries = entries.visible_to(self.request.auth)
        changed = Greatest(
            "published_at",
            "live__reviewed_at",
            "refiled_at",
            _FIRST_MOMENT,
            output_field=DateTimeField(),
        )
        return entries.select_related(
            "live__procedure", "desk", "organization"
        ).annotate(changed_at=changed)
