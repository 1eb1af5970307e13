"""Two people change the same body at the same moment, over real connections."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta
from threading import Event as Flag

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, connections
from django.utils import timezone

from accounts.actions import staff_account
from accounts.models import User
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from organizations.actions import (
    CONTACT,
    abolish_department,
    change_contact,
    end_role,
    give_role,
    issue_token,
    rename_department,
    revoke_token,
    take_over,
    try_reorganization,
)
from organizations.errors import (
    EntryUnusable,
    LastAdministrator,
    NotAdministrator,
    TokenNotGrantable,
)
from organizations.models import Department, Membership, Organization
from organizations.queries import has_role, scope_for
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)

OURS = Scope(organization_ids=frozenset({MUROTO}))


def at_once(first, second, *, then=lambda: None, theirs=OURS):
    """Begin `second` before `first` has committed; raise what either raises.

    By then `second` waits for `first`, or has ended without waiting; `then` is what
    the first does before it commits.
    """
    begun = Flag()

    def other():
        try:
            with scoped(theirs):
                begun.set()
                second()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with scoped(OURS):
            first()
            running = pool.submit(other)
            assert begun.wait(10)
            while not (running.done() or somebody_waits_for_us()):
                wait([running], timeout=0.01)
            then()
        running.result(timeout=10)


def somebody_waits_for_us():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


def test_the_last_two_administrators_cannot_both_go():
    one, other = (factories.staff("administrator", organization=MUROTO) for _ in "12")
    today = timezone.localdate()

    def end(user, by):
        end_role(Membership.objects.get(user=user), on=today, by=by)

    with pytest.raises(LastAdministrator):
        at_once(lambda: end(one, by=one), lambda: end(other, by=other))

    with scoped(OURS):
        assert [row.user for row in Membership.objects.all().now()] == [other]


def administers(user):
    return Membership.objects.get(user=user, role="administrator")


@pytest.mark.parametrize("deed", ["give a role", "issue a token", "revoke a token"])
def test_whose_role_ends_meanwhile_does_nothing_more_with_it(deed):
    one, other = (
        factories.staff("administrator", "clerk", organization=MUROTO) for _ in "12"
    )
    token, _ = factories.token_for(MUROTO)
    today = timezone.localdate()
    deeds = {
        "give a role": lambda: give_role(
            MUROTO, email="c@a.jp", role="administrator", valid_from=today, by=other
        ),
        "issue a token": lambda: issue_token(
            label="台帳",
            scopes=["cases:read"],
            roles=["clerk"],
            expires_at=timezone.now() + timedelta(days=30),
            organization=Organization.objects.get(pk=MUROTO),
            by=other,
        ),
        "revoke a token": lambda: revoke_token(token, by=other),
    }
    with scoped(OURS):
        assert has_role(other, MUROTO, "administrator")  # and remembers it

    with pytest.raises((NotAdministrator, TokenNotGrantable)):
        at_once(
            lambda: end_role(administers(other), on=today, by=one),
            deeds[deed],
        )


def test_two_bodies_may_enter_the_same_new_colleague():
    here, there = (
        factories.staff("administrator", organization=body) for body in (MUROTO, AKI)
    )
    today = timezone.localdate()

    def give(body, by):
        give_role(body, email="new@a.jp", role="clerk", valid_from=today, by=by)

    at_once(
        lambda: give(MUROTO, here), lambda: give(AKI, there), theirs=scope_for(there)
    )

    user = User.objects.get(email="new@a.jp")
    with scoped(Scope(organization_ids=frozenset({MUROTO, AKI}))):
        held = Membership.objects.filter(user=user).values_list("organization")
        assert set(held) == {(MUROTO,), (AKI,)}
    assert EmailAddress.objects.filter(user=user).count() == 1


def test_tables_that_name_the_same_colleagues_in_other_orders_do_not_lock_up():
    here, there = (
        factories.staff("administrator", organization=body) for body in (MUROTO, AKI)
    )

    def tried(body, addresses, by):
        lines = "".join(f"{one},新任,,受付,2027-04-01,\n" for one in addresses)
        header = "メールアドレス,氏名,部署コード,役割,開始日,最終日\n"
        return try_reorganization(
            body, departments="", memberships=header + lines, by=by
        )

    at_once(
        lambda: staff_account("a@a.jp"),
        lambda: tried(AKI, ["b@a.jp", "a@a.jp"], by=there),
        then=lambda: tried(MUROTO, ["a@a.jp", "b@a.jp"], by=here),
        theirs=scope_for(there),
    )


def test_a_department_is_told_to_have_been_succeeded_once():
    heir = factories.department(MUROTO, code="heir")
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.department(MUROTO, valid_until=yesterday, successor=heir)

    at_once(lambda: take_over(MUROTO), lambda: take_over(MUROTO))

    with scoped(OURS):
        told = Entry.objects.filter(name="organizations.department_succeeded")
        assert told.count() == 1


def test_a_contact_that_changes_while_a_name_is_planned_changes_with_it():
    administrator = factories.staff("administrator", organization=MUROTO)
    water = factories.department(MUROTO, code="water")
    contact = {**dict.fromkeys(CONTACT, ""), "phone": "0887-22-1111"}
    spring = date(2027, 4, 1)

    at_once(
        lambda: rename_department(water, name="水の課", on=spring, by=administrator),
        lambda: change_contact(
            Department.objects.get(code="water"), contact, by=administrator
        ),
    )

    with scoped(OURS):
        phones = Department.objects.values_list("phone", flat=True)
        assert list(phones) == ["0887-22-1111"] * 2


def test_two_departments_cannot_be_abolished_into_each_other():
    administrator = factories.staff("administrator", organization=MUROTO)
    one, other = (factories.department(MUROTO, code=code) for code in "12")

    def abolish(department, successor):
        abolish_department(
            department, successor=successor, on=date(2027, 4, 1), by=administrator
        )

    with pytest.raises(EntryUnusable, match="その日にありません"):
        at_once(lambda: abolish(one, other), lambda: abolish(other, one))

    with scoped(OURS):
        assert list(Department.objects.filter(valid_until=None)) == [other]
