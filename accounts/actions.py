"""Open an account's person."""

from django.db import transaction

from accounts.models import Person, PersonKind, User
from foundation.tenancy.scope import Scope, scoped


@transaction.atomic
def register_person(
    user: User, *, kind: PersonKind = PersonKind.NATURAL, corporate_number: str = ""
) -> Person:
    """Give the account the person it files for; the one it has stays."""
    if user.person_id:
        with scoped(Scope(person_ids=user.person_ids)):
            return Person.objects.get(pk=user.person_id)
    person = Person(kind=kind, corporate_number=corporate_number)
    with scoped(Scope(person_ids=frozenset({person.pk}))):
        person.save(force_insert=True)
    user.person = person
    if user.pk:
        user.save(update_fields=["person"])
    return person
