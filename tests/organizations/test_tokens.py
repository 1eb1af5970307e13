"""Keys of other programs: who may give them, what they open, when they end."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.tenancy.scope import NOBODY, Scope, capability_of, scoped
from journal.models import Entry
from organizations.actions import issue_token, revoke_token
from organizations.errors import TokenNotGrantable
from organizations.models import ApiToken, Organization
from organizations.queries import scope_for
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
MINE = "/api/v1/applications/"
CASES = "/api/v1/cases/"
NEVER_ISSUED = "kp1_" + "A" * 43


def issue(by, **changed):
    wanted = {
        "label": "連携",
        "scopes": ["cases:read"],
        "expires_at": timezone.now() + timedelta(days=30),
        "by": by,
        **changed,
    }
    with scoped(scope_for(by)):
        return issue_token(**wanted)


def body(code):
    return Organization.objects.get(pk=code)


def test_the_secret_is_stored_only_as_its_hash():
    issued = factories.token_of(factories.resident())

    with scoped(Scope(capability=capability_of(issued.secret))):
        row = ApiToken.objects.values().get()
    assert issued.secret.startswith("kp1_")
    assert len(issued.secret) == 47
    assert issued.secret not in str(row)
    assert row["capability"] == capability_of(issued.secret)


def test_issuing_and_revoking_stand_in_the_journal_without_the_secret():
    administrator = factories.staff("administrator", "clerk", organization=MUROTO)
    issued = issue(administrator, organization=body(MUROTO), roles=["clerk"])
    with scoped(scope_for(administrator)):
        revoke_token(issued.token, by=administrator)
        revoke_token(issued.token, by=administrator)

        entries = list(Entry.objects.order_by("id"))
    assert [entry.name for entry in entries] == [
        "organizations.token_issued",
        "organizations.token_revoked",
    ]
    assert entries[0].payload == {
        "organization_id": MUROTO,
        "token_id": str(issued.token.pk),
        "scopes": ["cases:read"],
    }
    assert {entry.actor_id for entry in entries} == {str(administrator.pk)}


def test_the_token_of_a_person_is_told_of_under_the_prefecture():
    factories.token_of(factories.resident())

    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        assert Entry.objects.get().name == "organizations.token_issued"


@pytest.mark.parametrize("roles", [["clerk"], ["administrator"], ["support"], []])
def test_nobody_gives_a_token_what_they_may_not_do_with_a_case_themselves(roles):
    administrator = factories.staff("administrator", "approver", organization=MUROTO)

    with pytest.raises(TokenNotGrantable, match="自分に割り当てられている役割を"):
        issue(administrator, organization=body(MUROTO), roles=roles)


@pytest.mark.parametrize(
    ("roles", "of"), [(["clerk"], MUROTO), (["administrator", "clerk"], AKI)]
)
def test_only_an_administrator_of_the_body_issues_its_tokens(roles, of):
    staff = factories.staff(*roles, organization=of)

    with pytest.raises(TokenNotGrantable, match="「管理」の役割"):
        issue(staff, organization=body(MUROTO))


def test_nobody_issues_a_token_for_somebody_else():
    person, other = factories.person(), factories.resident()

    with pytest.raises(TokenNotGrantable, match="ご本人だけ"):
        issue(other, person=person, scopes=["applications:read"])


def test_a_person_cannot_give_a_token_a_role():
    user = factories.resident()

    with pytest.raises(TokenNotGrantable, match="ご本人だけ"):
        issue(user, person=user.person, scopes=["applications:read"], roles=["clerk"])


@pytest.mark.parametrize("scopes", [[], ["cases:read"], ["everything"]])
def test_a_person_gives_only_the_scopes_of_persons(scopes):
    user = factories.resident()

    with pytest.raises(TokenNotGrantable, match="権限の範囲"):
        issue(user, person=user.person, scopes=scopes)


def test_a_body_gives_only_the_scopes_of_bodies():
    staff = factories.staff("administrator", "clerk", organization=MUROTO)
    wanted = {"scopes": ["applications:read"], "roles": ["clerk"]}

    with pytest.raises(TokenNotGrantable, match="権限の範囲"):
        issue(staff, organization=body(MUROTO), **wanted)


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_token_ends_within_a_year(days):
    user = factories.resident()

    with pytest.raises(TokenNotGrantable, match="1年以内"):
        issue(
            user,
            person=user.person,
            scopes=["applications:read"],
            expires_at=timezone.now() + timedelta(days=days),
        )


def test_only_its_own_people_revoke_a_token():
    issued = factories.token_for(MUROTO)
    strangers = [
        factories.staff("administrator", organization=AKI),
        factories.staff("clerk", organization=MUROTO),
        factories.resident(),
    ]

    for stranger in strangers:
        with pytest.raises(TokenNotGrantable), scoped(scope_for(stranger)):
            revoke_token(issued.token, by=stranger)


def test_a_resident_revokes_their_own_token():
    user = factories.resident()
    issued = factories.token_of(user)

    with scoped(scope_for(user)):
        revoke_token(issued.token, by=user)

    assert factories.Caller(issued).get(MINE).status_code == 401


def test_a_token_cannot_be_read_outside_of_its_scope():
    factories.token_of(factories.resident())

    with scoped(NOBODY):
        assert not ApiToken.objects.exists()


# What a request with a token is


def test_a_good_token_is_answered():
    issued = factories.token_of(factories.resident())

    response = factories.Caller(issued).get(MINE)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer kp1_" + "A" * 43,
        "Bearer kp1_short",
        "Bearer",
        "Bearer  ",
        "Basic dXNlcjpwYXNz",
        "kp1_" + "A" * 43,
        "Bearer kp1_" + "A" * 43 + " extra",
        "Bearer kp1_" + "あ" * 43,
        "Bearer kp1_" + "A" * 43 + "\x00",
        "Bearer " + "A" * 100_000,
    ],
)
def test_every_wrong_token_gets_the_same_answer(header):
    response = factories.Caller().get(MINE, headers={"Authorization": header})

    assert response.status_code == 401
    assert response["Content-Type"] == PROBLEM
    assert response["WWW-Authenticate"] == 'Bearer realm="kochi-portal"'
    assert response.json()["detail"] == (
        "トークンが正しくないか、有効期限が切れたか、取り消されています。"
    )


def test_an_expired_and_a_revoked_token_get_the_answer_of_a_wrong_one():
    now = timezone.now()
    answers = []
    for columns in ({"expires_at": now}, {"revoked_at": now}):
        issued = factories.token_of(factories.resident())
        factories.set_token(issued.token, **columns)
        answers.append(factories.Caller(issued).get(MINE))
    answers.append(factories.Caller(secret=NEVER_ISSUED).get(MINE))

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_a_wrong_token_is_refused_where_none_is_needed():
    response = factories.Caller(secret=NEVER_ISSUED).get("/api/v1/organizations/")

    assert response.status_code == 401


def test_a_token_ends_with_the_account_of_its_person():
    user = factories.resident()
    issued = factories.token_of(user)
    user.is_active = False
    user.save()

    assert factories.Caller(issued).get(MINE).status_code == 401


def test_without_a_token_the_answer_asks_for_one():
    response = factories.Caller().get(MINE)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="kochi-portal"'
    assert response.json()["detail"].startswith("有効なアクセストークンを付けて")


def test_a_session_counts_for_nothing():
    user = factories.resident()
    caller = factories.Caller()
    caller.force_login(user)

    assert caller.get(MINE).status_code == 401


def test_a_session_is_not_even_read():
    caller = factories.Caller()
    caller.force_login(factories.resident())
    with CaptureQueriesContext(connection) as queries:
        response = caller.get("/api/v1/organizations/")

    assert response.status_code == 200
    assert not any("session" in query["sql"] for query in queries)
    assert not any("accounts_user" in query["sql"] for query in queries)


def test_a_session_adds_nothing_to_a_token():
    staff = factories.staff("clerk", organization=MUROTO)
    application = factories.application(MUROTO)
    caller = factories.Caller(factories.token_for(AKI))
    caller.force_login(staff)

    assert caller.get(f"{CASES}{application.pk}/").status_code == 404


def test_an_inquiry_code_in_a_cookie_opens_nothing(settings):
    application = factories.application(MUROTO)
    caller = factories.Caller(factories.token_of(factories.resident()))
    caller.cookies[settings.CAPABILITY_COOKIE_NAME] = "ABCDEFGHJKLMNPQR"

    assert caller.get(f"{MINE}{application.pk}/").status_code == 404


def test_a_scope_that_is_missing_is_named():
    caller = factories.Caller(
        factories.token_of(factories.resident(), "applications:read")
    )

    response = caller.send(MINE, {"offering": "x", "answers": {}})

    assert response.status_code == 403
    assert response["Content-Type"] == PROBLEM
    assert "「申請の提出」（applications:write）" in response.json()["detail"]


def test_a_token_appears_in_no_log_line(caplog):
    issued = factories.token_of(factories.resident())
    factories.Caller(issued).get(MINE)
    factories.Caller(issued).get(CASES)
    factories.Caller(secret=issued.secret[:-1] + "_").get(MINE)

    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert issued.secret not in logged
    assert issued.secret[:-1] not in logged
