"""Where every view, API call and admin page starts."""

from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from foundation.tenancy.scope import Scope

M = TypeVar("M", bound=models.Model)


def scope_for(user: Any) -> Scope:
    """Return what `user` may touch, as `settings.TENANCY_SCOPE_FOR` computes it."""
    scope: Scope = import_string(settings.TENANCY_SCOPE_FOR)(user)
    return scope


class OrganizationScopedQuerySet(models.QuerySet[M]):
    """Rows of bodies: the first gate, above row-level security.

    The explicit predicate is for the planner, which cannot use an index through the
    policy alone as well as it can through a plain condition.
    """

    def visible_to(self, user: Any) -> Self:
        """Rows of the bodies that `user` works for."""
        return self.filter(organization_id__in=sorted(scope_for(user).organization_ids))


class FiledQuerySet(OrganizationScopedQuerySet[M]):
    """Rows that belong to a person too: what residents and companies file."""

    def owned_by(self, person: Any) -> Self:
        """Rows of one natural or corporate person, over all bodies.

        Nobody owns what was filed without an account: `None` owns no rows.
        """
        return self.none() if person is None else self.filter(person=person)

    def reachable_in(self, scope: Scope) -> Self:
        """Rows of one's own persons, and what one's secret opens; no staff's reach."""
        return self.filter(
            models.Q(person__in=scope.person_ids)
            | models.Q(capability=scope.capability)
        )
