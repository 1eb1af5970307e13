"""What a filing cannot do, each said in Japanese."""

from collections.abc import Mapping

from foundation.errors import DomainError


class TransitionNotAllowed(DomainError):
    """The application is not in a state from which this may happen."""

    code = "transition_not_allowed"
    sentence = "いまの状態では、この操作はできません。"


class RoleMissing(DomainError):
    """Whoever asked holds no role for this step in this body."""

    code = "role_missing"
    sentence = (
        "この操作をする役割が割り当てられていません。管理担当へ相談してください。"
    )


class OfferingClosed(DomainError):
    """The body does not take filings for this procedure now."""

    code = "offering_closed"
    sentence = (
        "この手続は、現在受付をしていません。入力した内容は下書きに残っています。"
        "受付期間を確かめるか、担当窓口へお問い合わせください。"
    )


class OfferingUnknown(DomainError):
    """Nothing that could be applied to has this id."""

    code = "offering_unknown"
    sentence = "この id の受付はありません。"


class IdentityTooWeak(DomainError):
    """The procedure asks for a surer identity than the session has."""

    code = "identity_too_weak"
    sentence = "この手続には、本人の確認（ログイン）が必要です。"


class DraftGone(DomainError):
    """The draft expired or was discarded."""

    code = "draft_gone"
    sentence = (
        "下書きが見つかりません。保存期間（90日）を過ぎたか、すでに削除されています。"
        "お手数ですが、はじめから入力してください。"
    )


class AnswersIncomplete(DomainError):
    """Some answers are missing or cannot be used.

    Args:
        errors: Field key → what to do, in Japanese.
    """

    code = "answers_incomplete"
    sentence = "入力を確かめてほしい項目があります。"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = dict(errors)


class AnswersChanged(DomainError):
    """The answers are no longer those that their sender checked."""

    code = "answers_changed"
    sentence = (
        "確認画面を開いたあとで、内容が変わりました。"
        "下の内容をもう一度お確かめのうえ、送信してください。"
    )


class KeyReused(DomainError):
    """Something else was filed under the same `Idempotency-Key`."""

    code = "key_reused"
    sentence = (
        "この Idempotency-Key では、別の内容がすでに提出されています。"
        "新しい申請には、新しい値を使ってください。"
    )


class PdfNotMade(DomainError):
    """The paper is there, its PDF is still being made."""

    code = "pdf_not_made"
    sentence = "PDFを作っています。少し待ってから、もう一度取得してください。"


class FormNotPublishable(DomainError):
    """The form document did not pass the gate of publishing.

    Args:
        problems: What is wrong and where, in Japanese.
    """

    code = "form_not_publishable"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("様式を公開できません。" + " ".join(problems))
        self.problems = problems

    @property
    def sentences(self) -> list[str]:
        """The problems, one by one."""
        return self.problems


class ReasonMissing(DomainError):
    """A refusal or withdrawal came without its reason (行政手続法8条)."""

    code = "reason_missing"
    sentence = "理由を入力してください。"


class CorrectionNotPossible(DomainError):
    """What should be corrected, why or by when makes no sense.

    Args:
        errors: Part of the request → what to do, in Japanese.
    """

    code = "correction_not_possible"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)

    @property
    def sentences(self) -> list[str]:
        """What to do, one by one."""
        return list(self.errors.values())
