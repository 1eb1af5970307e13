"""Open, rename and end departments, each from a day on."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from journal.actions import record
from organizations.actions.turns import take_turn
from organizations.errors import EntryUnusable, NotAdministrator
from organizations.events import (
    DepartmentContactChanged,
    DepartmentEnded,
    DepartmentNameCorrected,
    DepartmentOpened,
)
from organizations.models import Department, Role
from organizations.queries import department_in_charge, roles_held_now

CONTACT = ("phone", "email", "address", "opening_hours")


def check_administrator(by: User, organization_id: int) -> None:
    """Raise NotAdministrator unless `by` administers the body this moment."""
    if Role.ADMINISTRATOR not in roles_held_now(by, organization_id):
        raise NotAdministrator


def check_entry(row: models.Model) -> None:
    """Raise EntryUnusable where a text is too long, missing or of the wrong kind."""
    try:
        row.clean_fields(exclude=[f.name for f in row._meta.fields if f.is_relation])
    except ValidationError as error:
        labels = {field.name: field.verbose_name for field in row._meta.fields}
        told = [
            f"{labels[name]}：{' '.join(sentences)}"
            for name, sentences in error.message_dict.items()
        ]
        raise EntryUnusable(" ".join(told)) from error


@transaction.atomic
def open_department(  # noqa: PLR0913 - what a department is made of
    organization_id: int,
    *,
    code: str,
    name: str,
    valid_from: date,
    contact: Mapping[str, str],
    by: User,
) -> Department:
    """Enter a department that is new on a day (新設).

    Raises:
        NotAdministrator: `by` does not administer the body.
        EntryUnusable: something is wrong with an entry, or the code is taken then.
    """
    take_turn(organization_id)
    check_administrator(by, organization_id)
    taken = _of_code(organization_id, code).filter(
        models.Q(valid_until__isnull=True) | models.Q(valid_until__gt=valid_from)
    )
    if taken.exists():
        message = f"部署コード「{code}」は、その日にほかの部署が使っています。"
        raise EntryUnusable(message)
    department = Department(
        organization_id=organization_id,
        code=code,
        name=name,
        valid_from=valid_from,
        **contact,
    )
    check_entry(department)
    department.save(force_insert=True)
    record(
        DepartmentOpened(
            organization_id=organization_id,
            department_id=department.pk,
            valid_from=valid_from,
        ),
        by=by,
    )
    return department


@transaction.atomic
def change_contact(
    department: Department, contact: Mapping[str, str], *, by: User
) -> Department:
    """Change how a department is reached, from now on and under its planned names.

    Where another contact is planned with a name, that one stays.

    Raises:
        NotAdministrator: `by` does not administer the body.
        EntryUnusable: something is wrong with an entry.
    """
    take_turn(department.organization_id)
    check_administrator(by, department.organization_id)
    department = _again(department)
    old = _contact_of(department, None)
    for row in (department, *_later_names(department)):
        fields = [
            name for name in CONTACT if getattr(row, name) == old[name] != contact[name]
        ]
        if not fields:
            continue
        for name in fields:
            setattr(row, name, contact[name])
        check_entry(row)
        row.save(update_fields=fields)
        record(
            DepartmentContactChanged(
                organization_id=row.organization_id, department_id=row.pk
            ),
            by=by,
        )
    return department


@transaction.atomic
def rename_department(
    department: Department,
    *,
    name: str,
    on: date,
    contact: Mapping[str, str] | None = None,
    by: User,
) -> Department:
    """Give the department another name from a day on (名称変更); return the new row.

    What was planned for the old one later, comes to the new. A name that is planned
    for that very day already is replaced.

    Raises:
        NotAdministrator: `by` does not administer the body.
        EntryUnusable: it is not in force just before that day, ends or begins then, or
            an entry is wrong.
    """
    take_turn(department.organization_id)
    check_administrator(by, department.organization_id)
    if planned := _named_from(department, on):
        return _correct_name(planned, name=name, contact=contact, by=by)
    department = _in_force_before(department, on)
    if department.valid_until == on:
        raise _ends_already(department)
    renamed = Department(
        organization_id=department.organization_id,
        code=department.code,
        name=name,
        valid_from=on,
        valid_until=department.valid_until,
        successor_id=department.successor_id,
        **_contact_of(department, contact),
    )
    check_entry(renamed)
    renamed.save(force_insert=True)
    _end(department, successor=renamed, on=on, by=by)
    return renamed


@transaction.atomic
def abolish_department(
    department: Department, *, successor: Department, on: date, by: User
) -> Department:
    """End the department on a day; another takes over what it has in hand (廃止・統合).

    Raises:
        NotAdministrator: `by` does not administer the body.
        EntryUnusable: one of the two is not in force then, or it would come to have
            what it hands over.
    """
    take_turn(department.organization_id)
    check_administrator(by, department.organization_id)
    department = _in_force_before(department, on)
    in_force = Department.objects.filter(
        organization_id=department.organization_id, pk=successor.pk
    ).on(on)
    if successor.pk == department.pk or not in_force.exists():
        message = f"引き継ぐ部署「{successor.name}」は、その日にありません。"
        raise EntryUnusable(message)
    if department.valid_until is not None:
        raise _ends_already(department)
    if department_in_charge(successor.pk, date.max) == department.pk:
        message = (
            f"「{successor.name}」は、あとで「{department.name}」に引き継ぐことに"
            "なっています。引き継ぐ部署には、ほかの部署を選んでください。"
        )
        raise EntryUnusable(message)
    _end(department, successor=successor, on=on, by=by)
    return department


def department_on(organization_id: int, code: str, day: date) -> Department | None:
    """Return the department that has the code on a day, if there is one."""
    found: Department | None = _of_code(organization_id, code).on(day).first()
    return found


def _of_code(organization_id: int, code: str) -> Any:
    return Department.objects.filter(organization_id=organization_id, code=code)


def _again(department: Department) -> Department:
    held: Department = Department.objects.get(
        organization_id=department.organization_id, pk=department.pk
    )
    return held


def _later_names(department: Department) -> Iterator[Department]:
    """Yield what the department will be called, name after name."""
    while (later := department.successor) and later.code == department.code:
        yield later
        department = later


def _named_from(department: Department, on: date) -> Department | None:
    """Return the row with which the department begins that day, or its next name."""
    held = _again(department)
    found: Department | None = (
        _of_code(held.organization_id, held.code)
        .filter(pk__in=(held.pk, held.successor_id), valid_from=on)
        .first()
    )
    return found


def _correct_name(
    planned: Department, *, name: str, contact: Mapping[str, str] | None, by: User
) -> Department:
    """Replace a name that is still to come; one that has been used stays."""
    if planned.valid_from <= timezone.localdate():
        message = (
            f"{planned.valid_from:%Y年%m月%d日}からの名称は、すでに"
            f"「{planned.name}」として使われています。あすより後の日から改めてください。"
        )
        raise EntryUnusable(message)
    planned.name = name
    for field, value in _contact_of(planned, contact).items():
        setattr(planned, field, value)
    check_entry(planned)
    planned.save(update_fields=["name", *CONTACT])
    record(
        DepartmentNameCorrected(
            organization_id=planned.organization_id, department_id=planned.pk
        ),
        by=by,
    )
    return planned


def _ends_already(department: Department) -> EntryUnusable:
    return EntryUnusable(
        f"「{department.name}」は、{department.valid_until:%Y年%m月%d日}に"
        "終わることになっています。"
    )


def _in_force_before(department: Department, on: date) -> Department:
    held = _again(department)
    day_before = on - timedelta(days=1)
    ended = held.valid_until is not None and held.valid_until <= day_before
    if held.valid_from > day_before or ended:
        message = (
            f"「{held.name}」は、{day_before:%Y年%m月%d日}には有効ではありません。"
        )
        raise EntryUnusable(message)
    return held


def _contact_of(
    department: Department, changed: Mapping[str, str] | None
) -> dict[str, str]:
    """Return the contact of the old name, but for what is given anew."""
    return {
        name: (changed or {}).get(name) or getattr(department, name) for name in CONTACT
    }


def _end(department: Department, *, successor: Department, on: date, by: User) -> None:
    department.valid_until, department.successor = on, successor
    department.save(update_fields=["valid_until", "successor"])
    record(
        DepartmentEnded(
            organization_id=department.organization_id,
            department_id=department.pk,
            successor_id=successor.pk,
            valid_until=on,
        ),
        by=by,
    )
