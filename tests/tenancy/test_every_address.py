"""Every address of the portal, asked by those whom the case does not concern.

Two bodies, one case each. Whoever belongs to 室戸市, or to nobody, asks every address
there is, with the ids of 安芸市's rows in every place that takes one: no answer shows
anything of 安芸市's case, and an address that names a row of it is not found.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from applications.actions import accept_application, return_application, write_note
from applications.models import Document
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from notifications.models import Message
from organizations.models import Membership, Role
from tests import factories
from tests.factories import AKI, MUROTO
from tests.factories.asked import cluster, question, ticket
from tests.factories.faq import desk, entry, measured_set

pytestmark = pytest.mark.django_db

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
# Places that take no row: steps, page slugs, codes that everyone may know.
PLAIN = {
    "name": [
        *("accept", "return", "complete", "assign", "note", "import"),
        *("draft", "review", "withdraw", "restore", "export", "reply"),
    ],
    "slug": ["you"],
    "code": [str(AKI)],
    "organization_code": [str(AKI)],
    "url": ["applications/application"],
    "app_label": ["applications"],
    "uidb36": ["1"],
    "key": ["k"],
}
# Signing out or in would end the walk; the mailbox exists for developers alone.
LEFT_OUT = re.compile(r"^(accounts/|admin/log(in|out)/|mailbox/|my/tokens)")
NOT_SHOWN = {301, 302, 303, 401, 403, 404, 405, 415}


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch, settings):
    """Let the walk be longer than anybody's patience allows."""
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES",
        dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]),
    )


class TheirCase:
    """安芸市's case, with something secret in every table it has rows in."""

    def __init__(self) -> None:
        clerk = factories.staff("clerk", "examiner", organization=AKI)
        application = factories.application(
            AKI,
            raw=factories.filed_answers(
                name={"family": "秘密", "given": "太郎"},
                email="secret-applicant@example.jp",
                place="安芸市秘密町1番地",
            ),
        )
        draft = factories.draft(AKI, raw=factories.filed_answers(place="秘密の下書き"))
        with scoped(Scope(organization_ids=frozenset({AKI}))):
            accept_application(application, by=clerk)
            note = write_note(application, text="秘密のメモ", by=clerk)
            correction = return_application(
                application,
                field_keys=["place"],
                message="秘密の依頼",
                due_on=timezone.localdate() + timedelta(days=7),
                by=clerk,
            )
            message = Message.objects.create(
                organization_id=AKI,
                key="secret",
                template="filed",
                subject_id=application.pk,
                address="secret-applicant@example.jp",
            )
            documents = list(Document.objects.values_list("pk", flat=True))
            entries = list(Entry.objects.values_list("pk", flat=True))
            members = list(
                Membership.objects.filter(user=clerk).values_list("pk", flat=True)
            )
        rows = [application.pk, draft.pk, note.pk, correction.pk, message.pk]
        rows += _of_faq()
        self.application = application
        self.rows = [str(pk) for pk in [*rows, *documents, *entries, *members]]
        self.documents = [str(pk) for pk in documents]
        self.words = [
            application.number,
            "秘密 太郎",
            "秘密　太郎",
            "secret-applicant@example.jp",
            "安芸市秘密町",
            "秘密の下書き",
            "秘密のメモ",
            "秘密の依頼",
            "秘密の項目",
            "秘密の言い換え",
            "秘密の質問",
            "秘密の相談",
            "秘密のまとまり",
            "秘密の問題",
            clerk.email,
        ]


def _of_faq():
    """Return the ids of what 安芸市 wrote, was asked and measured for itself."""
    office = desk(AKI)
    draft = entry(
        office,
        "秘密の項目（下書き）",
        published=False,
        alternatives=["秘密の言い換え"],
    )
    of_staff = entry(desk(AKI, audience="staff"), "秘密の項目（職員）")
    asked = question(office, "秘密の質問")
    told = ticket(office, "秘密の相談", message="秘密の相談の続き")
    group = cluster(office, "秘密のまとまり")
    measured = measured_set(office, "秘密の問題集", "秘密の問題")
    with scoped(Scope(organization_ids=frozenset({AKI}))):
        revisions = [row.revisions.get().pk for row in (draft, of_staff)]
        wording = draft.alternatives.get().pk
    rows = [draft, of_staff, asked, told, group, measured, measured.test_set]
    return [*(row.pk for row in rows), *revisions, wording]


def addresses(resolver=None, prefix=""):
    """Return every route of the portal as one string each."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        elif isinstance(one, URLPattern) and not LEFT_OUT.match(route):
            yield route


def filled(route, case):
    """Return the route with the other body's ids in every place that takes one."""
    if "(?P" in route:
        return ["/admin/applications/"] if "app_label" in route else []
    names = [match["name"] for match in PARAMETER.finditer(route)]
    choices = [
        PLAIN.get(name) or (case.documents if name == "document_id" else case.rows)
        for name in names
    ]
    usual = [of[0] for of in choices]
    tries = {tuple(usual)}
    for place, values in enumerate(choices):
        tries |= {(*usual[:place], value, *usual[place + 1 :]) for value in values}
    return [
        "/" + PARAMETER.sub(lambda _, left=list(values): left.pop(0), route)
        for values in sorted(tries)
    ]


def clerk_of_muroto():
    roles = [role for role in Role if role != Role.SUPPORT]
    client = Client()
    client.force_login(factories.staff(*roles, organization=MUROTO))
    return client


def resident():
    client = Client()
    client.force_login(factories.resident())
    return client


def token_of_muroto():
    issued = factories.token_for(MUROTO, "cases:read", "cases:write")
    return Client(headers={"authorization": f"Bearer {issued.secret}"})


@pytest.mark.parametrize(
    "asker",
    [clerk_of_muroto, token_of_muroto, resident, Client],
    ids=lambda asker: asker.__name__,
)
def test_no_answer_shows_anything_of_anothers_case(asker):
    case, client = TheirCase(), asker()
    factories.application(MUROTO)
    shown, found, asked = [], [], 0

    for route in addresses():
        for address in filled(route, case):
            for method in (client.get, client.post):
                answer = method(address, secure=True)
                asked += 1
                text = b"".join(answer).decode("utf-8", "replace")
                secrets = [s for s in case.words + case.rows if s not in address]
                shown += [(address, s) for s in secrets if s in text]
                named = any(row in address for row in case.rows)
                if named and answer.status_code not in NOT_SHOWN:
                    found.append((address, answer.status_code))

    assert asked > 500
    assert shown == []
    assert found == []


def test_the_walk_would_notice_a_leak():
    case = TheirCase()
    clerk = Client()
    clerk.force_login(factories.staff("clerk", organization=AKI))

    answer = clerk.get(
        f"/admin/applications/application/{case.application.pk}/change/", secure=True
    )

    assert case.application.number in answer.content.decode()
