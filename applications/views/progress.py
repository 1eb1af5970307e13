"""Where a draft began, how far it has come, where it goes on."""

from typing import Any

from django.shortcuts import resolve_url

from applications.formspec import FormSpec, Page
from applications.models import Draft

# In the address of a page that was opened from the check page, and returns there.
FROM_CHECK = "from=check"


def beginning_of(draft: Draft) -> str:
    """Return the address of the page from which the draft was begun."""
    if draft.correction_id:
        return resolve_url("applications:case", draft.pk)
    offering = draft.offering
    return resolve_url(
        "applications:start", offering.procedure.code, offering.organization_id
    )


def address_of(draft: Draft, page: Page | None, *, query: str = "") -> str:
    """Return the address of a page of questions; without one, of the check page."""
    if page is None:
        return resolve_url("applications:check", draft.pk)
    url = resolve_url("applications:question", draft.pk, page.slug)
    return f"{url}?{query}" if query else url


def before(draft: Draft, spec: FormSpec, page: Page, *, from_check: bool) -> str:
    """Return where 「戻る」 leads from a page."""
    if from_check and spec.first_incomplete_page(draft.raw) is None:
        return address_of(draft, None)
    previous = spec.previous_page(page.slug, draft.raw)
    return address_of(draft, previous) if previous else beginning_of(draft)


def after(draft: Draft, spec: FormSpec, page: Page, *, from_check: bool) -> str:
    """Return where 「次へ」 leads; to the check page if one came from there."""
    if not from_check:
        return address_of(draft, spec.next_page(page.slug, draft.raw))
    incomplete = spec.first_incomplete_page(draft.raw)
    return address_of(draft, incomplete, query=FROM_CHECK)


def steps_of(draft: Draft, spec: FormSpec, page: Page | None) -> dict[str, Any]:
    """Return how far one is: the pages to be asked and, after them, the check."""
    pages = spec.relevant_pages(draft.raw)
    steps = [{"label": one.title, "url": address_of(draft, one)} for one in pages]
    current = pages.index(page) + 1 if page else len(pages) + 1
    return {"steps": [*steps, {"label": "確認"}], "current": current}
