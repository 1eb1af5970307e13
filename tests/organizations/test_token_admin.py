"""Keys of programs at the desk: shown once, taken back at any time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.tenancy.scope import Scope, capability_of, scoped
from organizations.models import ApiToken
from tests import factories
from tests.factories import MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))


@pytest.fixture
def desk(client):
    user = factories.staff("administrator", "clerk", organization=MUROTO)
    client.force_login(user)
    return client


def page(name, *args):
    return reverse(f"admin:organizations_apitoken_{name}", args=args)


def issue(desk, **changed):
    last_day = timezone.localdate() + timedelta(days=30)
    entry = {
        "label": "庁内システム",
        "scopes": ["cases:read"],
        "roles": ["clerk"],
        "last_day": last_day.isoformat(),
    }
    return desk.post(page("opening", "issue"), {**entry, **changed})


def tokens():
    with scoped(OURS):
        return list(ApiToken.objects.filter(organization_id=MUROTO))


def test_the_secret_is_shown_once_and_kept_nowhere(desk):
    response = issue(desk)

    [token] = tokens()
    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert token.capability == capability_of(secret)
    for url in (page("changelist"), page("change", token.pk)):
        shown = desk.get(url).content.decode()
        assert secret not in shown
        assert token.capability not in shown


def test_a_token_lasts_to_the_end_of_its_last_day(desk):
    issue(desk)

    [token] = tokens()
    ends = timezone.localtime(token.expires_at)
    assert (ends.hour, ends.minute) == (23, 59)


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"scopes": []},
        {"scopes": ["applications:write"]},
        {"roles": ["approver"]},
        {"roles": []},
        {"last_day": "2020-01-01"},
        {"last_day": "2099-01-01"},
    ],
    ids=str,
)
def test_a_token_that_may_not_be_is_refused_and_what_was_typed_is_kept(desk, wrong):
    response = issue(desk, **wrong)

    assert response.status_code == 422
    assert tokens() == []
    if "label" not in wrong:
        assert "庁内システム" in response.content.decode()


def test_a_token_is_taken_back(desk):
    issue(desk)
    [token] = tokens()
    url = page("step", token.pk, "revoke")

    assert "失効させる" in desk.get(url).content.decode()
    assert tokens()[0].is_usable
    desk.post(url)

    assert not tokens()[0].is_usable


@pytest.mark.parametrize(("role", "body"), [("clerk", MUROTO), ("support", PREFECTURE)])
def test_who_does_not_administer_issues_and_revokes_nothing(client, desk, role, body):
    issue(desk)
    [token] = tokens()
    client.force_login(factories.staff(role, organization=body))

    assert issue(client).status_code == 403
    revoked = client.post(page("step", token.pk, "revoke")).status_code
    assert revoked == (403 if role == "support" else 404)
    assert tokens()[0].is_usable
