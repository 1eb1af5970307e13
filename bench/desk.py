"""The desk over a million cases: list, filters, searches and a case, as a clerk asks.

`BENCH_APPLICATIONS` cases (default 1,000,000), half of them of the clerk's own body.
Each page is a whole request, from the middleware to the HTML; `queries` counts all that
it says to PostgreSQL, the scope and the savepoints too.
"""

import logging
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import django

django.setup()

from django.core import signing  # noqa: E402 - after setup
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import User  # noqa: E402
from applications.models import Application  # noqa: E402
from bench._cases import fill, prepare  # noqa: E402
from bench._portal import manage, report  # noqa: E402
from foundation.tenancy.scope import Scope, scoped  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import KOCHI  # noqa: E402

ROWS = int(os.environ.get("BENCH_APPLICATIONS", "1000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
LIST = "admin:applications_application_changelist"


def main() -> None:
    """Fill the tables, then open each page again and again."""
    logging.disable(logging.INFO)  # a line for each request, among ours
    prepare()
    manage("collectstatic", "--noinput", "--verbosity=0")
    clerk = factories.staff("clerk", "examiner", organization=KOCHI)
    newcomer = factories.staff("clerk", organization=KOCHI)
    case = fill(ROWS, assignee=clerk.pk)
    unasked = factories.offering(KOCHI)
    of_clerk, of_newcomer = map(_browser, (clerk, newcomer))
    for page in _pages(case, unasked.procedure.code, unasked.department_id):
        _measure(page, of_newcomer if page.by_newcomer else of_clerk)


@dataclass(frozen=True)
class Page:
    """One page of the desk, and who asks for it."""

    name: str
    address: str
    parameters: dict[str, str] = field(default_factory=dict)
    by_newcomer: bool = False


def _pages(case: Application, procedure: str, department: object) -> list[Page]:
    """Return what a clerk opens; `procedure` and `department` have no case at all."""
    listed, everything = reverse(LIST), {"state": "all"}
    with scoped(Scope(organization_ids=frozenset({KOCHI}))):
        cases = Application.objects.filter(organization_id=KOCHI)
        often = case.offering.procedure.code
        half = cases.order_by("-filed_at", "-id")[cases.count() // 2]
        number = case.number
        busy = cases.exclude(offering=case.offering_id).first() or case
        used = {"procedure": busy.offering.procedure.code}
        office = {"department": str(busy.department_id)}
    rare = {"procedure": procedure}
    queries: dict[str, dict[str, str]] = {
        "first_page": {},
        "state_filed": {"state": "filed"},
        "state_returned": {"state": "returned"},
        "state_completed": {"state": "completed"},
        "state_withdrawn_none": {"state": "withdrawn"},
        "overdue": {"state": "overdue"},
        "all": everything,
        "all_half_way": {**everything, "p": _cursor(half)},
        "mine": {"assignee": "me"},
        "mine_all": {**everything, "assignee": "me"},
        "nobody_s": {"assignee": "nobody"},
        "procedure": used,
        "procedure_all": {**everything, **used},
        "procedure_one_ever": {**everything, "procedure": often},
        "procedure_none": rare,
        "procedure_none_all": {**everything, **rare},
        "department": office,
        "department_all": {**everything, **office},
        "department_none": {"department": str(department)},
        "department_none_all": {**everything, "department": str(department)},
        "name_of_two_often": {"q": "山本"},
        "name_of_two_rare": {"q": "五百"},
        "name_in_full": {"q": "五百蔵乙女"},
        "name_nobody_s": {"q": "乙山"},
        "kana_often": {"q": "やまもと"},
        "kana_rare": {"q": "いおろい"},
        "number_whole": {"q": number},
        "number_running": {"q": half.number.split("-")[2]},
    }
    pages = [Page(name, listed, asked) for name, asked in queries.items()]
    return [
        Page("desk", reverse("admin:index")),
        *pages,
        Page("mine_none", listed, {"assignee": "me"}, by_newcomer=True),
        Page(
            "mine_none_all", listed, {**everything, "assignee": "me"}, by_newcomer=True
        ),
        Page("case", reverse("admin:applications_application_change", args=[case.pk])),
    ]


def _cursor(case: Application) -> str:
    """Return the cursor behind the case in the order of arrival."""
    position = [case.filed_at.isoformat(), str(case.pk)]
    salt = "applications.Application:-filed_at,-id"
    return signing.dumps(["n", position], salt=salt)


def _browser(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _measure(page: Page, browser: Client) -> None:
    def ask() -> int:
        answer = browser.get(page.address, page.parameters)
        if answer.status_code != 200:
            message = f"{page.name}: {answer.status_code}"
            raise RuntimeError(message)
        return len(answer.content)

    said: list[str] = []
    with connection.execute_wrapper(partial(_listen, said)):
        size = ask()
    walls, used = [], []
    for _ in range(ROUNDS):
        begin, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append((time.perf_counter() - begin) * 1000)
        used.append((time.process_time() - cpu) * 1000)
        if sum(walls) > 10_000:  # what takes seconds is known after a few
            break
    report(
        "desk",
        page=page.name,
        rows=ROWS,
        rounds=len(walls),
        p50_ms=round(statistics.median(walls), 1),
        p95_ms=round(sorted(walls)[int(len(walls) * 0.95)], 1),
        cpu_p50_ms=round(statistics.median(used), 1),
        queries=len(said),
        bytes=size,
    )


def _listen(
    said: list[str], execute: Callable[..., object], sql: str, *arguments: object
) -> object:
    said.append(sql)
    return execute(sql, *arguments)


if __name__ == "__main__":
    main()
