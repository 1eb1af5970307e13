"""How many papers wait for the workers."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from applications.models import Document
from foundation.tenancy.scope import scoped
from organizations.queries import everywhere


def backlog() -> Iterator[Metric]:
    """Yield how many papers over all bodies have no PDF yet."""
    with scoped(everywhere()):
        papers = Document.objects.filter(render_at__isnull=False).count()
    yield GaugeMetricFamily("portal_papers_waiting", "Papers without a PDF.", papers)
