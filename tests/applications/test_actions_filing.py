"""What the actions of filing refuse, whoever calls them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.identity import Identity, Kind
from applications.actions import (
    accept_application,
    correct_application,
    discard_draft,
    return_application,
    start_correction,
    start_draft,
)
from applications.errors import DraftGone, IdentityTooWeak
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db


def test_staff_cannot_file_as_a_resident_whom_nobody_would_find_again():
    dogs = factories.offering(MUROTO, of=factories.procedure(required_level=1))
    factories.form(dogs.procedure)

    with scoped(Scope()), pytest.raises(IdentityTooWeak):
        start_draft(dogs, by=None, identity=Identity(Kind.STAFF, 1))


def test_a_discarded_correction_is_not_taken_for_one_that_was_sent():
    clerk = factories.staff("clerk", organization=MUROTO)
    application = factories.application(MUROTO)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        accept_application(application, by=clerk)
        return_application(
            application,
            field_keys=["place"],
            message="番地をご記入ください。",
            due_on=timezone.localdate() + timedelta(days=7),
            by=clerk,
        )
        draft = start_correction(application)
        discard_draft(draft)

        with pytest.raises(DraftGone):
            correct_application(draft, by=None)
