"""From which confidence on a question is answered, as last activated."""

from django.core.cache import cache

from faq.decision import LAUNCH, Thresholds
from faq.models import Calibration

_SECONDS = 60


def thresholds_of(audience: str) -> Thresholds:
    """Return the active thresholds; those of the launch until others are activated."""
    key = cache_key(audience)
    known: tuple[float, float, float] | None = cache.get(key)
    if known is None:
        active = active_thresholds(audience)
        known = (active.answer_from, active.offer_from, active.lead_from)
        cache.set(key, known, _SECONDS)
    return Thresholds(*known)


def active_thresholds(audience: str) -> Thresholds:
    """Return the same as the table has it, whatever is remembered."""
    active = Calibration.objects.filter(audience=audience).first()
    if active is None:
        return LAUNCH[audience]
    return Thresholds(active.answer_from, active.offer_from, active.lead_from)


def cache_key(audience: str) -> str:
    """Return where the active thresholds are remembered."""
    return f"faq:thresholds:{audience}"
