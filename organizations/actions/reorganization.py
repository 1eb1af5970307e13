"""The change of 1 April, as two tables in CSV: departments and memberships.

A trial does what the real change does, line by line, and undoes all of it: whatever is
wrong is found where it would go wrong.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.actions import staff_account
from accounts.models import User
from foundation import japanese
from foundation.errors import DomainError
from foundation.japanese import TextError
from organizations.actions.departments import (
    CONTACT,
    abolish_department,
    department_on,
    open_department,
    rename_department,
)
from organizations.actions.memberships import end_role, give_role
from organizations.actions.succession import take_over
from organizations.actions.turns import take_turn
from organizations.errors import EntryUnusable
from organizations.models import Department, Membership, Role

MOST_LINES = 2_000
ONE_DAY = timedelta(days=1)
DEPARTMENTS, MEMBERSHIPS = "部署", "所属"
DEPARTMENT_COLUMNS = {
    "部署コード": "code",
    "名称": "name",
    "後継の部署コード": "successor",
    "適用日": "valid_from",
    "電話番号": "phone",
    "メールアドレス": "email",
    "所在地": "address",
    "受付時間": "opening_hours",
}
MEMBERSHIP_COLUMNS = {
    "メールアドレス": "email",
    "氏名": "display_name",
    "部署コード": "department",
    "役割": "role",
    "開始日": "valid_from",
    "最終日": "last_day",
}
REQUIRED = {
    DEPARTMENTS: ("部署コード", "名称", "後継の部署コード", "適用日"),
    MEMBERSHIPS: ("メールアドレス", "部署コード", "役割", "開始日", "最終日"),
}
ROLES = {label: value for value, label in Role.choices}
ROLES |= {value: value for value in Role.values} | {"県サポート": Role.SUPPORT}


class ReorganizationUnusable(DomainError):
    """Some lines cannot be applied, so none is.

    Args:
        problems: What is wrong, with table and line, in Japanese.
    """

    code = "reorganization_unusable"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("このままでは適用できない行があります。")
        self.problems = problems

    @property
    def sentences(self) -> list[str]:
        """The problems, line by line."""
        return self.problems


class ReorganizationChanged(DomainError):
    """Applying would do something else than what the trial showed."""

    code = "reorganization_changed"
    sentence = (
        "確認したあとで、内容か、登録されている部署・所属が変わりました。"
        "もう一度確認してから適用してください。"
    )


@dataclass(frozen=True)
class Plan:
    """What a change does, line by line, and its digest to confirm it by."""

    changes: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the sentences."""
        return hashlib.sha256("\n".join(self.changes).encode()).hexdigest()


def try_reorganization(
    organization_id: int, *, departments: str, memberships: str, by: User
) -> Plan:
    """Return what the two tables would change, and change nothing.

    Raises:
        ReorganizationUnusable: names every line that could not be applied.
    """
    with transaction.atomic():
        plan = _apply(organization_id, departments, memberships, by)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def reorganize(
    organization_id: int, *, departments: str, memberships: str, digest: str, by: User
) -> Plan:
    """Apply both tables, all lines or none; what is due today is taken over at once.

    Args:
        organization_id: Whose departments and members.
        departments: CSV with the columns of `DEPARTMENT_COLUMNS`; a line with a name
            opens or renames, one with a successor ends the department on its day.
        memberships: CSV with the columns of `MEMBERSHIP_COLUMNS`; a line with a
            first day gives the role, one with only a last day ends it.
        digest: Of the plan that was confirmed.
        by: An administrator of the body.

    Raises:
        ReorganizationUnusable: names every line that cannot be applied.
        ReorganizationChanged: the plan is not the one that was confirmed.
    """
    plan = _apply(organization_id, departments, memberships, by)
    if plan.changes and plan.digest != digest:
        raise ReorganizationChanged
    take_over(organization_id)
    return plan


@dataclass(frozen=True)
class _Line:
    """One line of a table, its cells by field."""

    table: str
    number: int
    cells: dict[str, str]

    def day(self, field: str, column: str) -> date:
        text = self.cells[field]
        try:
            return japanese.date(text)
        except TextError as error:
            message = f"{column}：{error}"
            raise EntryUnusable(message) from error

    def problem(self, sentence: object) -> str:
        return f"{self.table}の{self.number}行目：{sentence}"


Doer = Callable[[int, _Line, User], str]


def _apply(organization_id: int, departments: str, memberships: str, by: User) -> Plan:
    """Do every line in a savepoint of its own, so that one cannot hide another."""
    problems: list[str] = []
    changes: list[tuple[_Line, str]] = []
    tables = ((DEPARTMENTS, departments), (MEMBERSHIPS, memberships))
    lines = [line for name, text in tables for line in _read(name, text, problems)]
    if not lines and not problems:
        problems.append("部署か所属のどちらかに、1行以上入力してください。")
    take_turn(organization_id)
    _open_accounts(lines)
    for line, do in sorted(
        ((line, _doer(line)) for line in lines), key=lambda pair: _ORDER[pair[1]]
    ):
        try:
            with transaction.atomic():
                changes.append((line, do(organization_id, line, by)))
        except DomainError as error:
            problems.append(line.problem(error))
    if problems:
        raise ReorganizationUnusable(sorted(problems, key=_by_table_and_line))
    changes.sort(key=lambda change: (change[0].table == MEMBERSHIPS, change[0].number))
    return Plan(tuple(line.problem(told) for line, told in changes if told))


def _open_accounts(lines: list[_Line]) -> None:
    """Open the accounts there are none for, in the order of their addresses.

    Line by line, two bodies whose tables name the same new colleagues in opposite
    orders would wait for each other without end. What is wrong is told at its line.
    """
    names: dict[str, str] = {}
    for line in lines:
        if _doer(line) is _give:
            names.setdefault(line.cells["email"].lower(), line.cells["display_name"])
    for address in sorted(names):
        with suppress(DomainError), transaction.atomic():
            staff_account(address, display_name=names[address])


def _by_table_and_line(problem: str) -> tuple[bool, int]:
    digits = "".join(c for c in problem.partition("行目")[0] if c.isdigit())
    return problem.startswith(MEMBERSHIPS), int(digits or 0)


# Reading


def _read(table: str, text: str, problems: list[str]) -> Iterator[_Line]:
    """Yield the lines of one table; tell what is wrong with it as a whole."""
    if not text.strip():
        return
    columns = DEPARTMENT_COLUMNS if table == DEPARTMENTS else MEMBERSHIP_COLUMNS
    delimiter = "\t" if "\t" in text.splitlines()[0] else ","
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    try:
        header = [cell.strip() for cell in next(rows)]
        if wrong := _header_problem(table, header, columns):
            problems.append(wrong)
            return
        for count, cells in enumerate(rows):
            if count >= MOST_LINES:
                problems.append(
                    f"{table}：一度に適用できるのは{MOST_LINES}行までです。"
                )
                return
            if any(cell.strip() for cell in cells):
                padded = [cell.strip() for cell in cells] + [""] * len(header)
                given = dict(
                    zip((columns[name] for name in header), padded, strict=False)
                )
                empty = dict.fromkeys(columns.values(), "")
                yield _Line(table, rows.line_num, {**empty, **given})
    except csv.Error:
        problems.append(
            f"{table}の{rows.line_num}行目：CSVとして読めません。"
            '引用符（"）の閉じ忘れがないか、お確かめください。'
        )


def _header_problem(table: str, header: list[str], columns: dict[str, str]) -> str:
    missing = [name for name in REQUIRED[table] if name not in header]
    unknown = [name for name in header if name not in columns]
    if missing:
        return f"{table}の1行目：列「{'」「'.join(missing)}」がありません。"
    if unknown:
        return f"{table}の1行目：列「{'」「'.join(unknown)}」は使えません。"
    if len(set(header)) < len(header):
        return f"{table}の1行目：同じ名前の列が2つ以上あります。"
    return ""


# Doing


def _doer(line: _Line) -> Doer:
    if line.table == DEPARTMENTS:
        return _abolish if line.cells["successor"] else _name
    return _give if line.cells["valid_from"] else _end


def _name(organization_id: int, line: _Line, by: User) -> str:
    """Open a department, or give it another name from its day on."""
    cells, on = line.cells, line.day("valid_from", "適用日")
    code, name = cells["code"], cells["name"]
    contact = {field: cells[field] for field in CONTACT}
    now = department_on(organization_id, code, on)
    if now is not None and now.name == name:
        return ""
    if now is None:
        open_department(
            organization_id, code=code, name=name, valid_from=on, contact=contact, by=by
        )
        return f"{_day(on)}に「{name}」を新設します。"
    rename_department(now, name=name, on=on, contact=contact, by=by)
    return f"{_day(on)}に「{now.name}」を「{name}」に改めます。"


def _abolish(organization_id: int, line: _Line, by: User) -> str:
    """End a department; another takes over."""
    cells, on = line.cells, line.day("valid_from", "適用日")
    if cells["name"]:
        message = "名称と後継の部署コードは、どちらか一方だけを入力してください。"
        raise EntryUnusable(message)
    successor = department_on(organization_id, cells["successor"], on)
    if successor is None:
        message = (
            f"後継の部署コード「{cells['successor']}」の部署が、その日にありません。"
        )
        raise EntryUnusable(message)
    of_code = Department.objects.filter(
        organization_id=organization_id, code=cells["code"]
    )
    if of_code.filter(valid_until=on, successor=successor).exists():
        return ""
    ending = department_on(organization_id, cells["code"], on)
    if ending is None:
        message = f"部署コード「{cells['code']}」の部署が、その日にありません。"
        raise EntryUnusable(message)
    abolish_department(ending, successor=successor, on=on, by=by)
    return (
        f"{_day(on)}に「{ending.name}」を廃止し、「{successor.name}」が引き継ぎます。"
    )


def _give(organization_id: int, line: _Line, by: User) -> str:
    """Give a role, or move it to another department."""
    cells, begins = line.cells, line.day("valid_from", "開始日")
    last_day = line.day("last_day", "最終日") if cells["last_day"] else None
    role, department = _role(cells["role"]), None
    if cells["department"]:
        department = department_on(organization_id, cells["department"], begins)
        if department is None:
            message = (
                f"部署コード「{cells['department']}」の部署が、その日にありません。"
            )
            raise EntryUnusable(message)
    given = give_role(
        organization_id,
        email=cells["email"],
        display_name=cells["display_name"],
        role=role,
        department=department,
        valid_from=begins,
        valid_until=last_day + ONE_DAY if last_day else None,
        by=by,
    )
    if given is None:
        return ""
    where = f"（{department.name}）" if department else ""
    until = f"{_day(last_day)}まで" if last_day else ""
    label = given.get_role_display()
    period = f"{_day(begins)}から{until}"
    return f"{period}、{cells['email']} に「{label}」{where}を割り当てます。"


def _end(organization_id: int, line: _Line, by: User) -> str:
    """End a role, or all that the person has."""
    cells, last_day = line.cells, line.day("last_day", "最終日")
    on = last_day + ONE_DAY
    held: Any = Membership.objects.filter(
        organization_id=organization_id, user__email=cells["email"].lower()
    )
    if cells["role"]:
        held = held.filter(role=_role(cells["role"]))
    ending = list(held.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on)))
    if not ending and held.filter(valid_until=on).exists():
        return ""
    if not ending:
        message = f"{cells['email']} に、終わらせる役割がありません。"
        raise EntryUnusable(message)
    for membership in ending:
        end_role(membership, on=on, by=by)
    labels = "」「".join(membership.get_role_display() for membership in ending)
    return f"{_day(last_day)}で、{cells['email']} の「{labels}」を終わります。"


def _role(text: str) -> str:
    if text not in ROLES:
        known = "・".join(label for value, label in Role.choices if value != "support")
        message = f"役割は {known} のどれかを入力してください。"
        raise EntryUnusable(message)
    return ROLES[text]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# What is there before another takes it over, and who comes before somebody goes.
_ORDER: dict[Doer, int] = {_name: 0, _abolish: 1, _give: 2, _end: 3}
