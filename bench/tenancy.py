"""What row-level security costs: the same queries with and without it.

`BENCH_APPLICATIONS` applications (default 200,000) over 34 bodies, in PostgreSQL as the
application's role within one body's scope, and as the owner, who bypasses the policies
of the application but asks with the same predicate.
"""

import os
import statistics
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connections, transaction  # noqa: E402 - after setup

from applications.models import Application  # noqa: E402
from bench._portal import manage, report  # noqa: E402
from foundation.tenancy.scope import Scope, scoped  # noqa: E402
from tests.factories import applications as cases  # noqa: E402

ROWS = int(os.environ.get("BENCH_APPLICATIONS", "200000"))
ROUNDS = 200
MUROTO = 392022
# One filed case is the pattern; the columns that differ are computed.
COPY = """
INSERT INTO applications_application
SELECT (t.copied).* FROM (
    SELECT jsonb_populate_record(a, jsonb_build_object(
        'id', lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000',
        'organization_id', o.code, 'number', 'n' || n,
        'offering_id', f.id, 'department_id', f.department_id,
        'due_on', current_date + (n %% 60)::int
    )) AS copied
    FROM applications_application a, generate_series(1, %(rows)s) n
    JOIN LATERAL (
        SELECT code FROM organizations_organization WHERE code <> 390003
        ORDER BY code OFFSET n %% 34 LIMIT 1
    ) o ON true
    JOIN procedures_offering f ON f.organization_id = o.code
    WHERE a.organization_id = 392022
) t
"""


def main() -> None:
    """Fill the table, then time the queries of the desk under both roles."""
    manage("migrate", "--database=owner", "--verbosity=0")
    manage("load_organizations", "--verbosity=0")
    _fill()
    newest = "SELECT id FROM applications_application WHERE organization_id = %s"
    queries = {
        "newest_50": f"{newest} ORDER BY id DESC LIMIT 50",
        "open_by_due_50": f"{newest} AND state = 'filed' ORDER BY due_on LIMIT 50",
        "by_key": f"{newest} AND id = '00000021-0000-7000-8000-000000000000'",
    }
    for name, sql in queries.items():
        report(
            "tenancy_overhead",
            query=name,
            rows=ROWS,
            with_policies_ms=_with_policies(sql),
            without_ms=_without(sql),
        )
    report("tenancy_overhead", query="set_local_scope", each_ms=_set_local())


def _fill() -> None:
    procedure = cases.procedures.procedure()
    for code in _bodies():
        cases.procedures.offering(code, of=procedure)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        offering = procedure.offerings.get(organization_id=MUROTO)
    cases.application(MUROTO, offering=offering)
    with connections["owner"].cursor() as cursor:
        cursor.execute(COPY, {"rows": ROWS})
        cursor.execute("ANALYZE applications_application")


def _bodies() -> list[int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT code FROM organizations_organization WHERE code<>390003")
        return [code for (code,) in cursor.fetchall()]


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


def _set_local() -> float:
    """Return what one request pays to tell PostgreSQL its scope."""
    here, there = Scope(organization_ids=frozenset({MUROTO})), Scope()

    def ask() -> None:
        for scope in (here, there):
            with scoped(scope):
                Application.objects.none().exists()

    with transaction.atomic():
        return _median_ms(ask)


def _median_ms(ask: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begin) * 1000)
    return round(statistics.median(times), 3)


if __name__ == "__main__":
    main()
