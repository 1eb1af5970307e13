"""What can be filed where: the catalogue for pages, search and other apps."""

from django.db.models import Count, Q, QuerySet

from foundation.japanese import search_key
from procedures.models import Offering, Procedure


def search_procedures(text: str = "") -> QuerySet[Procedure]:
    """Return published procedures that some body offers, all words of `text` in them."""
    found = (
        Procedure.objects.published()
        .filter(offerings__published_at__isnull=False)
        .annotate(offered_by=Count("offerings"))
        .select_related("operation", "organization")
    )
    for word in text.split():
        key = search_key(word)
        found = found.filter(
            Q(title__icontains=key)
            | Q(summary__icontains=key)
            | Q(kana__icontains=key)
            | Q(operation__title__icontains=key)
        )
    return found.order_by("code")


def offerings_of(procedure: Procedure) -> QuerySet[Offering]:
    """Return the procedure's published offerings, by body."""
    return (
        Offering.objects.published()
        .filter(procedure=procedure)
        .select_related("organization", "procedure", "department")
        .order_by("organization")
    )


def offerings_in(organization_id: int) -> QuerySet[Offering]:
    """Return what one body offers to the public."""
    return (
        Offering.objects.published()
        .filter(organization_id=organization_id)
        .select_related("organization", "procedure", "department")
        .order_by("procedure__code")
    )
