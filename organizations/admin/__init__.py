"""The desk of those who administer a body: departments, people, keys of programs."""

from organizations.admin.bodies import OrganizationAdmin
from organizations.admin.departments import DepartmentAdmin
from organizations.admin.memberships import MembershipAdmin
from organizations.admin.tokens import ApiTokenAdmin

__all__ = [
    "ApiTokenAdmin",
    "DepartmentAdmin",
    "MembershipAdmin",
    "OrganizationAdmin",
]
