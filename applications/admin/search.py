"""Find a case by its number, whole or in part, or by a piece of a name."""

import re
import unicodedata
from typing import Any

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from foundation.japanese import fiscal_year, search_key
from foundation.numbering import is_arrival_number

SHORTEST_NAME = 2
LONGEST_SEQUENCE = 8
# Cases are kept for up to thirty years; who looks further back knows the whole number.
YEARS_LOOKED_BACK = 10

# The column holds all pairs of neighbouring characters (applications/migrations);
# a trigram index does not know Japanese names of two characters.
_HOLDS_PAIRS = (
    '"applications_application"."applicant_grams" @> applications_bigrams(%s)'
)


def plain(term: str) -> str:
    """Return what was typed with its digits and hyphens in half width."""
    return re.sub(r"[‐‑‒–—―−ー]", "-", unicodedata.normalize("NFKC", term)).strip()


def body_of(term: str) -> str:
    """Return the code of the body that a whole number names; empty for other terms."""
    number = _whole_number(term)
    return number[:6] if is_arrival_number(number) else ""


def found(cases: Any, body: int, term: str) -> Any:
    """Narrow the body's `cases` to those that the term means.

    By comparisons alone that PostgreSQL may use an index for below row-level security.
    """
    term = plain(term)
    if re.fullmatch(r"[0-9-]+", term):
        return cases.filter(_of_number(body, term))
    key = search_key(term)
    if len(key) < SHORTEST_NAME:
        return cases.none()
    pairs = RawSQL(_HOLDS_PAIRS, [key], output_field=BooleanField())  # noqa: S611 - key is a parameter
    held = cases.filter(pairs)
    # Two characters are one pair; more might be held without being neighbours.
    return held if len(key) == 2 else held.filter(applicant_key__contains=key)


def is_too_short(term: str) -> bool:
    """Tell whether a name needs another character to be searched."""
    term = plain(term)
    named = not re.fullmatch(r"[0-9-]*", term)
    return named and len(search_key(term)) < SHORTEST_NAME


def _whole_number(term: str) -> str:
    """Write the digits of a whole number with its hyphens."""
    digits = re.sub(r"[^0-9]", "", plain(term))
    return f"{digits[:6]}-{digits[6:8]}-{digits[8:-1]}-{digits[-1:]}"


def _of_number(body: int, term: str) -> Q:
    """Return the condition on a whole number, or on its running part of any year."""
    sequence = term.strip("-").split("-")[0]
    if len(sequence) > LONGEST_SEQUENCE or term.count("-") > 1:
        return Q(number=_whole_number(term))
    this_year = fiscal_year(timezone.localdate())
    condition = Q(pk__in=[])
    for year in range(this_year - YEARS_LOOKED_BACK, this_year + 1):
        beginning = f"{body:06}-{year % 100:02}-{int(sequence or 0):07}-"
        condition |= Q(number__gte=beginning, number__lt=f"{beginning}:")
    return condition
