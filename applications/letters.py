"""What a paper of the case says, frozen at the moment it is made.

Offices are renamed and rules change; a paper keeps the names it was made with. The
問合せ番号 is not among them: it is computed when the paper is shown, stored nowhere.
"""

from typing import Any

from applications.formspec import FormSpec
from applications.models import Application, Correction
from applications.workflow import State
from organizations.models import Department
from procedures.models import Offering

# Source: 行政手続法 37条 and デジタル手続法 6条3項.
NO_DECISION = (
    "この受付票は、届出・申請が到達したことをお知らせするものです。"
    "許可や決定をお知らせするものではありません。"
)
CHECKED = "担当窓口が、届いた内容を確かめます。"
MAY_BE_RETURNED = "直していただきたいところがあるときは、補正をお願いします。"
TOLD_OF_END = "終わったら、結果をお知らせします。"
HOW_TO_CORRECT = (
    "照会ページで到達番号と問合せ番号を入力するか、ログインしてマイページを開き、"
    "「補正する」を押してください。直せるのは、上の項目だけです。"
)
WHEN_LATE = "期限に間に合わないときは、早めに担当窓口へご相談ください。"
# Source: デジタル手続法 7条1項ただし書.
BY_POST = "この通知は、書面でもお送りします。"
OUTCOME_SENTENCES = {
    State.COMPLETED: "届出の手続が完了しました。",
    State.APPROVED: "申請を許可・承認しました。",
    State.REJECTED: "申請を許可・承認しないことと決定しました。",
}
REASON_TITLES = {State.APPROVED: "条件・理由"}
# What is decided on an application (処分), and not merely done.
DECISIONS = {State.APPROVED, State.REJECTED}
# What a refusal must tell, and a grant with conditions or in part (教示).
# Source: 行政不服審査法 18条, 82条; 行政事件訴訟法 8条, 14条, 46条.
_EXCUSED = "正当な理由があるときは、これらの期間を過ぎたあとでもすることができます。"
_REVIEW = (
    (
        "この決定に不服があるときは、この決定があったことを知った日の翌日から起算して"
        "3か月以内に、{authority}に対して審査請求をすることができます。"
    ),
    (
        "この決定があった日の翌日から起算して1年を過ぎると、3か月以内であっても、"
        f"審査請求をすることができなくなります。{_EXCUSED}"
    ),
)
_AFTER_REVIEW = (
    "裁決があったことを知った日の翌日から起算して6か月以内に、裁判所に起こすことが"
    "できます。"
)
_TOO_LATE = (
    "があった日の翌日から起算して1年を過ぎると、6か月以内であっても、訴えを起こすことが"
    f"できなくなります。{_EXCUSED}"
)
_DEFENDANT = (
    "訴えの相手（被告）は{body}です。訴訟において{body}を代表する者は、{court}です。"
)
_SUIT = (
    (
        "この決定の取消しを求める訴えは、この決定があったことを知った日の翌日から起算して"
        "6か月以内に、裁判所に起こすことができます。"
    ),
    f"審査請求をしたときは、その{_AFTER_REVIEW}",
    _DEFENDANT,
    f"この決定（審査請求をしたときは、その裁決）{_TOO_LATE}",
)
_SUIT_AFTER_REVIEW = (
    (
        "この決定の取消しを求める訴えは、審査請求に対する裁決を受けたあとでなければ、"
        f"起こすことができません。{_AFTER_REVIEW}"
    ),
    "ただし、次のどれかに当たるときは、裁決を待たずに起こすことができます。",
    "① 審査請求をした日の翌日から起算して3か月を過ぎても、裁決がないとき",
    (
        "② この決定やその執行、手続の続行による著しい損害を避けるため、緊急の必要が"
        "あるとき"
    ),
    "③ そのほか、裁決を待たないことに正当な理由があるとき",
    _DEFENDANT,
    f"裁決{_TOO_LATE}",
)


def receipt_content(
    application: Application,
    offering: Offering,
    spec: FormSpec,
    answers: dict[str, Any],
) -> dict[str, Any]:
    """Return the content of 受付票: number, time, office, answers, what comes next."""
    return {
        **_head(application, "受付票"),
        "filed_at": application.filed_at.isoformat(),
        "due_on": application.due_on.isoformat() if application.due_on else None,
        "standard_days": offering.procedure.standard_days,
        "day_unit": offering.procedure.get_day_unit_display(),
        "next_steps": [
            CHECKED,
            MAY_BE_RETURNED,
            _standard_period(offering) + TOLD_OF_END,
        ],
        "sections": _sections(spec, answers),
        "sentences": [NO_DECISION],
    }


def correction_content(
    application: Application, spec: FormSpec, correction: Correction
) -> dict[str, Any]:
    """Return the content of 補正依頼書: what to correct, and by when."""
    labels = [spec.fields[key].label for key in correction.field_keys]
    return {
        **_head(application, "補正依頼書"),
        "filed_at": application.filed_at.isoformat(),
        "correct_by": correction.due_on.isoformat(),
        "field_labels": labels,
        "message": correction.message,
        "next_steps": [HOW_TO_CORRECT, WHEN_LATE],
        "sections": [],
        "sentences": [],
    }


def notice_content(
    application: Application, outcome: State, *, by_post: bool
) -> dict[str, Any]:
    """Return the content of 結果のお知らせ: of a decision, who made it (処分庁).

    A refusal says why and how to appeal; so does a grant that says something, for it
    may be a condition or cover only a part.
    """
    reason = application.closing_reason
    burdens = outcome == State.REJECTED or (
        outcome == State.APPROVED and bool(reason.strip())
    )
    decides = application.offering.deciding_authority or application.organization.head
    return {
        **_head(application, "結果のお知らせ"),
        "authority": decides if outcome in DECISIONS else "",
        "filed_at": application.filed_at.isoformat(),
        "decided_at": application.closed_at and application.closed_at.isoformat(),
        "outcome": outcome.label,
        "message": OUTCOME_SENTENCES[outcome],
        "reason_title": REASON_TITLES.get(outcome, "理由"),
        "reason": reason,
        "sections": [],
        "by_post": by_post,
        "sentences": [BY_POST] if by_post else [],
        "remedies": remedies(application) if burdens else [],
    }


def remedies(application: Application) -> list[dict[str, Any]]:
    """Return what can be done against a decision: against whom, by when (教示).

    The body's head decides and, with nobody above, is also asked to review; so it is
    unless the offering says otherwise. The defendant is always the body.

    Source: 行政不服審査法 4条; 行政事件訴訟法 11条.
    """
    offering, body = application.offering, application.organization
    told = {
        "authority": offering.review_authority or body.head,
        "body": body.name,
        "court": offering.represented_by or body.head,
    }
    suit = _SUIT_AFTER_REVIEW if offering.review_first else _SUIT
    return [
        {"title": title, "lines": [line.format(**told) for line in lines]}
        for title, lines in (("審査請求", _REVIEW), ("取消しの訴え（取消訴訟）", suit))
    ]


def _standard_period(offering: Offering) -> str:
    procedure = offering.procedure
    if not procedure.standard_days:
        return ""
    return f"手続には、ふつう{procedure.expected_wait}かかります。"


def _head(application: Application, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "procedure": application.offering.procedure.title,
        "organization": application.organization.name,
        "number": application.number,
        "office": _office(application.department),
    }


def _office(department: Department) -> dict[str, str]:
    return {
        "name": department.name,
        "phone": department.phone,
        "email": department.email,
        "address": department.address,
        "hours": department.opening_hours,
    }


def _sections(spec: FormSpec, answers: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": section.title,
            "rows": [
                {"label": row.label, "lines": list(row.lines)} for row in section.rows
            ],
        }
        for section in spec.sections(answers)
    ]
