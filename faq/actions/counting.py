"""Count what helped people of late, for all to see; it ranks nothing."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from faq.models import Audience, Question, Verdict
from faq.queries.catalogue import MOST_POPULAR, popular_key

if TYPE_CHECKING:
    from uuid import UUID

_COUNTED_FOR = timedelta(days=30)
# The clock counts every few minutes; what it left stays while it is away.
_KEPT_SECONDS = 24 * 60 * 60
# Some are withdrawn meanwhile.
_MOST_KEPT = 4 * MOST_POPULAR


def count_popular() -> None:
    """Count each conversation once an entry, and keep the first few of each list."""
    helped: dict[str, Counter[UUID]] = defaultdict(Counter)
    asked = Question.objects.using("worker").filter(
        verdict=Verdict.SOLVED, asked_at__gte=timezone.now() - _COUNTED_FOR
    )
    for column in ("answered_id", "chosen_id"):
        rows = (
            asked.filter(**{f"{column}__isnull": False})
            .order_by()
            .values_list("audience", "organization_id", column)
            .annotate(people=Count("conversation", distinct=True))
        )
        for audience, body, entry, people in rows:
            is_staff = audience == Audience.STAFF
            name = popular_key(audience, body if is_staff else None)
            helped[name][entry] += people
    kept = {name: counted.most_common(_MOST_KEPT) for name, counted in helped.items()}
    cache.set_many(kept, _KEPT_SECONDS)
