"""What can be filed where: the catalogue for pages, search and other apps."""

from django.db.models import Count, Q, QuerySet

from foundation.japanese import search_key
from organizations.models import OrganizationKind
from procedures.models import Offering, Procedure


def search_procedures(
    text: str = "", *, organization_id: int | None = None
) -> QuerySet[Procedure]:
    """Return published procedures that a body offers, all words of `text` in them.

    Args:
        text: Words in any script and width.
        organization_id: Only what this body offers; by default what any does.
    """
    offered = Q(
        offerings__published_at__isnull=False, offerings__withdrawn_at__isnull=True
    )
    if organization_id is not None:
        offered &= Q(offerings__organization=organization_id)
    found = (
        Procedure.objects.published()
        .filter(offered)
        .annotate(offered_by=Count("offerings"))
        .select_related("operation", "organization")
    )
    for word in text.split():
        found = found.filter(_mentions(word) | _mentions(search_key(word)))
    return found.order_by("code")


def _mentions(word: str) -> Q:
    """Match the word as it stands; readings are stored as `search_key` writes them."""
    return (
        Q(title__icontains=word)
        | Q(summary__icontains=word)
        | Q(kana__icontains=word)
        | Q(operation__title__icontains=word)
    )


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


def offerings_by_kind(procedure: Procedure) -> dict[str, list[Offering]]:
    """Return the procedure's published offerings under 県, 市, 町 and 村."""
    offerings = list(offerings_of(procedure))
    groups = {
        kind.label: [one for one in offerings if one.organization.kind == kind]
        for kind in OrganizationKind
    }
    return {kind: group for kind, group in groups.items() if group}
