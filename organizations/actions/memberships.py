"""Give roles in a body, and end them, each from a day on."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import staff_account
from accounts.models import User
from journal.actions import record
from organizations.actions.departments import check_administrator, check_entry
from organizations.actions.turns import take_turn
from organizations.errors import EntryUnusable, LastAdministrator, RoleNotGrantable
from organizations.events import MembershipEnded, MembershipGiven
from organizations.models import Department, Membership, Role
from organizations.queries import PREFECTURE, department_in_charge, roles_held_now


@transaction.atomic
def give_role(  # noqa: PLR0913 - who, what, where, when, by whom
    organization_id: int,
    *,
    email: str,
    role: str,
    valid_from: date,
    valid_until: date | None = None,
    department: Department | None = None,
    display_name: str = "",
    by: User,
) -> Membership | None:
    """Give the account of an address a role in the body, from a day on (割当).

    Held already in another department, the role moves; just so already, it stays.

    Args:
        organization_id: The body.
        email: Address of the account; a new one gets a new account.
        role: One of `Role`; support only from one who has it.
        valid_from: First day.
        valid_until: First day without it; None for an open end.
        department: Where in the body; who took over from it meanwhile stands in.
        display_name: Name of a new account.
        by: An administrator of the body.

    Returns:
        The new membership; None where it is held just so already.

    Raises:
        NotAdministrator: `by` does not administer the body.
        RoleNotGrantable: `by` may not give support.
        EntryUnusable: dates or department do not fit.
        AccountNotOfStaff: a resident uses the address.
        LastAdministrator: nobody would administer the body on some day.
    """
    take_turn(organization_id)
    check_administrator(by, organization_id)
    if role == Role.SUPPORT and not (
        organization_id == PREFECTURE and Role.SUPPORT in roles_held_now(by, PREFECTURE)
    ):
        raise RoleNotGrantable
    _check_dates(department, valid_from, valid_until)
    user = staff_account(email, display_name=display_name)
    today = timezone.localdate()
    membership = Membership(
        organization_id=organization_id,
        user=user,
        role=role,
        department_id=department_in_charge(department.pk, today)
        if department
        else None,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    check_entry(membership)
    if not _make_way_for(membership, by=by):
        return None
    membership.save(force_insert=True)
    record(
        MembershipGiven(
            organization_id=organization_id,
            membership_id=membership.pk,
            user_id=user.pk,
            role=role,
            valid_from=valid_from,
            valid_until=valid_until,
        ),
        by=by,
    )
    return membership


def _check_dates(
    department: Department | None, valid_from: date, valid_until: date | None
) -> None:
    if valid_until is not None and valid_until <= valid_from:
        message = "最終日は、開始日以後の日にしてください。"
        raise EntryUnusable(message)
    if department is None:
        return
    until = department.valid_until
    if department.valid_from > valid_from or (until and until <= valid_from):
        message = f"「{department.name}」は、{valid_from:%Y年%m月%d日}にはありません。"
        raise EntryUnusable(message)


def _make_way_for(new: Membership, *, by: User) -> bool:
    """End what the new membership takes over from; False where it is there already."""
    for held in _held(new.organization_id, user=new.user, role=new.role):
        if held.valid_until is not None and held.valid_until <= new.valid_from:
            continue
        period = (held.valid_from, held.valid_until)
        if held.department_id == new.department_id and (
            period == (new.valid_from, new.valid_until)
            or (held.valid_from <= new.valid_from and period[1] == new.valid_until)
        ):
            return False
        if held.valid_from >= new.valid_from:
            message = (
                f"同じ役割が、{held.valid_from:%Y年%m月%d日}から割り当てられています。"
                "先にそちらを終了してください。"
            )
            raise EntryUnusable(message)
        _check_somebody_stays(held, on=new.valid_from, instead=(new,))
        _end(held, new.valid_from, by=by)
    return True


@transaction.atomic
def end_role(membership: Membership, *, on: date, by: User) -> None:
    """Take the role away from a day on; one that never began is removed.

    Raises:
        NotAdministrator: `by` does not administer the body.
        LastAdministrator: nobody would administer the body on some day from then on.
        EntryUnusable: the role ends earlier already, or begins only later.
    """
    take_turn(membership.organization_id)
    check_administrator(by, membership.organization_id)
    held = next(iter(_held(membership.organization_id, pk=membership.pk)), None)
    if held is None or (held.valid_until is not None and held.valid_until < on):
        message = "この役割は、すでに終わっています。"
        raise EntryUnusable(message)
    _check_somebody_stays(held, on=on)
    _end(held, on, by=by)


def _check_somebody_stays(
    ending: Membership, *, on: date, instead: Iterable[Membership] = ()
) -> None:
    """Raise LastAdministrator where a day that `ending` covered is left to nobody.

    Who administers changes only at the days on which a role ends: it is enough to look
    at those, and at the first.
    """
    if ending.role != Role.ADMINISTRATOR or not ending.user.is_active:
        return
    held = _held(ending.organization_id, role=ending.role)
    staying = [row for row in (*held, *instead) if row.pk != ending.pk]
    first = max(on, ending.valid_from, timezone.localdate())
    ends = {row.valid_until for row in staying if row.valid_until is not None}
    for day in sorted({first, *(end for end in ends if end > first)}):
        if ending.valid_until is not None and ending.valid_until <= day:
            return
        if not any(_counts(row, day) for row in staying):
            raise LastAdministrator(day)


def _counts(row: Membership, day: date) -> bool:
    in_force = row.valid_from <= day and (
        row.valid_until is None or row.valid_until > day
    )
    return in_force and row.user.is_active


def _held(organization_id: int, **wanted: Any) -> list[Membership]:
    rows: Any = Membership.objects.select_related("user")
    return list(
        rows.filter(organization_id=organization_id, **wanted).order_by("valid_from")
    )


def _end(membership: Membership, on: date, *, by: User) -> None:
    ended = MembershipEnded(
        organization_id=membership.organization_id,
        membership_id=membership.pk,
        user_id=membership.user_id,
        role=membership.role,
        valid_until=on,
    )
    if membership.valid_from >= on:
        if membership.valid_from <= timezone.localdate():
            message = "最終日は、開始日以後の日にしてください。"
            raise EntryUnusable(message)
        membership.delete()
    else:
        membership.valid_until = on
        membership.save(update_fields=["valid_until"])
    record(ended, by=by)
