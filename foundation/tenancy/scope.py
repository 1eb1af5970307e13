"""Whose rows the running request or task may touch."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Organizations one works for, persons one is or acts for, and one secret.

    The secret (`capability`) is the SHA-256 of a token that opens what was filed
    without an account; empty opens nothing.
    """

    organization_ids: frozenset[int] = frozenset()
    person_ids: frozenset[UUID] = frozenset()
    capability: str = ""

    def settings(self) -> tuple[str, str, str]:
        """Return the values of the three `app.…` settings, as PostgreSQL arrays."""
        return (
            "{" + ",".join(map(str, sorted(self.organization_ids))) + "}",
            "{" + ",".join(map(str, sorted(self.person_ids))) + "}",
            self.capability,
        )


NOBODY = Scope()

_current: ContextVar[Scope | Callable[[], Scope] | None] = ContextVar(
    "tenancy_scope", default=None
)


_transaction: ContextVar[ExitStack | None] = ContextVar(
    "tenancy_transaction", default=None
)


def current_scope() -> Scope | None:
    """Return the scope in force; None where nobody has declared one."""
    scope = _current.get()
    if not callable(scope):
        return scope
    # Finding the scope reads sessions and memberships, which need none.
    token = _current.set(None)
    try:
        found = scope()
    finally:
        _current.reset(token)
    _current.set(found)
    return found


@contextmanager
def declared(scope: Scope | Callable[[], Scope]) -> Iterator[None]:
    """Declare the scope, or how to find it at the first statement that needs it."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def lazily_scoped(find: Callable[[], Scope]) -> Iterator[None]:
    """Run the block in one transaction that its first statement opens.

    A page that asks the database nothing opens none, and never calls `find`.
    """
    with ExitStack() as stack:
        if transaction.get_connection().in_atomic_block:
            # Inside another one (a test's): what is undone must end at ours. Before
            # the scope is declared: who asks is not known yet.
            stack.enter_context(transaction.atomic())
        stack.enter_context(declared(find))
        token = _transaction.set(stack)
        try:
            yield
        finally:
            _transaction.reset(token)


def begin_if_lazy(alias: str) -> None:
    """Open the transaction that `lazily_scoped` promised, if there is such a one."""
    if (stack := _transaction.get()) is not None:
        stack.enter_context(transaction.atomic(using=alias))


def become(scope: Scope) -> None:
    """Replace the scope for the rest of the request: a token has shown who asks."""
    _current.set(scope)


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Run the block in one transaction of the default database under `scope`."""
    with declared(scope), transaction.atomic():
        yield


@contextmanager
def opened_by(token: str) -> Iterator[None]:
    """Run the block with the secret `token` added to the scope in force."""
    scope = replace(current_scope() or NOBODY, capability=capability_of(token))
    with scoped(scope):
        yield


def capability_of(token: str) -> str:
    """Return what is stored of a secret token: its SHA-256 in hex, 64 characters."""
    return hashlib.sha256(token.encode()).hexdigest()
