"""What is typed to make a test set, and to fill it."""

from typing import Any

from django import forms
from django.http import HttpRequest

from faq.actions.test_sets import COLUMNS, KEEPERS
from faq.admin.permits import posted
from faq.models import Audience
from foundation.desk.roles import bodies_where
from organizations.queries import organization_names


class NameForm(forms.Form):
    """What a set is called."""

    name = forms.CharField(
        label="名称",
        max_length=100,
        error_messages={"required": "名称を入力してください。"},
    )

    def __init__(self, request: HttpRequest, *_: Any) -> None:
        super().__init__(posted(request))


class NewForm(NameForm):
    """A set, and who asks its questions."""

    audience = forms.ChoiceField(label="対象", choices=Audience.choices)
    organization = forms.TypedChoiceField(label="団体", coerce=int)

    def __init__(self, request: HttpRequest, *_: Any) -> None:
        super().__init__(request)
        names = organization_names()
        mine = sorted(bodies_where(request.user, KEEPERS))
        self.fields["organization"].choices = [(body, names[body]) for body in mine]  # type: ignore[attr-defined]


class QuestionsForm(forms.Form):
    """All questions as one table, replaced by another."""

    file = forms.FileField(
        label="ファイル（CSVまたはExcel）",
        help_text=(
            f"見出しは「{'」「'.join(COLUMNS)}」です。種類は in（答えがある）・"
            "near（分野は合うが答えがない）・far（分野がちがう）。"
            "「問題をダウンロード」の形のまま、直して取り込めます。"
        ),
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルに何も書かれていません。",
        },
    )

    def __init__(self, request: HttpRequest, *_: Any) -> None:
        super().__init__(posted(request), request.FILES or None)


class QuestionForm(forms.Form):
    """One question more."""

    text = forms.CharField(
        label="質問",
        max_length=500,
        error_messages={"required": "質問を入力してください。"},
    )
    codes = forms.CharField(
        label="正しい項目のコード",
        required=False,
        max_length=600,
        help_text="2つ以上あるときは空白で区切り、いちばんよいものを先に書きます。",
    )
    desk = forms.CharField(label="窓口コード", required=False, max_length=30)
    language = forms.CharField(label="言語", max_length=10, initial="ja")

    def __init__(self, request: HttpRequest, *_: Any) -> None:
        super().__init__(posted(request))
