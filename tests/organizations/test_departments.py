"""Departments change from a day on; what they were stays known."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from organizations.actions import (
    CONTACT,
    abolish_department,
    change_contact,
    open_department,
    rename_department,
)
from organizations.errors import EntryUnusable, NotAdministrator
from organizations.models import Department
from tests import factories
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))
SPRING = date(2027, 4, 1)
NO_CONTACT = dict.fromkeys(CONTACT, "")


@pytest.fixture
def administrator():
    return factories.staff("administrator", organization=MUROTO)


@pytest.fixture
def water():
    return factories.department(MUROTO, code="water", name="上下水道課")


def opened(by, **changed):
    entry = {"code": "sea", "name": "海の課", "valid_from": SPRING, **changed}
    with scoped(OURS):
        return open_department(MUROTO, contact=NO_CONTACT, by=by, **entry)


def told():
    with scoped(OURS):
        return list(Entry.objects.order_by("id").values_list("name", flat=True))


def test_a_new_department_is_entered_and_told(administrator):
    department = opened(administrator)

    assert (department.name, department.valid_until) == ("海の課", None)
    assert told() == ["organizations.department_opened"]


def test_a_code_belongs_to_one_department_at_a_time(administrator, water):
    with pytest.raises(EntryUnusable, match="ほかの部署が使っています"):
        opened(administrator, code="water")


def test_a_code_may_be_used_again_once_its_department_has_ended(administrator, water):
    heir = factories.department(MUROTO, code="heir")
    with scoped(OURS):
        abolish_department(water, successor=heir, on=SPRING, by=administrator)

    assert opened(administrator, code="water").valid_from == SPRING


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "長" * 101}, {"code": ""}, {"code": "x" * 21}],
)
def test_an_entry_that_does_not_fit_is_told_in_words(administrator, wrong):
    with pytest.raises(EntryUnusable, match="："):
        opened(administrator, **wrong)


@pytest.mark.parametrize("role", ["clerk", "publisher", "approver"])
def test_who_does_not_administer_changes_no_department(role, water):
    user = factories.staff(role, organization=MUROTO)

    with scoped(OURS):
        for change in (
            lambda: open_department(
                MUROTO,
                code="sea",
                name="海の課",
                valid_from=SPRING,
                contact=NO_CONTACT,
                by=user,
            ),
            lambda: change_contact(water, NO_CONTACT, by=user),
            lambda: rename_department(water, name="x", on=SPRING, by=user),
            lambda: abolish_department(water, successor=water, on=SPRING, by=user),
        ):
            with pytest.raises(NotAdministrator):
                change()
    assert told() == []


def test_contact_changes_at_once_and_is_told(administrator, water):
    with scoped(OURS):
        change_contact(water, {**NO_CONTACT, "phone": "0887-22-1111"}, by=administrator)
        water.refresh_from_db()

    assert water.phone == "0887-22-1111"
    assert told() == ["organizations.department_contact_changed"]


def test_a_contact_changes_under_planned_names_too(administrator, water):
    later = date(2028, 4, 1)
    with scoped(OURS):
        moved = {**NO_CONTACT, "address": "領家1-1"}
        renamed = rename_department(
            water, name="水の課", on=SPRING, contact=moved, by=administrator
        )
        last = rename_department(renamed, name="水の局", on=later, by=administrator)
        change_contact(water, {**NO_CONTACT, "phone": "0887-22-1111"}, by=administrator)
        rows = [water, renamed, last]
        for row in rows:
            row.refresh_from_db()

    assert {row.phone for row in rows} == {"0887-22-1111"}
    assert [row.address for row in rows] == ["", "領家1-1", "領家1-1"]
    assert told().count("organizations.department_contact_changed") == 3


def test_a_contact_does_not_change_where_another_department_takes_over(
    administrator, water
):
    heir = factories.department(MUROTO, code="heir")
    with scoped(OURS):
        abolish_department(water, successor=heir, on=SPRING, by=administrator)
        change_contact(water, {**NO_CONTACT, "phone": "0887-22-1111"}, by=administrator)
        heir.refresh_from_db()

    assert heir.phone == water.phone == "0887-00-0000"


def test_a_new_name_takes_over_what_was_planned_for_the_old(administrator, water):
    heir = factories.department(MUROTO, code="heir")
    with scoped(OURS):
        abolish_department(water, successor=heir, on=date(2028, 4, 1), by=administrator)
        renamed = rename_department(
            water, name="上下水道局", on=SPRING, by=administrator
        )
        water.refresh_from_db()

    assert (water.valid_until, water.successor_id) == (SPRING, renamed.pk)
    assert (renamed.valid_until, renamed.successor_id) == (date(2028, 4, 1), heir.pk)


@pytest.mark.parametrize("begin_at", ["the present name", "the planned one"])
def test_a_planned_name_is_corrected_by_naming_again_for_that_day(
    administrator, water, begin_at
):
    with scoped(OURS):
        planned = rename_department(
            water, name="上下水動局", on=SPRING, by=administrator
        )
        old = water if begin_at == "the present name" else planned
        corrected = rename_department(
            old, name="上下水道局", on=SPRING, by=administrator
        )
        names = list(Department.objects.order_by("valid_from").values_list("name"))

    assert corrected.pk == planned.pk
    assert names == [("上下水道課",), ("上下水道局",)]
    assert told() == [
        "organizations.department_ended",
        "organizations.department_name_corrected",
    ]


def test_a_name_that_has_been_used_is_not_corrected(administrator, water):
    today = timezone.localdate()
    with scoped(OURS):
        used = rename_department(water, name="上下水道局", on=today, by=administrator)
        for row in (water, used):
            with pytest.raises(EntryUnusable, match="すでに「上下水道局」として"):
                rename_department(row, name="水の課", on=today, by=administrator)


def test_a_department_takes_no_other_name_on_the_day_it_ends(administrator, water):
    heir = factories.department(MUROTO, code="heir")
    with scoped(OURS):
        abolish_department(water, successor=heir, on=SPRING, by=administrator)
        opened(administrator, code="water", name="水の学校")
        with pytest.raises(EntryUnusable, match="終わることになっています"):
            rename_department(water, name="水の課", on=SPRING, by=administrator)


def test_a_department_is_succeeded_by_one_that_is_there(administrator, water):
    gone = factories.department(
        MUROTO, code="gone", valid_until=date(2026, 1, 1), successor=water
    )
    later = factories.department(MUROTO, code="later", valid_from=date(2028, 4, 1))
    theirs = factories.department(AKI)

    with scoped(OURS):
        for successor in (gone, later, water, theirs):
            with pytest.raises(EntryUnusable, match="その日にありません"):
                abolish_department(
                    water, successor=successor, on=SPRING, by=administrator
                )


def test_a_department_ends_once(administrator, water):
    heir = factories.department(MUROTO, code="heir")
    with scoped(OURS):
        abolish_department(water, successor=heir, on=SPRING, by=administrator)
        with pytest.raises(EntryUnusable, match="終わることになっています"):
            abolish_department(
                water, successor=heir, on=date(2027, 2, 1), by=administrator
            )
        with pytest.raises(EntryUnusable, match="有効ではありません"):
            abolish_department(
                water, successor=heir, on=date(2028, 4, 1), by=administrator
            )


def test_what_a_department_hands_over_never_comes_back_to_it(administrator, water):
    heir = factories.department(MUROTO, code="heir")
    last = factories.department(MUROTO, code="last")
    with scoped(OURS):
        abolish_department(heir, successor=last, on=SPRING, by=administrator)
        abolish_department(last, successor=water, on=date(2027, 5, 1), by=administrator)
        with pytest.raises(EntryUnusable, match="あとで"):
            abolish_department(
                water, successor=heir, on=date(2027, 3, 1), by=administrator
            )


# The pages


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def page(name, *args):
    return reverse(f"admin:organizations_department_{name}", args=args)


def test_a_department_is_opened_at_the_desk(desk):
    entry = {"code": "sea", "name": "海の課", "valid_from": "令和9年4月1日"}

    response = desk.post(page("opening", "open"), entry)

    assert response.status_code == 303
    with scoped(OURS):
        department = Department.objects.get(code="sea")
    assert (department.organization_id, department.valid_from) == (MUROTO, SPRING)


def test_a_day_that_is_none_comes_back_as_typed(desk):
    entry = {"code": "sea", "name": "海の課", "valid_from": "2027年2月30日"}

    response = desk.post(page("opening", "open"), entry)

    assert response.status_code == 422
    assert "2027年2月30日" in response.content.decode()


def test_the_list_shows_todays_departments_unless_asked(desk, water):
    factories.department(MUROTO, name="昔の課", valid_until=date(2021, 1, 1))
    factories.department(MUROTO, name="未来の課", valid_from=date(2090, 1, 1))

    def names(**query):
        rows = desk.get(page("changelist"), query).context["cl"].result_list
        return {row.name for row in rows}

    assert names() == {"上下水道課"}
    assert names(time="past") == {"昔の課"}
    assert names(time="future") == {"未来の課"}
    assert names(time="all") == {"上下水道課", "昔の課", "未来の課"}


def test_who_does_not_administer_sees_departments_without_buttons(client, water):
    client.force_login(factories.staff("clerk", organization=MUROTO))

    response = client.get(page("change", water.pk))

    assert response.status_code == 200
    assert response.context["step_links"] == []
    assert client.post(page("step", water.pk, "rename")).status_code == 403


def test_a_rename_of_the_past_takes_over_at_once(desk, water):
    application = factories.application(
        MUROTO, offering=factories.offering(MUROTO, department=water)
    )

    desk.post(
        page("step", water.pk, "rename"), {"name": "上下水道局", "on": "2026-04-01"}
    )

    assert "organizations.department_succeeded" in told()
    assert application.department_id == water.pk
