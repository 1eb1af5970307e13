"""Sessions end on time, and only then; a page that asks nobody stays quiet."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.tasks import forget_sessions
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

BEGUN = timezone.now().replace(microsecond=0)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def staff():
    return factories.staff("clerk", organization=MUROTO)


@pytest.fixture
def resident():
    return factories.resident()


DESK, PAGE = "admin:index", "mfa_index"


def is_in(client, page, at):
    with time_machine.travel(at, tick=False):
        return client.get(reverse(page)).status_code == 200


def sign_in(user, at=BEGUN):
    client = Client()
    with time_machine.travel(at, tick=False):
        client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("who", "page", "minutes"), [("staff", DESK, 30), ("resident", PAGE, 60)]
)
def test_a_session_ends_when_nobody_clicks(request, who, page, minutes):
    user = request.getfixturevalue(who)
    patient, late = sign_in(user), sign_in(user)
    assert is_in(patient, page, BEGUN)
    assert is_in(late, page, BEGUN)

    assert is_in(patient, page, BEGUN + minutes * MINUTE - timedelta(seconds=1))
    assert not is_in(late, page, BEGUN + minutes * MINUTE)


@pytest.mark.parametrize(
    ("who", "page", "hours"), [("staff", DESK, 8), ("resident", PAGE, 12)]
)
def test_a_session_ends_at_the_end_of_the_day_however_often_one_clicks(
    request, who, page, hours
):
    client = sign_in(request.getfixturevalue(who))
    at, end = BEGUN, BEGUN + hours * HOUR

    while at < end:
        assert is_in(client, page, at), at - BEGUN
        at += 25 * MINUTE

    assert not is_in(client, page, end)


def test_what_ended_is_told_and_gone_from_the_database(staff):
    client = sign_in(staff)
    is_in(client, DESK, BEGUN)
    key = client.session.session_key

    with time_machine.travel(BEGUN + HOUR, tick=False):
        response = client.get(reverse(DESK), follow=True)

    assert "30分間操作がなかったため、ログアウトしました。" in response.content.decode()
    assert not Session.objects.filter(session_key=key).exists()


def test_signing_in_again_begins_another_day(staff):
    client = sign_in(staff)
    is_in(client, DESK, BEGUN)

    with time_machine.travel(BEGUN + 9 * HOUR, tick=False):
        factories.sign_in(client, staff)

    assert is_in(client, DESK, BEGUN + 9 * HOUR + MINUTE)


def test_the_session_is_not_written_at_every_click(
    staff, django_assert_max_num_queries
):
    client = sign_in(staff)
    is_in(client, DESK, BEGUN)

    with (
        time_machine.travel(BEGUN + 10 * timedelta(seconds=1), tick=False),
        django_assert_max_num_queries(30) as queries,
    ):
        client.get(reverse(DESK))

    written = [q for q in queries.captured_queries if "UPDATE" in q["sql"][:10]]
    assert not written


def test_a_page_not_found_leaves_the_session_as_it_is(staff):
    client = sign_in(staff)

    with time_machine.travel(BEGUN, tick=False):
        response = client.get(
            reverse("admin:applications_application_change", args=["none"])
        )

    assert response.status_code == 404


def test_a_new_second_factor_ends_the_other_sessions_of_the_account(staff):
    other = factories.staff("clerk", organization=MUROTO)
    here, there, stranger = Client(), Client(), Client()
    for client, user in ((here, staff), (there, staff), (stranger, other)):
        cache.clear()  # the app shows the same number for half a minute
        factories.sign_in(client, user)
        assert client.get(reverse(DESK)).status_code == 200
    request = RequestFactory().get("/")
    request.session = here.session

    authenticator_added.send(
        sender=None, request=request, user=staff, authenticator=None
    )

    assert here.get(reverse(DESK)).status_code == 200
    assert there.get(reverse(DESK)).status_code == 302
    assert stranger.get(reverse(DESK)).status_code == 200


@pytest.mark.parametrize(
    ("who", "door"),
    [
        ("staff", "admin:logout"),
        ("staff", "account_logout"),
        ("resident", "account_logout"),
    ],
)
def test_who_signs_out_leaves_no_pages_in_the_browser_and_is_told(request, who, door):
    client = Client()
    client.force_login(request.getfixturevalue(who))

    response = client.post(reverse(door))

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "ログアウトしました" in client.get(response.url).content.decode()
    after = client.get(reverse("account_login"))
    assert "ログアウトしました" not in after.content.decode()


@pytest.mark.parametrize("door", ["admin:logout", "account_logout"])
def test_who_only_asks_for_the_way_out_keeps_everything(resident, door):
    client = Client()
    client.force_login(resident)

    assert "Clear-Site-Data" not in client.get(reverse(door))
    assert "Clear-Site-Data" not in client.get(reverse(PAGE))


def test_who_comes_back_too_late_leaves_no_pages_in_the_browser(resident):
    client = sign_in(resident)
    is_in(client, PAGE, BEGUN)

    with time_machine.travel(BEGUN + HOUR, tick=False):
        response = client.get(reverse(PAGE))

    assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_what_was_filed_without_an_account_stays_open_after_a_sign_out(resident):
    draft = factories.draft(MUROTO)
    browser = factories.browser_with(draft)
    browser.force_login(resident)

    browser.post(reverse("account_logout"))

    assert browser.get(f"/applications/{draft.pk}/").status_code == 302


def test_a_night_forgets_the_sessions_that_have_ended_and_whence_they_came(staff):
    staying, leaving, late = Client(), Client(), Client()
    other, third = (factories.staff("clerk", organization=MUROTO) for _ in "23")
    factories.sign_in(staying, staff)
    factories.sign_in(leaving, other)
    with time_machine.travel(BEGUN - 13 * HOUR, tick=False):
        factories.sign_in(late, third)
    leaving.post(reverse("account_logout"))
    assert UserSession.objects.count() == 3

    forget_sessions()

    assert [one.user for one in UserSession.objects.all()] == [staff]
    assert not Session.objects.filter(expire_date__lte=timezone.now()).exists()
    assert staying.get(reverse(DESK)).status_code == 200
