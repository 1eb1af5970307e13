"""Open, change and close the desks of a body."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from faq.errors import DeskUnusable, RoleMissing
from faq.events import DeskChanged, DeskClosed, DeskOpened
from faq.models import Desk
from journal.actions import record
from organizations.models import Role
from organizations.queries import has_role

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.PUBLISHER})
# What may change of a desk; its audience may not, for its entries carry it.
TERMS = (
    "name",
    "subject",
    "department",
    "weekdays",
    "opens_at",
    "closes_at",
    "closed_on_holidays",
    "reply_days",
    "needs_review",
)


def _check_keeper(by: User, organization_id: int) -> None:
    if not has_role(by, organization_id, *KEEPERS):
        raise RoleMissing


def _check(desk: Desk) -> None:
    department, today = desk.department, timezone.localdate()
    ended = department.valid_until is not None and department.valid_until <= today
    if department.organization_id != desk.organization_id or ended:
        message = "担当部署は、いまある自分の団体の部署から選んでください。"
        raise DeskUnusable(message)
    if desk.closes_at <= desk.opens_at:
        message = "閉まる時刻は、開く時刻より後にしてください。"
        raise DeskUnusable(message)
    if not desk.weekdays:
        message = "開いている曜日を、1日以上選んでください。"
        raise DeskUnusable(message)
    try:
        desk.clean_fields(exclude=["organization", "department"])
    except ValidationError as error:
        labels = {field.name: field.verbose_name for field in desk._meta.fields}
        told = [
            f"{labels[name]}：{' '.join(sentences)}"
            for name, sentences in error.message_dict.items()
        ]
        raise DeskUnusable(" ".join(told)) from error


@transaction.atomic
def open_desk(
    organization_id: int,
    *,
    code: str,
    audience: str,
    terms: Mapping[str, Any],
    by: User,
) -> Desk:
    """Enter another desk of the body (新設).

    Raises:
        RoleMissing: `by` keeps no desks of the body.
        DeskUnusable: the code is taken, or an entry does not fit.
    """
    _check_keeper(by, organization_id)
    desk = Desk(organization_id=organization_id, code=code, audience=audience, **terms)
    _check(desk)
    try:
        with transaction.atomic():
            desk.save(force_insert=True)
    except IntegrityError as error:
        message = (
            f"窓口コード「{code}」は、ほかの窓口が使っています。"
            "ほかのコードにしてください。"
        )
        raise DeskUnusable(message) from error
    record(DeskOpened(organization_id=organization_id, desk_id=desk.pk), by=by)
    return desk


@transaction.atomic
def change_desk(desk: Desk, terms: Mapping[str, Any], *, by: User) -> Desk:
    """Change what is said of a desk (変更).

    Raises:
        RoleMissing: `by` keeps no desks of the body.
        DeskUnusable: it is closed, or an entry does not fit.
    """
    _check_keeper(by, desk.organization_id)
    desk = _lock(desk)
    for name in TERMS:
        if name in terms:
            setattr(desk, name, terms[name])
    _check(desk)
    desk.save(update_fields=list(TERMS))
    record(DeskChanged(organization_id=desk.organization_id, desk_id=desk.pk), by=by)
    return desk


@transaction.atomic
def close_desk(desk: Desk, *, by: User) -> Desk:
    """Let a desk answer no more (廃止); its entries must be withdrawn before.

    Raises:
        RoleMissing: `by` keeps no desks of the body.
        DeskUnusable: it is closed already, or entries of it still answer.
    """
    _check_keeper(by, desk.organization_id)
    desk = _lock(desk)
    answering = desk.entry_set.published(desk.audience).count()
    if answering:
        message = (
            f"公開中の項目が{answering}件あります。"
            "先にその公開を終えてから、窓口を廃止してください。"
        )
        raise DeskUnusable(message)
    desk.closed_at = timezone.now()
    desk.save(update_fields=["closed_at"])
    record(DeskClosed(organization_id=desk.organization_id, desk_id=desk.pk), by=by)
    return desk


def _lock(desk: Desk) -> Desk:
    found = (
        Desk.objects.filter(organization_id=desk.organization_id)
        .select_for_update(of=("self",))
        .select_related("department")
        .get(pk=desk.pk)
    )
    if found.closed_at is not None:
        message = "この窓口は廃止されています。必要なら、新しい窓口を作ってください。"
        raise DeskUnusable(message)
    return found
