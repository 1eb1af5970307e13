"""What a body offers is changed by who publishes for it, and by nobody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.queries import inquiry_code_of
from foundation.tenancy.scope import Scope, opened_by, scoped
from journal.models import Entry
from procedures.actions import (
    Terms,
    change_offering,
    open_offering,
    publish_offering,
    publish_procedure,
    withdraw_offering,
    withdraw_procedure,
)
from procedures.errors import NotPublisher, OfferingUnusable
from procedures.models import Offering, Procedure
from procedures.queries import offerings_in, search_procedures
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))


@pytest.fixture
def publisher():
    return factories.staff("publisher", organization=MUROTO)


@pytest.fixture
def office():
    return factories.department(MUROTO, name="上下水道課")


def told(body=MUROTO):
    with scoped(Scope(organization_ids=frozenset({body}))):
        names = Entry.objects.filter(name__startswith="procedures.")
        return list(names.order_by("id").values_list("name", flat=True))


def public(body=MUROTO):
    with scoped(Scope()):
        return list(offerings_in(body))


def test_a_procedure_is_offered_and_then_published(publisher, office):
    procedure = factories.procedure()
    with scoped(OURS):
        offering = open_offering(
            procedure, MUROTO, Terms(department=office), by=publisher
        )
    assert public() == []

    with scoped(OURS):
        publish_offering(offering, by=publisher)
        publish_offering(offering, by=publisher)

    assert public() == [offering]
    assert told() == ["procedures.offering_opened", "procedures.offering_published"]


def test_a_body_offers_a_procedure_once(publisher, office):
    offering = factories.offering(MUROTO)

    with scoped(OURS), pytest.raises(OfferingUnusable, match="すでに登録"):
        open_offering(
            offering.procedure, MUROTO, Terms(department=office), by=publisher
        )


def test_terms_change_and_the_journal_tells_which(publisher, office):
    offering = factories.offering(MUROTO)
    with scoped(OURS):
        for _ in range(2):
            terms = Terms(department=office, note="年末は休みます。")
            change_offering(offering, terms, by=publisher)
        offering.refresh_from_db()
        entry = Entry.objects.get(name="procedures.offering_changed")

    assert (offering.department, offering.note) == (office, "年末は休みます。")
    assert sorted(entry.payload["fields"]) == ["department", "note"]


def test_terms_that_do_not_fit_are_refused_in_words(publisher, office):
    now = timezone.now()
    ended = factories.department(MUROTO, valid_until=date(2021, 1, 1))
    theirs = factories.department(AKI)
    offering = factories.offering(MUROTO)

    with scoped(OURS):
        for terms in (
            Terms(department=ended),
            Terms(department=theirs),
            Terms(department=office, opens_at=now, closes_at=now - timedelta(1)),
        ):
            with pytest.raises(OfferingUnusable):
                change_offering(offering, terms, by=publisher)


@pytest.mark.parametrize("role", ["clerk", "examiner", "approver", "administrator"])
def test_who_does_not_publish_changes_nothing(role, office):
    user = factories.staff(role, organization=MUROTO)
    offering = factories.offering(MUROTO)
    procedure = factories.procedure(MUROTO)
    terms = Terms(department=office)

    with scoped(OURS):
        for change in (
            lambda: open_offering(procedure, MUROTO, terms, by=user),
            lambda: change_offering(offering, terms, by=user),
            lambda: publish_offering(offering, by=user),
            lambda: withdraw_offering(offering, by=user),
            lambda: publish_procedure(procedure, by=user),
            lambda: withdraw_procedure(procedure, by=user),
        ):
            with pytest.raises(NotPublisher):
                change()
    assert told() == []


def test_a_municipality_does_not_withdraw_the_prefecture_s_procedure(publisher):
    procedure = factories.offering(MUROTO).procedure

    with scoped(OURS), pytest.raises(NotPublisher):
        withdraw_procedure(procedure, by=publisher)


def test_what_is_withdrawn_is_seen_no_more_and_takes_no_filings(publisher):
    offering = factories.offering(MUROTO)
    with scoped(OURS):
        withdraw_offering(offering, by=publisher)
        offering.refresh_from_db()

    assert public() == []
    assert not offering.is_open

    with scoped(OURS):
        publish_offering(offering, by=publisher)
    assert public() == [offering]


def test_a_withdrawn_procedure_takes_all_its_offerings_along():
    owner = factories.staff("publisher", organization=PREFECTURE)
    offering = factories.offering(MUROTO)

    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        withdraw_procedure(offering.procedure, by=owner)

    with scoped(Scope()):
        offering = Offering.objects.select_related("procedure").get(pk=offering.pk)
        assert list(search_procedures()) == []
    assert public() == []
    assert not offering.is_open


def test_cases_stay_in_reach_when_their_procedure_is_withdrawn(client, publisher):
    application = factories.application(MUROTO)
    owner = factories.staff("publisher", organization=PREFECTURE)
    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        procedure = Procedure.objects.get(offerings=application.offering_id)
        withdraw_procedure(procedure, by=owner)
    with scoped(OURS):
        withdraw_offering(Offering.objects.get(), by=publisher)
    clerk = factories.staff("clerk", organization=MUROTO)
    client.force_login(clerk)

    page = client.get(reverse("admin:applications_application_changelist"))
    theirs = factories.browser_with(application)

    assert application.number in page.content.decode()
    case = theirs.get(reverse("applications:case", args=[application.pk]))
    assert case.status_code == 200
    with scoped(Scope()), opened_by(inquiry_code_of(application)):
        assert Offering.objects.filter(pk=application.offering_id).exists()


# The pages


@pytest.fixture
def desk(client, publisher):
    client.force_login(publisher)
    return client


def page(model, name, *args):
    return reverse(f"admin:procedures_{model}_{name}", args=args)


def test_an_offering_is_entered_changed_and_published_at_the_desk(desk, office):
    procedure = factories.procedure()
    terms = {
        "department": str(office.pk),
        "note": "",
        "other_ways": "窓口でもできます。",
        "opens_at": "2026-12-01T08:30",
        "closes_at": "",
    }

    opened = desk.post(
        page("offering", "opening", "open"), {**terms, "procedure": str(procedure.pk)}
    )
    assert opened.status_code == 303
    with scoped(OURS):
        offering = Offering.objects.get(procedure=procedure)
    assert timezone.localtime(offering.opens_at).hour == 8

    desk.post(
        page("offering", "step", offering.pk, "change"), {**terms, "note": "休み"}
    )
    desk.post(page("offering", "step", offering.pk, "publish"))

    [shown] = public()
    assert shown.note == "休み"
    assert "休み" in desk.get(page("offering", "change", offering.pk)).content.decode()


def test_who_reviews_a_refusal_is_said_where_the_rule_does_not_hold(desk, office):
    offering = factories.offering(MUROTO)

    response = desk.post(
        page("offering", "step", offering.pk, "change"),
        {
            "department": str(office.pk),
            "deciding_authority": "室戸市福祉事務所長",
            "review_authority": "高知県知事",
            "represented_by": "室戸市教育委員会",
            "review_first": "on",
        },
    )

    assert response.status_code == 303
    with scoped(OURS):
        offering.refresh_from_db()
    assert offering.deciding_authority == "室戸市福祉事務所長"
    assert offering.review_authority == "高知県知事"
    assert offering.represented_by == "室戸市教育委員会"
    assert offering.review_first
    shown = desk.get(page("offering", "change", offering.pk)).content.decode()
    assert "室戸市教育委員会" in shown


def test_withdrawing_is_asked_for_twice(desk):
    offering = factories.offering(MUROTO)
    url = page("offering", "step", offering.pk, "withdraw")

    assert "あとでまた公開できます" in desk.get(url).content.decode()
    assert public() == [offering]
    desk.post(url)
    assert public() == []


def test_a_wrong_period_comes_back_as_typed(desk, office):
    offering = factories.offering(MUROTO)

    response = desk.post(
        page("offering", "step", offering.pk, "change"),
        {
            "department": str(office.pk),
            "opens_at": "2026-12-02T08:30",
            "closes_at": "2026-12-01T08:30",
        },
    )

    assert response.status_code == 422
    assert "受付開始より後" in response.content.decode()
    assert "2026-12-02T08:30" in response.content.decode()


def test_a_moment_that_is_none_is_told_how_to_write(desk, office):
    offering = factories.offering(MUROTO)

    response = desk.post(
        page("offering", "step", offering.pk, "change"),
        {"department": str(office.pk), "opens_at": "あした"},
    )

    assert response.status_code == 422
    assert "2027-04-01 08:30 のように" in response.content.decode()


def test_a_clerk_looks_at_offerings_and_changes_none(client):
    client.force_login(factories.staff("clerk", organization=MUROTO))
    offering = factories.offering(MUROTO)

    seen = client.get(page("offering", "change", offering.pk))

    assert seen.status_code == 200
    assert seen.context["step_links"] == []
    url = page("offering", "step", offering.pk, "withdraw")
    assert client.post(url).status_code == 403
    assert public() == [offering]
