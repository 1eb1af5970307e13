"""`SET LOCAL` before the first statement of each transaction, and at each change.

Session-level settings leak to the next client of a transaction-mode pool; `SET LOCAL`
ends with the transaction. The role's own default is `'unset'`, which no policy can
read as a list, so a statement outside any scope raises instead of finding nothing.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from foundation.tenancy.scope import Scope, begin_if_lazy, current_scope

_SET_LOCAL = (
    "SELECT set_config('app.organization_ids', %s, true),"
    " set_config('app.person_ids', %s, true), set_config('app.capability', %s, true)"
)
_UNSET = ("unset", "unset", "")
_UNKNOWN: Any = object()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL backend, under the scope of `foundation.tenancy.scope`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._applied_scope: Scope | None = _UNKNOWN
        self.execute_wrappers.append(self._execute_in_scope)

    def _execute_in_scope(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001 - the signature of Django's execute wrappers
        context: dict[str, Any],
    ) -> Any:
        if not self.in_atomic_block:
            begin_if_lazy(self.alias)
        if self.in_atomic_block:
            self._apply_scope()
        try:
            return execute(sql, params, many, context)
        finally:
            # What was set inside a savepoint goes with it.
            if str(sql).startswith("ROLLBACK"):
                self._applied_scope = _UNKNOWN

    def _apply_scope(self) -> None:
        """Make the settings of the running transaction those of the current scope."""
        scope = current_scope()
        status = self.connection.info.transaction_status
        if status == TransactionStatus.INERROR:
            self._applied_scope = _UNKNOWN
            return
        if status == TransactionStatus.IDLE:  # this statement begins a transaction
            self._applied_scope = None
        if scope == self._applied_scope:
            return
        with self.connection.cursor() as cursor:
            cursor.execute(_SET_LOCAL, scope.settings() if scope else _UNSET)
        self._applied_scope = scope
