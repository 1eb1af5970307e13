"""Roles are given by who administers the body, and end on a day."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import AccountClosed, AccountNotOfStaff, AccountUnusable
from accounts.models import User
from foundation.japanese import display_date
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from organizations.actions import end_role, give_role
from organizations.errors import (
    EntryUnusable,
    LastAdministrator,
    NotAdministrator,
    RoleNotGrantable,
)
from organizations.models import Membership, Role
from organizations.queries import roles_of
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
ONE_DAY = timedelta(days=1)


@pytest.fixture
def administrator():
    return factories.staff("administrator", organization=MUROTO)


def given(by, organization=MUROTO, **changed):
    entry = {"email": "new@muroto.example", "role": "clerk", "valid_from": TODAY}
    with scoped(Scope(organization_ids=frozenset({organization}))):
        return give_role(organization, by=by, **{**entry, **changed})


def ended(membership, by, on=TODAY):
    with scoped(Scope(organization_ids=frozenset({membership.organization_id}))):
        end_role(membership, on=on, by=by)


def held(user, organization=MUROTO):
    with scoped(Scope(organization_ids=frozenset({organization}))):
        return list(Membership.objects.filter(user=user).order_by("valid_from"))


def now(user):
    return roles_of(User.objects.get(pk=user.pk))


def test_a_new_address_gets_an_account_and_the_role(administrator):
    membership = given(administrator, display_name="新任 太郎")

    assert membership.user.is_staff
    assert str(membership.user) == "新任 太郎"
    assert now(membership.user) == {MUROTO: frozenset({"clerk"})}


def test_a_role_is_told_by_ids_alone(administrator):
    membership = given(administrator)

    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        entry = Entry.objects.get(name="organizations.membership_given")
    assert entry.subject_id == membership.pk
    assert "@" not in str(entry.payload)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"support"}))
def test_every_role_of_a_body_is_given_by_its_administrator(administrator, role):
    assert now(given(administrator, role=role).user) == {MUROTO: frozenset({role})}


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"administrator"}))
def test_nobody_else_gives_a_role(role):
    body = PREFECTURE if role == "support" else MUROTO
    user = factories.staff(role, organization=body)

    with pytest.raises(NotAdministrator):
        given(user)


def test_nobody_gives_a_role_in_another_body(administrator):
    with pytest.raises(NotAdministrator):
        given(administrator, AKI)


def test_support_is_given_only_by_one_who_has_it(administrator):
    of_prefecture = factories.staff("administrator", organization=PREFECTURE)
    both = factories.staff("administrator", "support", organization=PREFECTURE)

    with pytest.raises(RoleNotGrantable):
        given(administrator, role="support")
    with pytest.raises(RoleNotGrantable):
        given(of_prefecture, PREFECTURE, role="support")
    assert len(now(given(both, PREFECTURE, role="support").user)) == 35


def test_a_role_begins_and_ends_on_its_days(administrator):
    later = given(administrator, email="a@m.jp", valid_from=TODAY + ONE_DAY).user
    until_today = given(
        administrator, email="b@m.jp", valid_from=TODAY, valid_until=TODAY + ONE_DAY
    ).user

    assert now(later) == {}
    assert MUROTO in now(until_today)


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("hanako@example.jp", AccountNotOfStaff),
        ("closed@example.jp", AccountClosed),
        ("no address", AccountUnusable),
        (f"{'x' * 250}@example.jp", AccountUnusable),
    ],
)
def test_an_address_that_cannot_be_staff_s_is_refused(administrator, address, error):
    factories.resident("hanako@example.jp")
    closed = factories.staff(organization=MUROTO, email="closed@example.jp")
    User.objects.filter(pk=closed.pk).update(is_active=False)

    with pytest.raises(error):
        given(administrator, email=address)


def test_the_same_role_twice_stays_one(administrator):
    user = given(administrator).user

    assert given(administrator) is None
    assert len(held(user)) == 1


def test_a_role_that_is_planned_already_stands_in_the_way(administrator):
    given(administrator, valid_from=TODAY + 10 * ONE_DAY)

    with pytest.raises(EntryUnusable, match="先にそちらを終了"):
        given(administrator, valid_until=TODAY + 20 * ONE_DAY)


def test_a_department_of_another_day_or_body_is_refused(administrator):
    later = factories.department(MUROTO, valid_from=date(2090, 1, 1))
    past = factories.department(MUROTO, valid_until=date(2021, 1, 1))

    for department in (later, past):
        with pytest.raises(EntryUnusable, match="にはありません"):
            given(administrator, department=department)


def test_a_role_that_ended_opens_nothing_any_more(administrator):
    membership = given(administrator, valid_from=TODAY - 5 * ONE_DAY)

    ended(membership, administrator)

    assert now(membership.user) == {}


def test_a_role_that_never_began_is_removed(administrator):
    membership = given(administrator, valid_from=TODAY + 10 * ONE_DAY)
    user = membership.user

    ended(membership, administrator)

    assert held(user) == []


def test_the_last_administrator_cannot_be_removed(administrator):
    [membership] = held(administrator)

    with pytest.raises(LastAdministrator):
        ended(membership, administrator)
    with pytest.raises(LastAdministrator):
        ended(membership, administrator, on=date(2090, 1, 1))


def test_an_administrator_goes_once_another_is_there(administrator):
    [membership] = held(administrator)
    given(administrator, role="administrator")

    ended(membership, administrator)

    assert now(administrator) == {}


@pytest.mark.parametrize("gone", ["closed", "ending"])
def test_one_who_is_gone_then_does_not_count_as_an_administrator(administrator, gone):
    [membership] = held(administrator)
    until = TODAY + 10 * ONE_DAY if gone == "ending" else None
    other = given(administrator, role="administrator", valid_until=until).user
    if gone == "closed":
        User.objects.filter(pk=other.pk).update(is_active=False)

    with pytest.raises(LastAdministrator):
        ended(membership, administrator, on=TODAY + 20 * ONE_DAY)


def test_the_last_administrator_is_not_given_an_end(administrator):
    with pytest.raises(LastAdministrator):
        given(
            administrator,
            email=administrator.email,
            role="administrator",
            valid_until=TODAY + 10 * ONE_DAY,
        )


def days_on(days):
    return TODAY + days * ONE_DAY


@pytest.mark.parametrize(
    ("others", "gap"),
    [
        ([(0, 10), (11, None)], 10),
        ([(0, 10)], 10),
        ([(5, None)], 0),
        ([(0, 10), (10, 30), (20, 40)], 40),
    ],
)
def test_an_administrator_stays_while_any_day_to_come_has_nobody_else(
    administrator, others, gap
):
    [membership] = held(administrator)
    for begin, end in others:
        given(
            administrator,
            email=f"{begin}@muroto.example",
            role="administrator",
            valid_from=days_on(begin),
            valid_until=end and days_on(end),
        )

    with pytest.raises(LastAdministrator) as refused:
        ended(membership, administrator)
    assert str(refused.value).startswith(f"{display_date(days_on(gap))}から、")
    assert held(administrator) == [membership]


def test_one_administrator_takes_over_from_another_without_a_day_between(administrator):
    [membership] = held(administrator)
    for begin, end in ((0, 10), (10, 20), (20, None)):
        given(
            administrator,
            email=f"{begin}@muroto.example",
            role="administrator",
            valid_from=days_on(begin),
            valid_until=end and days_on(end),
        )

    ended(membership, administrator)

    assert now(administrator) == {}


def test_who_is_planned_to_follow_the_last_administrator_cannot_be_dropped(
    administrator,
):
    [membership] = held(administrator)
    heir = given(administrator, role="administrator", valid_from=days_on(10))
    ended(membership, administrator, on=days_on(10))

    with pytest.raises(LastAdministrator, match=display_date(days_on(10))):
        ended(heir, administrator)


def test_a_day_that_was_to_have_nobody_anyway_keeps_nobody_from_going(administrator):
    [membership] = held(administrator)
    until = days_on(30)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        Membership.objects.filter(pk=membership.pk).update(valid_until=until)
    other = given(administrator, role="administrator", valid_until=until)

    ended(other, administrator, on=days_on(10))

    assert held(other.user)[0].valid_until == days_on(10)


def test_an_account_that_is_closed_leaves_no_day_without_an_administrator(
    administrator,
):
    [membership] = held(administrator)
    closed = given(administrator, role="administrator")
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        Membership.objects.filter(pk=membership.pk).update(valid_until=days_on(30))
        User.objects.filter(pk=closed.user_id).update(is_active=False)

    ended(closed, administrator, on=days_on(1))

    assert held(closed.user)[0].valid_until == days_on(1)


def test_the_only_administrator_moves_to_another_department(administrator):
    department = factories.department(MUROTO)

    given(
        administrator,
        email=administrator.email,
        role="administrator",
        department=department,
    )

    assert [row.department_id for row in held(administrator)][-1] == department.pk


def test_the_administrator_of_another_body_does_not_count(administrator):
    factories.staff("administrator", organization=AKI)
    [membership] = held(administrator)

    with pytest.raises(LastAdministrator):
        ended(membership, administrator)


# The pages


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def page(name, *args):
    return reverse(f"admin:organizations_membership_{name}", args=args)


def entry(**changed):
    return {
        "email": "new@muroto.example",
        "display_name": "新任",
        "role": "clerk",
        "department": "",
        "valid_from": TODAY.isoformat(),
        "last_day": "",
        **changed,
    }


def test_a_role_is_given_at_the_desk_until_its_last_day(desk):
    last_day = TODAY + 30 * ONE_DAY

    response = desk.post(page("opening", "give"), entry(last_day=last_day.isoformat()))

    assert response.status_code == 303
    [membership] = held(User.objects.get(email="new@muroto.example"))
    assert membership.valid_until == last_day + ONE_DAY


def test_what_cannot_be_given_comes_back_as_typed(desk):
    factories.resident("hanako@example.jp")

    response = desk.post(page("opening", "give"), entry(email="hanako@example.jp"))

    assert response.status_code == 422
    assert "職員用に使えません" in response.content.decode()
    assert "hanako@example.jp" in response.content.decode()


def test_support_is_not_even_offered_to_a_municipality(desk):
    assert "県サポート" not in desk.get(page("opening", "give")).content.decode()
    response = desk.post(page("opening", "give"), entry(role="support"))
    assert response.status_code == 422


def test_a_role_is_ended_at_the_desk(desk, administrator):
    membership = given(administrator, valid_from=TODAY - 5 * ONE_DAY)

    desk.post(
        page("step", membership.pk, "end"),
        {"last_day": (TODAY - ONE_DAY).isoformat()},
    )

    assert now(membership.user) == {}


def test_the_last_administrator_is_told_why_at_the_desk(desk, administrator):
    [membership] = held(administrator)

    response = desk.post(
        page("step", membership.pk, "end"), {"last_day": TODAY.isoformat()}
    )

    assert response.status_code == 422
    assert "いなくなってしまいます" in response.content.decode()


@pytest.mark.parametrize("role", ["clerk", "publisher"])
def test_who_does_not_administer_sees_no_list_of_people(client, role):
    client.force_login(factories.staff(role, organization=MUROTO))

    assert client.get(page("changelist")).status_code == 403
    assert client.post(page("opening", "give"), entry()).status_code == 403


def test_support_looks_at_the_people_of_every_body_and_changes_none(client):
    client.force_login(factories.staff("support", organization=PREFECTURE))
    clerk = factories.staff("clerk", organization=AKI)
    [membership] = held(clerk, AKI)

    assert clerk.email in client.get(page("changelist")).content.decode()
    assert client.post(page("step", membership.pk, "end")).status_code == 403
