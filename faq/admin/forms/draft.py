"""All the words of an entry on one page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from faq.actions.authoring import WORDS, WRITERS, words_of
from faq.admin.forms.moments import moment_in
from faq.admin.forms.wordings import pairs_of, split_words
from faq.admin.permits import posted
from faq.models import Desk, Entry, Language, Revision
from faq.safety import OfficialContact
from foundation.desk.fields import DayField
from foundation.desk.roles import bodies_where
from organizations.queries import organization_names
from procedures.models import Procedure

TRANSLATED = (Language.EASY, Language.ENGLISH)
# What must be written before a review, marked so: a draft may wait for it.
_NEEDED = "公開までに必要です。"


def _text(label: str, limit: int, *, rows: int = 0, help_text: str = "") -> forms.Field:
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label,
        required=False,
        max_length=limit,
        help_text=help_text,
        widget=widget,
        error_messages={"max_length": f"{label}は{limit:,}文字までにしてください。"},
    )


def _address(label: str) -> forms.URLField:
    return forms.URLField(
        label=label,
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput({"placeholder": "https://"}),
        error_messages={
            "invalid": f"{label}は、https:// で始まるアドレスを入力してください。"
        },
    )


class DraftForm(forms.Form):
    """All the words of an entry, in groups."""

    desk = forms.ModelChoiceField(
        label="相談窓口",
        queryset=Desk.objects.none(),
        error_messages={"required": "相談窓口を選んでください。"},
    )
    code = forms.CharField(
        label="項目コード",
        required=False,
        max_length=60,
        help_text="英数字とハイフン。空のままなら自動で付けます。あとから変えられません。",
    )
    question = forms.CharField(
        label="質問",
        max_length=200,
        help_text="住民が一覧で読む文です。例：訪問販売の契約をやめられますか",
        error_messages={
            "required": "質問を入力してください。",
            "max_length": "質問は200文字までにしてください。",
        },
    )
    answer = _text(
        "回答",
        4000,
        rows=10,
        help_text=f"最初の文で答え、あとに何を・いつまでに・どこで。{_NEEDED}",
    )
    category = _text("分類", 50, help_text=f"例：クーリング・オフ。{_NEEDED}")
    keywords = _text(
        "言い換え・関連語",
        1000,
        help_text="質問や回答に出てこない言い方を「、」で区切って。例：押し売り、布団",
    )
    alternatives = _text(
        "ほかの聞き方",
        4000,
        rows=3,
        help_text="実際に聞かれる言い方を、1行に1つ。画面には出ず、検索に使います。",
    )
    source = _text(
        "根拠", 200, help_text=f"例：特定商取引に関する法律 第9条。{_NEEDED}"
    )
    source_url = _address("根拠の場所")
    checked_on = DayField(label="内容を確かめた日")
    review_on = DayField(
        label="次に見直す日", required=False, help_text="過ぎると点検の一覧に出ます。"
    )
    valid_from = DayField(label="有効開始日", required=False)
    valid_until = DayField(
        label="有効終了日",
        required=False,
        help_text="この日を過ぎると、だれにも回答しなくなります。",
    )
    question_easy = _text("質問（やさしい日本語）", 200)
    answer_easy = _text("回答（やさしい日本語）", 4000, rows=5)
    question_en = _text("質問（英語）", 300)
    answer_en = _text("回答（英語）", 6000, rows=5)
    machine_translated = forms.MultipleChoiceField(
        label="機械翻訳のままの言語",
        required=False,
        choices=[(language.value, language.label) for language in TRANSLATED],
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "印のある言語は、公開しても「参考訳（機械翻訳）」と示します。"
            "訳を読んで確かめたら、直していなくても印を外してください。"
        ),
    )
    contacts = forms.MultipleChoiceField(
        label="必ず示す公的な連絡先",
        required=False,
        choices=OfficialContact.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="期限や危険にかかわる質問では、回答のそばにいつも示します。",
    )
    procedure = forms.ModelChoiceField(
        label="手続",
        required=False,
        queryset=Procedure.objects.none(),
        empty_label="なし",
        help_text="回答から、そのまま申請に進めます。",
    )
    dataset_title = _text("オープンデータの名前", 100)
    dataset_url = _address("オープンデータの場所")
    is_sample = forms.BooleanField(label="見本（サンプル）として示す", required=False)
    over = forms.CharField(required=False, widget=forms.HiddenInput)
    # On the page only where near ones are.
    confirmed = forms.BooleanField(
        label="上の項目を確かめました。別の項目として保存します", required=False
    )

    GROUPS = (
        ("質問と回答", ("desk", "code", "question", "answer", "category")),
        ("見つけやすくする言葉", ("keywords", "alternatives")),
        (
            "根拠と期限",
            (
                "source",
                "source_url",
                "checked_on",
                "review_on",
                "valid_from",
                "valid_until",
            ),
        ),
        (
            "連絡先・手続・データ",
            ("contacts", "procedure", "dataset_title", "dataset_url"),
        ),
        (
            "やさしい日本語と英語",
            (
                "question_easy",
                "answer_easy",
                "question_en",
                "answer_en",
                "machine_translated",
            ),
        ),
        ("そのほか", ("is_sample",)),
    )
    ALWAYS_OPEN = 3

    def __init__(
        self,
        request: HttpRequest,
        *,
        entry: Entry | None = None,
        last: Revision | None = None,
    ) -> None:
        values = _initial(last) if last else {"checked_on": timezone.localdate()}
        super().__init__(posted(request), initial=values)
        procedures = Procedure.objects.published().order_by("title")
        self._choices("procedure").queryset = procedures
        if entry is not None:
            for name in ("desk", "code", "alternatives"):
                del self.fields[name]
        else:
            self._offer_desks(request)
        self.entry = entry

    def _choices(self, name: str) -> "forms.ModelChoiceField[Any]":
        return cast("forms.ModelChoiceField[Any]", self.fields[name])

    def _offer_desks(self, request: HttpRequest) -> None:
        mine = sorted(bodies_where(request.user, WRITERS))
        names = organization_names()
        field = self._choices("desk")
        field.queryset = Desk.objects.filter(
            organization_id__in=mine, closed_at__isnull=True
        )
        if len(mine) > 1:
            field.label_from_instance = lambda obj: (  # type: ignore[method-assign]
                f"{names[obj.organization_id]} {obj.name}"
            )

    def groups(self) -> Iterator[dict[str, Any]]:
        """Yield the fields in groups; those nobody needs at once are folded."""
        for place, (title, names) in enumerate(self.GROUPS):
            fields = [self[name] for name in names if name in self.fields]
            filled = any(field.value() or field.errors for field in fields)
            folded = place >= self.ALWAYS_OPEN
            yield {
                "title": title,
                "fields": fields,
                "folded": folded,
                "open": filled or not folded,
            }

    def words(self) -> dict[str, Any]:
        """Return what was written, by the names of a revision."""
        given = self.cleaned_data
        words = {name: given[name] for name in WORDS if name in given}
        return {**words, "keywords": split_words(given["keywords"])}

    def replaced(self) -> datetime | None:
        """Return when the words were written that the form began with."""
        return moment_in(self.cleaned_data["over"])

    def other_wordings(self) -> list[tuple[str, str]]:
        """Return the lines of other wordings, each with its language."""
        return pairs_of(self.cleaned_data.get("alternatives", ""))


def _initial(last: Revision) -> dict[str, Any]:
    words = words_of(last)
    procedure = last.procedure_id
    return {
        **words,
        "procedure": procedure,
        "keywords": "、".join(last.keywords),
        "over": last.written_at.isoformat(),
    }
