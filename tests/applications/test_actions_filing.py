"""What the actions of filing refuse, whoever calls them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.identity import NOBODY, Identity, Kind
from applications.actions import (
    accept_application,
    correct_application,
    discard_draft,
    file_application,
    return_application,
    start_correction,
    start_draft,
    withdraw_application,
)
from applications.errors import AnswersChanged, DraftGone, IdentityTooWeak
from applications.models import Draft
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db


def test_staff_cannot_file_as_a_resident_whom_nobody_would_find_again():
    dogs = factories.offering(MUROTO, of=factories.procedure(required_level=1))
    factories.form(dogs.procedure)

    with scoped(Scope()), pytest.raises(IdentityTooWeak):
        start_draft(dogs, by=None, identity=Identity(Kind.STAFF, 1))


def send_back(application):
    clerk = factories.staff("clerk", organization=MUROTO)
    accept_application(application, by=clerk)
    return_application(
        application,
        field_keys=["place"],
        message="番地をご記入ください。",
        due_on=timezone.localdate() + timedelta(days=7),
        by=clerk,
    )


def test_a_discarded_correction_is_not_taken_for_one_that_was_sent():
    application = factories.application(MUROTO)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        send_back(application)
        draft = start_correction(application)
        discard_draft(draft)

        with pytest.raises(DraftGone):
            correct_application(draft, by=None, identity=NOBODY)


LEVEL_1 = Identity(Kind.PERSON, 1)


@pytest.fixture
def licence():
    """Return a draft of a filing for which its owner has signed in."""
    dogs = factories.offering(MUROTO, of=factories.procedure(required_level=1))
    return factories.draft(MUROTO, person=factories.person(), offering=dogs)


def test_a_late_second_sending_does_not_take_the_correction_begun_since(licence):
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        application = file_application(licence, by=None, identity=LEVEL_1).application
        send_back(application)
        correction = start_correction(application)

        assert not file_application(licence, by=None, identity=LEVEL_1).is_new
        assert Draft.objects.filter(pk=correction.pk).exists()


def test_who_files_is_asked_again_when_it_is_sent(licence):
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        with pytest.raises(IdentityTooWeak):
            file_application(licence, by=None, identity=NOBODY)
        assert Draft.objects.filter(pk=licence.pk).exists()

        assert file_application(licence, by=None, identity=LEVEL_1).is_new


def test_who_corrects_or_takes_back_must_be_known_as_surely_as_who_filed(licence):
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        application = file_application(licence, by=None, identity=LEVEL_1).application
        with pytest.raises(IdentityTooWeak):
            withdraw_application(
                application, reason="まちがえました", by=None, identity=NOBODY
            )
        send_back(application)
        draft = start_correction(application)
        with pytest.raises(IdentityTooWeak):
            correct_application(draft, by=None, identity=NOBODY)

        assert correct_application(draft, by=None, identity=LEVEL_1).is_new


def test_only_what_was_reviewed_is_filed():
    draft = factories.draft(MUROTO)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        with pytest.raises(AnswersChanged):
            file_application(draft, by=None, identity=NOBODY, reviewed="0" * 64)

        assert Draft.objects.get(pk=draft.pk).raw == draft.raw
