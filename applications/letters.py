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

# Source: 行政手続法 37条 and デジタル手続法 6条3項 for the receipt; 行政不服審査法 82条
# for what a refusal must tell.
NO_DECISION = (
    "この受付票は、届出・申請が到達したことをお知らせするものです。"
    "許可や決定をお知らせするものではありません。"
)
HOW_TO_APPEAL = (
    "この決定に不服があるときは、この決定があったことを知った日の翌日から起算して"
    "3か月以内に、審査請求をすることができます。くわしくは担当窓口へお尋ねください。"
)
CHECKED = "担当窓口が、届いた内容を確かめます。"
MAY_BE_RETURNED = "直していただきたいところがあるときは、補正をお願いします。"
TOLD_OF_END = "終わったら、結果をお知らせします。"
HOW_TO_CORRECT = (
    "照会ページで到達番号と問合せ番号を入力するか、ログインしてマイページを開き、"
    "「補正する」を押してください。直せるのは、上の項目だけです。"
)
WHEN_LATE = "期限に間に合わないときは、早めに担当窓口へご相談ください。"
OUTCOME_SENTENCES = {
    State.COMPLETED: "届出の手続が完了しました。",
    State.APPROVED: "申請を許可・承認しました。",
    State.REJECTED: "申請を許可・承認しないことと決定しました。",
}


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


def notice_content(application: Application, outcome: State) -> dict[str, Any]:
    """Return the content of 結果のお知らせ; a refusal says why and how to appeal."""
    return {
        **_head(application, "結果のお知らせ"),
        "filed_at": application.filed_at.isoformat(),
        "decided_at": application.closed_at and application.closed_at.isoformat(),
        "outcome": outcome.label,
        "message": OUTCOME_SENTENCES[outcome],
        "reason": application.closing_reason,
        "sections": [],
        "sentences": [HOW_TO_APPEAL] if outcome == State.REJECTED else [],
    }


def _standard_period(offering: Offering) -> str:
    procedure = offering.procedure
    if not procedure.standard_days:
        return ""
    return (
        f"手続には、ふつう{procedure.standard_days}{procedure.get_day_unit_display()}"
        "ほどかかります。"
    )


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
