"""What a paper costs: the receipt of 水道使用開始届, in a process that has warmed up.

CPU time, for the papers are made beside the filings, on the same processors.
"""

import io
import json
import statistics
import time

import django

django.setup()

import psutil  # noqa: E402 - after setup
import time_machine  # noqa: E402
from django.conf import settings  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from applications.models import Document  # noqa: E402
from applications.pdf import render_pdf, warm_up  # noqa: E402
from bench._portal import manage, report  # noqa: E402
from foundation.tenancy.scope import Scope, scoped  # noqa: E402
from tests import factories  # noqa: E402

ROUNDS = 100
FORM = settings.BASE_DIR / "applications" / "documents" / "water_supply.json"


def main() -> None:
    """Make the receipt again and again."""
    manage("migrate", "--database=owner", "--verbosity=0")
    manage("load_organizations", "--verbosity=0")
    receipt = _receipt()
    begin = time.process_time()
    warm_up()
    warming = time.process_time() - begin
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        pdf = render_pdf(receipt)
        times.append((time.process_time() - begin) * 1000)
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    report(
        "papers",
        papers=ROUNDS,
        pages=pages,
        cpu_ms_per_page={
            "p50": round(statistics.median(times) / pages, 1),
            "p95": round(statistics.quantiles(times, n=20)[-1] / pages, 1),
        },
        warm_up_cpu_ms=round(warming * 1000),
        rss_mb=round(psutil.Process().memory_info().rss / 2**20),
        bytes=len(pdf),
    )


def _receipt() -> Document:
    """File the answers that the form gives as its example, on the day it names."""
    example = json.loads(FORM.read_text(encoding="utf-8"))["examples"]
    with time_machine.travel(example["today"]):
        procedure = factories.water_supply(factories.MUROTO)
        with scoped(Scope(organization_ids=frozenset({factories.MUROTO}))):
            offering = procedure.offerings.get()
        application = factories.application(
            factories.MUROTO, offering=offering, raw=example["valid"][0]
        )
    with scoped(Scope(organization_ids=frozenset({factories.MUROTO}))):
        return Document.objects.get(application=application)


if __name__ == "__main__":
    main()
