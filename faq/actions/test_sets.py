"""Keep questions whose right answer a desk knows: written, then frozen, then asked."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from faq.errors import RoleMissing, TestSetFrozen, TestSetUnusable
from faq.events import QuestionsFrozen
from faq.masking import masked_question
from faq.models import Desk, Expectation, Language, TestQuestion, TestSet
from journal.actions import record
from organizations.models import Role
from organizations.queries import has_role

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.PUBLISHER})
MOST_QUESTIONS = 500
COLUMNS = ("種類", "言語", "窓口コード", "質問", "正しい項目のコード")


def check_keeps(by: User, organization_id: int) -> None:
    """Raise RoleMissing unless `by` keeps the test sets of the body."""
    if not has_role(by, organization_id, *KEEPERS):
        raise RoleMissing


@transaction.atomic
def make_test_set(
    organization_id: int, *, name: str, audience: str, by: User
) -> TestSet:
    """Begin an empty set.

    Raises:
        RoleMissing: `by` keeps no sets of the body.
        TestSetUnusable: the body has one of this name.
    """
    check_keeps(by, organization_id)
    test_set = TestSet(organization_id=organization_id, name=name, audience=audience)
    try:
        with transaction.atomic():
            test_set.save(force_insert=True)
    except IntegrityError as error:
        message = (
            f"「{name}」という問題集が、すでにあります。ほかの名前にしてください。"
        )
        raise TestSetUnusable(message) from error
    return test_set


@transaction.atomic
def replace_questions(
    test_set: TestSet, rows: Sequence[dict[str, str]], *, by: User
) -> int:
    """Put the rows, by the headings in `COLUMNS`, in place of all questions.

    Raises:
        RoleMissing: `by` keeps no sets of the body.
        TestSetFrozen: it measures already.
        TestSetUnusable: names the row that is no question.
    """
    return _replace(_unfrozen(test_set, by), rows)


@transaction.atomic
def add_question(test_set: TestSet, row: dict[str, str], *, by: User) -> int:
    """Put one row, by the headings in `COLUMNS`, behind the questions there are.

    Raises:
        RoleMissing: `by` keeps no sets of the body.
        TestSetFrozen: it measures already.
        TestSetUnusable: it is no question, or one that the set has.
    """
    test_set = _unfrozen(test_set, by)
    return _replace(test_set, [*rows_of(test_set), row])


def _replace(test_set: TestSet, rows: Sequence[dict[str, str]]) -> int:
    if len(rows) > MOST_QUESTIONS:
        message = f"1つの問題集は{MOST_QUESTIONS}問までです。"
        raise TestSetUnusable(message)
    desks = {
        desk.code: desk
        for desk in Desk.objects.filter(
            organization_id=test_set.organization_id, audience=test_set.audience
        )
    }
    made = [_question(test_set, desks, n, row) for n, row in enumerate(rows, 1)]
    if len({question.text for question in made}) < len(made):
        message = "同じ質問が2つあります。1つにしてください。"
        raise TestSetUnusable(message)
    TestQuestion.objects.filter(
        organization_id=test_set.organization_id, test_set=test_set
    ).delete()
    return len(TestQuestion.objects.bulk_create(made))


def _question(
    test_set: TestSet, desks: dict[str, Desk], number: int, row: dict[str, str]
) -> TestQuestion:
    kind, language, desk, text, codes = (row.get(name, "").strip() for name in COLUMNS)
    text = masked_question(text)
    kind = kind or (Expectation.IN_SCOPE if codes else Expectation.FAR)
    language = language or Language.JAPANESE
    wrong = {
        "種類は in・near・far のどれかにしてください。": kind not in Expectation.values,
        "言語は ja・ja-easy・ja-Hira・en のどれかにしてください。": (
            language not in Language.values
        ),
        f"この対象に、窓口コード「{desk}」はありません。": bool(desk)
        and desk not in desks,
        "質問を500文字までで入力してください。": not 0 < len(text) <= 500,
        "「in」には正しい項目のコードがいり、ほかには書きません。": (
            (kind == Expectation.IN_SCOPE) != bool(codes)
        ),
    }
    if told := [sentence for sentence, applies in wrong.items() if applies]:
        message = f"{number}問目：{told[0]}"
        raise TestSetUnusable(message)
    return TestQuestion(
        organization_id=test_set.organization_id,
        test_set=test_set,
        desk=desks.get(desk),
        text=text,
        language=language,
        expectation=kind,
        entry_codes=codes.split(),
    )


@transaction.atomic
def freeze_test_set(test_set: TestSet, *, by: User) -> TestSet:
    """Let it measure from now on, and never change.

    Raises:
        RoleMissing: `by` keeps no sets of the body.
        TestSetFrozen: it does already.
        TestSetUnusable: it is empty.
    """
    test_set = _unfrozen(test_set, by)
    if not test_set.questions.exists():
        message = "問題が1つもありません。先に問題を登録してください。"
        raise TestSetUnusable(message)
    test_set.frozen_at = timezone.now()
    test_set.save(update_fields=["frozen_at"])
    record(
        QuestionsFrozen(
            organization_id=test_set.organization_id, test_set_id=test_set.pk
        ),
        by=by,
    )
    return test_set


@transaction.atomic
def copy_test_set(test_set: TestSet, *, name: str, by: User) -> TestSet:
    """Begin another set with the same questions, to be changed.

    Raises:
        RoleMissing: `by` keeps no sets of the body.
        TestSetUnusable: the body has one of this name.
    """
    copy = make_test_set(
        test_set.organization_id, name=name, audience=test_set.audience, by=by
    )
    replace_questions(copy, rows_of(test_set), by=by)
    return copy


def rows_of(test_set: TestSet) -> list[dict[str, str]]:
    """Return the questions as a table, by the headings in `COLUMNS`."""
    questions = TestQuestion.objects.filter(
        organization_id=test_set.organization_id, test_set=test_set
    ).select_related("desk")
    return [
        dict(
            zip(
                COLUMNS,
                (
                    question.expectation,
                    question.language,
                    question.desk.code if question.desk else "",
                    question.text,
                    " ".join(question.entry_codes),
                ),
                strict=True,
            )
        )
        for question in questions
    ]


def _unfrozen(test_set: TestSet, by: User) -> TestSet:
    check_keeps(by, test_set.organization_id)
    test_set = TestSet.objects.select_for_update().get(
        organization_id=test_set.organization_id, pk=test_set.pk
    )
    if test_set.frozen_at is not None:
        raise TestSetFrozen
    return test_set
