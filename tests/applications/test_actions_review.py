"""What the actions of staff refuse, whoever calls them, and what they leave behind."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.actions import return_application, write_note
from applications.errors import CorrectionNotPossible, ReasonMissing
from applications.models import Application, Correction
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db


def in_muroto():
    return scoped(Scope(organization_ids=frozenset({MUROTO})))


@pytest.fixture
def clerk():
    return factories.staff("clerk", organization=MUROTO)


def in_days(count):
    return timezone.localdate() + timedelta(days=count)


def to_return(**changed):
    return {
        "field_keys": ["place"],
        "message": "番地をご記入ください。",
        "due_on": in_days(14),
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "part", "sentence"),
    [
        (lambda: {"field_keys": ["shoe_size"]}, "field_keys", "たずねていない項目"),
        (lambda: {"field_keys": ["place", "x"]}, "field_keys", "項目です：x"),
        (lambda: {"field_keys": []}, "field_keys", "1つ以上選んで"),
        (lambda: {"message": "　"}, "message", "説明を入力して"),
        (lambda: {"due_on": in_days(0)}, "due_on", "以降の日付"),
        (lambda: {"due_on": in_days(-1)}, "due_on", "以降の日付"),
        (lambda: {"due_on": in_days(400)}, "due_on", "までの日付"),
    ],
)
def test_only_what_was_asked_may_be_returned_and_only_to_a_day_to_come(
    clerk, changed, part, sentence
):
    application = factories.application(MUROTO)

    with (
        in_muroto(),
        pytest.raises(CorrectionNotPossible) as refused,
    ):
        return_application(application, **to_return(**changed()), by=clerk)

    assert list(refused.value.errors) == [part]
    assert sentence in str(refused.value)
    with in_muroto():
        assert Application.objects.get().state == "filed"
        assert not Correction.objects.exists()
        assert not Entry.objects.filter(name="applications.returned").exists()


@pytest.mark.parametrize(
    ("unknown", "said"),
    [(5, "x0、x1、x2、x3、x4"), (6, "x0、x1、x2、x3、x4、ほか1件")],
)
def test_of_many_fields_that_were_not_asked_a_few_are_named(clerk, unknown, said):
    application = factories.application(MUROTO)
    keys = to_return(field_keys=[f"x{n}" for n in range(unknown)])

    with (
        in_muroto(),
        pytest.raises(CorrectionNotPossible, match=f"項目です：{said}$"),
    ):
        return_application(application, **keys, by=clerk)


def test_everything_wrong_with_a_request_to_correct_is_said_at_once(clerk):
    application = factories.application(MUROTO)
    nonsense = to_return(field_keys=["x"], message="", due_on=in_days(0))

    with (
        in_muroto(),
        pytest.raises(CorrectionNotPossible) as refused,
    ):
        return_application(application, **nonsense, by=clerk)

    assert list(refused.value.errors) == ["field_keys", "message", "due_on"]
    assert len(refused.value.sentences) == 3


@time_machine.travel("2026-12-28T12:00:00+09:00", tick=False)
def test_the_new_year_s_holidays_are_no_time_to_correct_in(clerk):
    application = factories.application(MUROTO)

    with (
        in_muroto(),
        pytest.raises(CorrectionNotPossible, match="1月4日"),
    ):
        return_application(application, **to_return(due_on=in_days(5)), by=clerk)


def test_an_answer_named_twice_is_asked_for_once(clerk):
    application = factories.application(MUROTO)

    with in_muroto():
        twice = to_return(field_keys=["place", "name", "place"])
        correction = return_application(application, **twice, by=clerk)

    assert correction.field_keys == ["place", "name"]


def test_a_note_is_written_into_the_journal_without_its_text(clerk):
    application = factories.application(MUROTO)

    with in_muroto():
        note = write_note(application, text="隣家の髙知さんに確認", by=clerk)
        entry = Entry.objects.get(name="applications.note_written")

    assert entry.subject_id == application.pk
    assert (entry.actor_kind, entry.actor_id) == ("user", str(clerk.pk))
    assert entry.payload == {
        "organization_id": MUROTO,
        "application_id": str(application.pk),
        "note_id": str(note.pk),
    }


def test_a_note_that_is_not_kept_leaves_no_entry(clerk):
    application = factories.application(MUROTO)

    with in_muroto(), pytest.raises(ReasonMissing):
        write_note(application, text="　", by=clerk)

    with in_muroto():
        assert not Entry.objects.filter(name="applications.note_written").exists()
