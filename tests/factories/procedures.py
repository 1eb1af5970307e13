"""Procedures, the departments that handle them, and who offers them."""

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from foundation.tenancy.scope import Scope, scoped
from organizations.models import Department
from procedures.models import Offering, Operation, Procedure, ProcedureKind

_numbers = count(1)


def department(organization: int, **fields: Any) -> Department:
    """Return a department of the body, in force since long ago."""
    values = {
        "code": f"d{next(_numbers)}",
        "name": "住民課",
        "phone": "0887-00-0000",
        "valid_from": date(2020, 4, 1),
    }
    with scoped(Scope(organization_ids=frozenset({organization}))):
        return Department.objects.create(
            organization_id=organization, **{**values, **fields}
        )


def procedure(organization: int = 390003, **fields: Any) -> Procedure:
    """Return a published procedure that its body owns."""
    operation, _ = Operation.objects.get_or_create(
        code="living", defaults={"title": "くらし"}
    )
    values = {
        "operation": operation,
        "code": f"procedure-{next(_numbers)}",
        "title": "水道使用開始・中止届",
        "summary": "水道の使用を始めるとき、やめるときの届出です。",
        "kind": ProcedureKind.NOTIFICATION,
        "standard_days": 3,
        "level_reason": "本人を確かめなくても支障がないため",
        "published_at": timezone.now(),
    }
    with scoped(Scope(organization_ids=frozenset({organization}))):
        return Procedure.objects.create(
            organization_id=organization, **{**values, **fields}
        )


def offering(
    organization: int, *, of: Procedure | None = None, **fields: Any
) -> Offering:
    """Return a published offering of the body, open now."""
    values = {
        "procedure": of or procedure(),
        "published_at": timezone.now(),
    }
    if "department" not in fields:
        values["department"] = department(organization)
    with scoped(Scope(organization_ids=frozenset({organization}))):
        return Offering.objects.create(
            organization_id=organization, **{**values, **fields}
        )
