"""What the FAQ cannot do, each said in Japanese."""

from typing import ClassVar

from foundation.errors import DomainError


class EncoderUnavailable(Exception):
    """The encoder is down, slow, or answers nonsense; words alone are compared."""


class RoleMissing(DomainError):
    """Whoever asked holds no role for this step in this body."""

    code = "role_missing"
    sentence = (
        "この操作をする役割が割り当てられていません。管理担当へ相談してください。"
    )


class RevisionNotInThisState(DomainError):
    """Somebody else was faster, or the page is old."""

    code = "revision_not_in_this_state"
    sentence = "この版は、ほかの人が先に進めました。画面を読み込み直してください。"


class ReviewedByItsAuthor(DomainError):
    """What is public, another than its author has read."""

    code = "reviewed_by_its_author"
    sentence = (
        "自分が書いた版は、自分では公開できません。ほかの職員に確認を頼んでください。"
    )


class RevisionIncomplete(DomainError):
    """Something that an answer needs is not written yet."""

    code = "revision_incomplete"
    sentence = "まだ書かれていない項目があります。下書きを書き足してください。"


class UnfinishedInTheWay(DomainError):
    """Somebody writes already; two drafts of one entry would lose one."""

    code = "unfinished_in_the_way"
    sentence = (
        "この項目には書きかけの版があります。"
        "先に、それを公開するか「下書きを捨てる」で消してください。"
    )


class WordsUnusable(DomainError):
    """What was written cannot be kept as it is; the sentence says what."""

    code = "words_unusable"
    sentence = "入力した内容を保存できません。赤い字の欄を直してください。"


class AskedAlready(DomainError):
    """Another entry of the body has this very question."""

    code = "asked_already"
    sentence = "同じ質問の項目が、すでにあります。その項目を書き直してください。"


class LearnedAlready(DomainError):
    """Of this question somebody has made an entry."""

    code = "learned_already"
    sentence = "ここからは、すでに項目が作られています。その項目を開いてください。"


class FileUnusable(DomainError):
    """It is no table that can be read; the sentence says what to do."""

    code = "file_unusable"
    sentence = "このファイルは読めません。CSVか、Excel（.xlsx）で保存し直してください。"


class ImportChanged(DomainError):
    """Entries have changed since somebody saw what a file would do."""

    code = "import_changed"
    sentence = "ほかの人が項目を変えました。もう一度、内容を確かめてください。"


class EntryNotPublished(DomainError):
    """It answers nobody now."""

    code = "entry_not_published"
    sentence = "この項目は公開されていません。画面を読み込み直してください。"


class DeskUnusable(DomainError):
    """What was entered of a desk does not fit; the sentence says what."""

    code = "desk_unusable"
    sentence = "相談窓口を、この内容では登録できません。赤い字の欄を直してください。"


class QuestionEmpty(DomainError):
    """Nothing that could be read was asked."""

    code = "question_empty"
    sentence = "質問を、文で入力してください。例：水道を使い始めるには"


class EntryNotOffered(DomainError):
    """The choice is none of the entries that were offered."""

    code = "entry_not_offered"
    sentence = "表示された候補の中から選んでください。"


class NobodyToAsk(DomainError):
    """There is no desk that a question could be for."""

    code = "nobody_to_ask"
    sentence = "いま、質問を受け付ける窓口がありません。代表電話へおたずねください。"


class TicketClosed(DomainError):
    """It has ended, and takes no more messages."""

    code = "ticket_closed"
    sentence = "この相談は終わりました。続きは、新しい質問としてお送りください。"


class TicketMoved(DomainError):
    """Somebody has written since it was read."""

    code = "ticket_moved"
    sentence = (
        "画面を開いたあとに、新しいやり取りがありました。"
        "読んでから、もう一度送ってください。"
    )


class MessageEmpty(DomainError):
    """A message without words."""

    code = "message_empty"
    sentence = "本文を入力してください。"


class TestSetFrozen(DomainError):
    """What measures must not change with what it measures."""

    __test__: ClassVar[bool] = False  # pytest: not a test
    code = "test_set_frozen"
    sentence = "固定した問題集は変えられません。写しを作って直してください。"


class CalibrationWorse(DomainError):
    """The frozen test sets say that residents would be served worse."""

    code = "calibration_worse"
    sentence = (
        "テスト問題集での結果がいまより悪くなるため、有効にできません。"
        "ほかの値で、新しい案を作ってください。"
    )


class ProposalOutdated(DomainError):
    """What was measured is not what would be measured today, or nothing is yet."""

    code = "proposal_outdated"
    sentence = (
        "この案の測定は、いまのものではありません。問題集や、いまのしきい値が変わったか、"
        "測ってから1日たっています。「もう一度測る」を押してください。"
    )


class TranslationFailed(DomainError):
    """Nothing translates now; what was written stays as it is."""

    code = "translation_failed"
    sentence = "翻訳できませんでした。時間をおいて試すか、自分で書いてください。"


class NothingToTranslate(DomainError):
    """Everything is written already, or there is nothing to translate from."""

    code = "nothing_to_translate"
    sentence = "翻訳する空の欄がありません。日本語の質問と回答も確かめてください。"


class TestSetUnusable(DomainError):
    """What was entered makes no test question; the sentence says what to do."""

    __test__: ClassVar[bool] = False  # pytest: not a test
    code = "test_set_unusable"
    sentence = "このテスト問題は登録できません。内容を直してください。"


class NotMeasurable(DomainError):
    """There is nothing to ask, or nothing whole to ask it of."""

    code = "not_measurable"
    sentence = (
        "いまは測れません。固定したテスト問題集と索引があり、エンコーダーが動いている"
        "ときに、もう一度お試しください。"
    )
