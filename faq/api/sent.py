"""What the API reads: a question, what was thought of its answer, what to add."""

import hmac
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from faq.actions.asking import Conversation
from faq.actions.handing import MESSAGE_CHARACTERS
from faq.api.doors import WRITTEN, audience_field
from faq.models import Language, Verdict
from faq.retrieval.guard import QUESTION_CHARACTERS
from foundation.numbering import inquiry_code
from foundation.strict import StrictSerializer
from organizations.queries import organization_names

_UNKNOWN_PLACE = "県内の市町村の団体コードを指定してください。"
_WRONG_CONVERSATION = "会話の `id` と `token` を、前の返事のとおりに送ってください。"
_NOTHING_SAID = "`verdict` か `entry` のどちらかを送ってください。"


class ConversationSerializer(StrictSerializer):
    """An earlier question's conversation."""

    id = serializers.UUIDField(help_text="会話の番号")
    token = serializers.CharField(max_length=100, help_text="会話の鍵")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "住民の質問",
            value={
                "text": "訪問販売で契約した布団を、クーリング・オフしたい",
                "place": 392022,
            },
            request_only=True,
        )
    ]
)
class AskingSerializer(StrictSerializer):
    """A question, and from whom."""

    text = serializers.CharField(
        max_length=QUESTION_CHARACTERS,
        help_text=(
            "質問。名前や住所など、個人の情報は入れないでください。メールアドレス、"
            "電話番号、郵便番号、番地、部屋番号、カード番号、マイナンバーと、ほかの"
            "7けた以上の番号は、保存する前に伏せ字にします。名前、町名、金額、日付は"
            "そのまま残ります。"
        ),
    )
    audience = audience_field()
    place = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=999_999,
        help_text="質問する人の市町村の団体コード（6けた）。県とこの市町村の項目が答えます。",
    )
    language = serializers.ChoiceField(
        WRITTEN,
        default=Language.JAPANESE,
        help_text="返事の言語。英語だけの質問には英語で返します。",
    )
    topic = serializers.UUIDField(
        required=False, help_text="先にさがす相談窓口の `id`（話題の続きのとき）"
    )
    conversation = ConversationSerializer(
        required=False,
        help_text="前の質問の `conversation`。続けてたずねるときに送ります。",
    )

    def validate_place(self, place: int) -> int:
        """Know the body."""
        if place not in organization_names():
            raise serializers.ValidationError(_UNKNOWN_PLACE)
        return place

    def validate_conversation(self, given: dict[str, Any]) -> Conversation:
        """Check that the secret is the conversation's."""
        for key in settings.INQUIRY_KEYS:
            code = inquiry_code(given["id"], key)
            if hmac.compare_digest(code.encode(), given["token"].encode()):
                return Conversation(given["id"], code)
        raise serializers.ValidationError(_WRONG_CONVERSATION)


class TokenSerializer(StrictSerializer):
    """The secret that opens a question."""

    token = serializers.CharField(
        max_length=100, help_text="質問の返事にあった `conversation.token`"
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "役に立った",
            value={"token": "ABCD2345EFGH6789", "verdict": "solved"},
            request_only=True,
        )
    ]
)
class FeedbackSerializer(TokenSerializer):
    """Whether it helped, or which of those offered was meant."""

    verdict = serializers.ChoiceField(
        Verdict.choices, required=False, help_text="役に立ったか"
    )
    entry = serializers.UUIDField(required=False, help_text="候補から選んだ項目の `id`")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two."""
        if "verdict" not in attrs and "entry" not in attrs:
            raise serializers.ValidationError(_NOTHING_SAID)
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "返事をメールで受け取る",
            value={
                "token": "ABCD2345EFGH6789",
                "message": "契約したのは先週です。",
                "email": "hanako@example.jp",
            },
            request_only=True,
        )
    ]
)
class HandoverSerializer(TokenSerializer):
    """What the person adds for the desk."""

    message = serializers.CharField(
        max_length=MESSAGE_CHARACTERS,
        required=False,
        allow_blank=True,
        default="",
        help_text="窓口への説明（なくてもよい）",
    )
    email = serializers.EmailField(
        max_length=254,
        required=False,
        allow_blank=True,
        default="",
        help_text="返事の宛先。なければ、会話の鍵（問合せ番号）で画面から読めます。",
    )
