"""What row-level security costs: the same queries with and without it.

`BENCH_APPLICATIONS` applications (default 200,000) over 34 bodies, in PostgreSQL as the
application's role within one body's scope, and as the owner, who bypasses the policies
of the application but asks with the same predicate. The planner takes predicate and
policy for two conditions, expects fewer rows than there are, and may sort them all.
"""

import os
import statistics
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connections, transaction  # noqa: E402 - after setup

from applications.models import Application  # noqa: E402
from bench._cases import fill, prepare  # noqa: E402
from bench._portal import report  # noqa: E402
from foundation.tenancy.scope import Scope, declared, scoped  # noqa: E402
from tests.factories import MUROTO  # noqa: E402

ROWS = int(os.environ.get("BENCH_APPLICATIONS", "200000"))
ROUNDS = 200


def main() -> None:
    """Fill the table, then time the queries of the desk under both roles."""
    prepare()
    fill(ROWS)
    of_muroto = Application.objects.using("owner").filter(organization_id=MUROTO)
    key = of_muroto.order_by("?")[0].pk
    newest = "SELECT id FROM applications_application WHERE organization_id = %s"
    queries = {
        "newest_50": f"{newest} ORDER BY id DESC LIMIT 50",
        "open_by_due_50": f"{newest} AND state = 'filed' ORDER BY due_on LIMIT 50",
        "by_key": f"{newest} AND id = '{key}'",
    }
    for name, sql in queries.items():
        report(
            "tenancy_overhead",
            query=name,
            rows=ROWS,
            rows_of_the_body=of_muroto.count(),
            with_policies_ms=_with_policies(sql),
            without_ms=_without(sql),
        )
    here, nowhere = Scope(organization_ids=frozenset({MUROTO})), Scope()
    report(
        "tenancy_overhead",
        query="select_1",
        scope_changes_ms=_asking(here, nowhere),
        scope_stays_ms=_asking(here, here),
    )


def _with_policies(sql: str) -> float:
    def ask() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute(sql, [MUROTO])
            cursor.fetchall()

    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        return _median_ms(ask)


def _without(sql: str) -> float:
    def ask() -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(sql, [MUROTO])
            cursor.fetchall()

    with transaction.atomic(using="owner"):
        return _median_ms(ask)


def _asking(*scopes: Scope) -> float:
    """Return what a statement costs that comes under each of `scopes` in turn."""

    def ask() -> None:
        for scope in scopes:
            with declared(scope), connections["default"].cursor() as cursor:
                cursor.execute("SELECT 1")

    with transaction.atomic():
        return round(_median_ms(ask) / len(scopes), 3)


def _median_ms(ask: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begin) * 1000)
    return round(statistics.median(times), 3)


if __name__ == "__main__":
    main()
