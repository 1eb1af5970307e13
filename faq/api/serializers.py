"""What the API says of an entry."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from faq.api.desks import DeskNameSerializer
from faq.models import Entry, Language
from faq.safety import OfficialContact
from organizations.api import OrganizationSerializer
from procedures.api import ProcedureNameSerializer

_NULLABLE_ADDRESS = {"type": ["string", "null"], "format": "uri"}


class ContactSerializer(serializers.Serializer[Any]):
    """A number that the State has set for all of Japan."""

    number = serializers.CharField(help_text="電話番号")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="どこにつながるか"
    )


class DatasetSerializer(serializers.Serializer[Any]):
    """Open data that goes with an answer."""

    title = serializers.CharField(help_text="名前")
    url = serializers.URLField(help_text="アドレス")


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """A question with its answer (FAQ項目)."""

    url = serializers.HyperlinkedIdentityField(
        view_name="api-faq-entry-detail", help_text="項目のアドレス"
    )
    audience_label = serializers.CharField(
        source="get_audience_display", read_only=True, help_text="対象の日本語"
    )
    category = serializers.CharField(
        source="live.category", read_only=True, help_text="分類"
    )
    question = serializers.SerializerMethodField(help_text="質問")
    answer = serializers.SerializerMethodField(help_text="回答")
    language = serializers.SerializerMethodField(
        help_text="質問と回答の言語。求めた言語で書かれていなければ `ja`"
    )
    is_machine_translated = serializers.SerializerMethodField(
        help_text="機械翻訳（参考訳）か"
    )
    organization = OrganizationSerializer(read_only=True, help_text="答える団体")
    desk = DeskNameSerializer(read_only=True, help_text="答える相談窓口")
    source = serializers.CharField(  # type: ignore[assignment]
        source="live.source", read_only=True, help_text="根拠"
    )
    source_url = serializers.SerializerMethodField(
        help_text="根拠のアドレス。ないときは null"
    )
    checked_on = serializers.DateField(
        source="live.checked_on", read_only=True, help_text="内容を確かめた日"
    )
    valid_from = serializers.DateField(
        source="live.valid_from", read_only=True, help_text="有効開始日"
    )
    valid_until = serializers.DateField(
        source="live.valid_until", read_only=True, help_text="有効終了日"
    )
    contacts = serializers.SerializerMethodField(
        help_text="回答といっしょに必ず示す公的な連絡先"
    )
    procedure = serializers.SerializerMethodField(
        help_text="オンラインで行える手続。ないときは null"
    )
    dataset = serializers.SerializerMethodField(
        help_text="関係するオープンデータ。ないときは null"
    )
    is_sample = serializers.BooleanField(
        source="live.is_sample", read_only=True, help_text="サンプルか"
    )

    class Meta:
        model = Entry
        fields = (
            "url",
            "id",
            "code",
            "audience",
            "audience_label",
            "category",
            "question",
            "answer",
            "language",
            "is_machine_translated",
            "organization",
            "desk",
            "source",
            "source_url",
            "checked_on",
            "valid_from",
            "valid_until",
            "published_at",
            "contacts",
            "procedure",
            "dataset",
            "is_sample",
        )

    def get_question(self, entry: Entry) -> str:
        return self._words(entry)[0]

    def get_answer(self, entry: Entry) -> str:
        return self._words(entry)[1]

    @extend_schema_field(serializers.ChoiceField(Language.choices))
    def get_language(self, entry: Entry) -> str:
        return self._words(entry)[2]

    def get_is_machine_translated(self, entry: Entry) -> bool:
        live: Any = entry.live
        return self._words(entry)[2] in live.machine_translated

    @extend_schema_field(_NULLABLE_ADDRESS)
    def get_source_url(self, entry: Entry) -> str | None:
        live: Any = entry.live
        return live.source_url or None

    @extend_schema_field(ContactSerializer(many=True))
    def get_contacts(self, entry: Entry) -> Any:
        live: Any = entry.live
        return contacts_in_words(live.contacts)

    @extend_schema_field(ProcedureNameSerializer(allow_null=True))
    def get_procedure(self, entry: Entry) -> Any:
        live: Any = entry.live
        procedure = live.procedure
        if procedure is None or not procedure.is_published:
            return None
        return ProcedureNameSerializer(procedure, context=self.context).data

    @extend_schema_field(DatasetSerializer(allow_null=True))
    def get_dataset(self, entry: Entry) -> Any:
        live: Any = entry.live
        if not live.dataset_url:
            return None
        return {"title": live.dataset_title, "url": live.dataset_url}

    def _words(self, entry: Entry) -> tuple[str, str, str]:
        live: Any = entry.live
        words: tuple[str, str, str] = live.in_language(
            self.context.get("language") or Language.JAPANESE
        )
        return words


def contacts_in_words(numbers: list[str]) -> list[dict[str, str]]:
    """Return each official number with where it leads."""
    return [
        {"number": number, "label": OfficialContact(number).label} for number in numbers
    ]
