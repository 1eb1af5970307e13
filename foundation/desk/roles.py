"""Whose roles open what; computed above, asked for here."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def roles_of(user: Any) -> dict[int, frozenset[str]]:
    """Return body → roles of `user`, as `settings.TENANCY_ROLES_OF` computes it."""
    roles: dict[int, frozenset[str]] = import_string(settings.TENANCY_ROLES_OF)(user)
    return roles


def bodies_where(user: Any, wanted: frozenset[str]) -> frozenset[int]:
    """Return the bodies in which `user` holds one of the `wanted` roles."""
    return frozenset(body for body, held in roles_of(user).items() if held & wanted)
