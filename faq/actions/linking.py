"""Look, night by night, whether what published entries point to is still there."""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit
from uuid import UUID

from django.utils import timezone

from faq.backends.links import Looked, link_checker
from faq.models import Entry, LinkCheck, LinkStatus

# One address after the other at one host, but several hosts at a time.
HOSTS_AT_ONCE = 8
# A task may run for five minutes; what is left is looked at first the next night.
LONGEST_SECONDS = 200.0
_ADDRESSES = ("source_url", "dataset_url")


@dataclass(frozen=True)
class Link:
    """An address, where a published revision has it."""

    organization_id: int
    revision_id: UUID
    url: str


def check_links() -> int:
    """Look at the links of all published entries; return how many were looked at."""
    links = _links()
    known = {
        (check.revision_id, check.url): check
        for check in LinkCheck.objects.using("worker")
    }
    wanted = {(link.revision_id, link.url) for link in links}
    outdated = [check.pk for key, check in known.items() if key not in wanted]
    LinkCheck.objects.using("worker").filter(pk__in=outdated).delete()
    oldest: dict[str, float] = {}
    for link in links:
        check = known.get((link.revision_id, link.url))
        at = check.checked_at.timestamp() if check else 0.0
        oldest[link.url] = min(at, oldest.get(link.url, at))
    found = _look(sorted(oldest, key=lambda url: oldest[url]))
    checks = [
        _check(link, found[link.url], known.get((link.revision_id, link.url)))
        for link in links
        if link.url in found
    ]
    LinkCheck.objects.using("worker").bulk_create(
        checks,
        update_conflicts=True,
        unique_fields=["organization", "revision", "url"],
        update_fields=["status", "told", "checked_at", "failed_since"],
    )
    return len(checks)


def _links() -> list[Link]:
    rows = (
        Entry.objects.using("worker")
        .filter(published_at__isnull=False, withdrawn_at__isnull=True)
        .values_list("organization_id", "live_id", *(f"live__{a}" for a in _ADDRESSES))
    )
    return [
        Link(body, revision, url)
        for body, revision, *urls in rows
        for url in dict.fromkeys(urls)
        if url
    ]


def _look(urls: Iterable[str]) -> dict[str, Looked]:
    """Ask each address once, host by host, until the time is over."""
    until = monotonic() + LONGEST_SECONDS
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        by_host[urlsplit(url).netloc].append(url)
    checker = link_checker()

    def at_one_host(urls_: list[str]) -> dict[str, Looked]:
        found: dict[str, Looked] = {}
        for url in urls_:
            if monotonic() > until:
                break
            found[url] = checker.look(url)
        return found

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as threads:
        answers = list(threads.map(at_one_host, by_host.values()))
    return {url: looked for found in answers for url, looked in found.items()}


def _check(link: Link, looked: Looked, before: LinkCheck | None) -> LinkCheck:
    now = timezone.now()
    since = (before.failed_since if before else None) or now
    return LinkCheck(
        organization_id=link.organization_id,
        revision_id=link.revision_id,
        url=link.url,
        status=looked.status,
        told=looked.told,
        checked_at=now,
        failed_since=None if looked.status == LinkStatus.FOUND else since,
    )
