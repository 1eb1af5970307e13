"""What people do with bodies, each in one function and one transaction."""

from organizations.actions.departments import (
    CONTACT,
    abolish_department,
    change_contact,
    open_department,
    rename_department,
)
from organizations.actions.memberships import end_role, give_role
from organizations.actions.reorganization import (
    DEPARTMENT_COLUMNS,
    MEMBERSHIP_COLUMNS,
    Plan,
    ReorganizationChanged,
    ReorganizationUnusable,
    reorganize,
    try_reorganization,
)
from organizations.actions.succession import take_over, take_over_due
from organizations.actions.tokens import (
    SCOPES_OF_BODIES,
    SCOPES_OF_PERSONS,
    IssuedToken,
    issue_token,
    revoke_token,
)

__all__ = [
    "CONTACT",
    "DEPARTMENT_COLUMNS",
    "MEMBERSHIP_COLUMNS",
    "SCOPES_OF_BODIES",
    "SCOPES_OF_PERSONS",
    "IssuedToken",
    "Plan",
    "ReorganizationChanged",
    "ReorganizationUnusable",
    "abolish_department",
    "change_contact",
    "end_role",
    "give_role",
    "issue_token",
    "open_department",
    "rename_department",
    "reorganize",
    "revoke_token",
    "take_over",
    "take_over_due",
    "try_reorganization",
]
