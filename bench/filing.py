"""Filing a 40-field form: final POST, page POST and page GET, papers being made.

Distinct people: each request carries its own draft and its own secret. The load comes
from this process, on the same machine. `BENCH_FILINGS` sets how many (default 6000).
"""

import json
import os
import sys
from http.client import SEE_OTHER
from pathlib import Path
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from applications.actions import publish_form  # noqa: E402
from applications.actions.drafts import LIFETIME  # noqa: E402
from applications.formspec import FormSpec  # noqa: E402
from applications.models import Draft  # noqa: E402
from applications.queries import review_digest, spec_of  # noqa: E402
from bench._portal import (  # noqa: E402
    cpu_seconds,
    load,
    manage,
    report,
    web,
    workers,
)
from foundation.identifiers import new_id  # noqa: E402
from foundation.numbering import inquiry_code  # noqa: E402
from foundation.tenancy.scope import Scope, capability_of, scoped  # noqa: E402
from procedures.models import Offering  # noqa: E402
from tests.factories import procedures as make  # noqa: E402

MUROTO = 392022
FILINGS = int(os.environ.get("BENCH_FILINGS", "6000"))
CLIENTS = int(os.environ.get("BENCH_CLIENTS", "16"))
DOCUMENT = Path(__file__).parent / "documents" / "forty_fields.json"
CSRF = "a" * 32


def main() -> None:
    """Prepare, measure, and count that nothing was lost or numbered twice."""
    manage("migrate", "--database=owner", "--verbosity=0")
    manage("load_organizations", "--verbosity=0")
    manage("collectstatic", "--noinput", "--verbosity=0")
    offering, spec, raw = _offer()
    drafts = _drafts(offering, raw, spec, FILINGS + FILINGS // 2)
    filings, pages = drafts[:FILINGS], drafts[FILINGS:]
    last = spec.pages[-1]
    with web() as port:
        load(port, [_get(*d[:2], "check") for d in pages[:200]], clients=CLIENTS)
        question = f"questions/{last.slug}"
        gets = [_get(*d[:2], question) for d in pages]
        report("form_page_get", **load(port, gets, clients=CLIENTS).figures())
        fields = _typed(spec, last.slug, raw)
        posts = [_post(*d[:2], question, fields) for d in pages]
        report("draft_page_post", **load(port, posts, clients=CLIENTS).figures())
        final = [_post(d[0], d[1], "check", {"reviewed": d[2]}) for d in filings]
        with workers():
            before = cpu_seconds()
            outcome = load(port, final, clients=CLIENTS)
            after = cpu_seconds()
            report(
                "final_post",
                **outcome.figures(),
                cpu_ms_per_filing={
                    kind: round((after[kind] - before.get(kind, 0)) * 1000 / FILINGS, 2)
                    for kind in after
                },
                **_counted(),
            )
            if set(outcome.statuses) != {SEE_OTHER}:
                sys.exit("Not every filing was taken: these are no figures of filing.")


def _offer() -> tuple[Offering, FormSpec, dict[str, object]]:
    procedure = make.procedure(title="四十項目の届出", required_level=0)
    offering = make.offering(MUROTO, of=procedure)
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    with scoped(Scope(organization_ids=frozenset({procedure.organization_id}))):
        revision = publish_form(procedure, document, by=None)
        spec = spec_of(revision.pk)
    return offering, spec, document["examples"]["valid"][0]


def _drafts(
    offering: Offering, raw: dict[str, object], spec: FormSpec, count: int
) -> list[tuple[str, str, str]]:
    """Return (id, secret, digest of the reviewed answers) of each new draft."""
    digest = review_digest(Draft(), spec.evaluate(raw).answers)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        revision_id = offering.procedure.form.revisions.get().pk
        made, rows = [], []
        for _ in range(count):
            pk = new_id()
            code = inquiry_code(pk, settings.INQUIRY_KEYS[0])
            made.append((str(pk), code, digest))
            rows.append(
                Draft(
                    id=pk,
                    organization_id=MUROTO,
                    offering=offering,
                    revision_id=revision_id,
                    capability=capability_of(code),
                    raw=raw,
                    expires_at=timezone.now() + LIFETIME,
                )
            )
        Draft.objects.bulk_create(rows, batch_size=500)
    return made


def _typed(spec: FormSpec, slug: str, raw: dict[str, object]) -> dict[str, str]:
    """Return what a browser sends for the plain fields of one page."""
    page = spec.page(slug)
    keys = [field.key for field in page.fields] if page else []
    return {key: str(raw[key]) for key in keys if isinstance(raw.get(key), str | int)}


def _cookies(code: str) -> str:
    filing, csrf = settings.CAPABILITY_COOKIE_NAME, settings.CSRF_COOKIE_NAME
    return f"Cookie: {filing}={code}; {csrf}={CSRF}\r\n"


def _get(pk: str, code: str, page: str) -> bytes:
    return (
        f"GET /applications/{pk}/{page}/ HTTP/1.1\r\nHost: localhost\r\n"
        f"{_cookies(code)}\r\n"
    ).encode()


def _post(pk: str, code: str, page: str, fields: dict[str, str]) -> bytes:
    body = urlencode({"csrfmiddlewaretoken": CSRF, **fields})
    return (
        f"POST /applications/{pk}/{page}/ HTTP/1.1\r\nHost: localhost\r\n"
        f"{_cookies(code)}Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _counted() -> dict[str, int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT number) FROM applications_application"
        )
        filed, numbers = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM journal_entry WHERE name LIKE '%.filed'")
        [entries] = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM applications_document WHERE sha256 <> ''")
        [papers] = cursor.fetchone()
    return {
        "filed": filed,
        "distinct_numbers": numbers,
        "journal_entries": entries,
        "papers_made_meanwhile": papers,
    }


if __name__ == "__main__":
    main()
