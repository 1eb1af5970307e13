"""Dates in templates as people in Japan write them."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from foundation.japanese import display_date

register = template.Library()


@register.filter
def wareki(day: date | None) -> str:
    """Show 令和8年11月23日（2026年）; of an instant its day in Japan."""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    return display_date(day) if day else ""
