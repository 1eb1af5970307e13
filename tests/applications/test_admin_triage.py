"""The triage list: open cases of one body, masked, the first due on top."""

from datetime import date, timedelta
from itertools import chain

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import return_application
from applications.admin.columns import masked_name
from applications.admin.triage import ApplicationAdmin
from applications.deadlines import Urgency, time_left
from applications.models import Application, Correction
from applications.queries import workload_of
from applications.workflow import State
from foundation.tenancy.scope import Scope, scoped
from organizations.models import Membership
from organizations.queries import scope_for
from tests import factories
from tests.factories import AKI, MUROTO, PREFECTURE

pytestmark = pytest.mark.django_db

LIST = "admin:applications_application_changelist"


@pytest.fixture
def clerk(client):
    user = factories.staff("clerk", "examiner", organization=MUROTO)
    client.force_login(user)
    return user


@pytest.fixture
def offering():
    return factories.offering(MUROTO)


def listed(client, **parameters):
    response = client.get(reverse(LIST), parameters)
    assert response.status_code == 200
    return [case.number for case in response.context["cl"].result_list]


def numbers(*cases):
    return [case.number for case in cases]


def closed(**changed):
    return {"state": State.COMPLETED, "closed_at": timezone.now(), **changed}


def test_open_cases_are_listed_the_first_due_on_top(client, clerk, offering):
    today = timezone.localdate()
    later, sooner, returned, _ = (
        factories.application(MUROTO, offering=offering, **changed)
        for changed in (
            {"due_on": today + timedelta(days=9)},
            {"due_on": today + timedelta(days=2)},
            {"due_on": None, "state": State.RETURNED},
            closed(due_on=today),
        )
    )

    assert listed(client) == numbers(sooner, later, returned)


def test_names_are_masked_and_the_rest_stays_on_the_page_of_the_case(client, clerk):
    factories.application(MUROTO)

    page = client.get(reverse(LIST)).content.decode()

    assert "髙●●●" in page
    for hidden in ("髙知", "太郎", "applicant@example.jp", "浮津"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("髙知　太郎", "髙●●●"),
        ("邉󠄀見　花子", "邉󠄀●●●"),
        ("𠮷野", "𠮷●●●"),
        ("John Smith", "J●●●"),
        ("", "（氏名なし）"),
    ],
)
def test_a_masked_name_keeps_its_first_character_whole(name, masked):
    assert masked_name(name) == masked


# Filters


def test_the_state_filter_shows_one_state_or_all(client, clerk, offering):
    waiting = factories.application(MUROTO, offering=offering)
    done = factories.application(MUROTO, offering=offering, **closed())

    assert listed(client, state="completed") == numbers(done)
    assert set(listed(client, state="all")) == set(numbers(waiting, done))
    assert listed(client, state="filed") == numbers(waiting)
    assert listed(client, state="no-such-state") == []


def test_the_assignee_filter_shows_mine_or_nobody_s(client, clerk, offering):
    mine = factories.application(MUROTO, offering=offering, assignee=clerk)
    nobody_s = factories.application(MUROTO, offering=offering)

    assert listed(client, assignee="me") == numbers(mine)
    assert listed(client, assignee="nobody") == numbers(nobody_s)


def test_the_procedure_filter_shows_one_procedure(client, clerk, offering):
    here = factories.application(MUROTO, offering=offering)
    factories.application(MUROTO)

    assert listed(client, procedure=offering.procedure.code) == numbers(here)


def test_the_department_filter_shows_one_office(client, clerk, offering):
    here = factories.application(MUROTO, offering=offering)
    factories.application(MUROTO)

    assert listed(client, department=str(offering.department_id)) == numbers(here)
    assert listed(client, department="no-uuid") == []


def test_overdue_cases_are_those_beyond_their_day_but_not_those_returned(
    client, clerk, offering
):
    yesterday = timezone.localdate() - timedelta(days=1)
    late = factories.application(MUROTO, offering=offering, due_on=yesterday)
    factories.application(MUROTO, offering=offering, due_on=timezone.localdate())
    factories.application(
        MUROTO, offering=offering, due_on=yesterday, state=State.RETURNED
    )

    assert listed(client, state="overdue") == numbers(late)


def asked_to_correct(offering, days, **changed):
    """Return a case that is to be corrected in so many days."""
    day = timezone.localdate() + timedelta(days=days)
    case = factories.application(MUROTO, offering=offering)
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        in_time = timezone.localdate() + timedelta(days=14)
        correction = return_application(
            case, field_keys=["place"], message="番地を", due_on=in_time, by=clerk
        )
        Correction.objects.filter(pk=correction.pk).update(due_on=day, **changed)
    return case


def test_cases_that_were_not_corrected_in_time_are_found_the_oldest_first(
    client, clerk, offering
):
    late, later = (asked_to_correct(offering, days) for days in (-1, -9))
    asked_to_correct(offering, 0)
    resolved = asked_to_correct(offering, -1, resolved_at=timezone.now())
    factories.application(MUROTO, offering=offering)

    assert listed(client, state="uncorrected") == numbers(late, later)
    [body] = client.get(reverse("admin:index")).context["workload"]
    assert body.uncorrected == 2
    assert resolved.number in listed(client, state="returned")


def test_a_case_shows_by_when_it_is_to_be_corrected_and_when_that_has_passed(
    client, clerk, offering
):
    late, waiting = (asked_to_correct(offering, days) for days in (-1, 0))

    page = client.get(reverse(LIST)).content.decode()
    pages = [
        client.get(
            reverse("admin:applications_application_change", args=[case.pk])
        ).content.decode()
        for case in (late, waiting)
    ]

    assert page.count("補正の期限切れ 20") == 1
    assert page.count("補正の期限 20") == 1
    assert "補正の期限切れ 20" in pages[0]
    assert "補正の期限 20" in pages[1]


def test_the_first_page_names_late_corrections_only_where_there_are_any(
    client, clerk, offering
):
    asked_to_correct(offering, 0)
    assert "補正の期限切れ" not in client.get(reverse("admin:index")).content.decode()

    asked_to_correct(offering, -1)
    assert "補正の期限切れ" in client.get(reverse("admin:index")).content.decode()


def test_the_body_filter_is_there_only_for_who_works_for_several(client, clerk):
    ours = factories.application(MUROTO)
    theirs = factories.application(AKI)

    response = client.get(reverse(LIST), {"body": AKI})
    titles = [spec.title for spec in response.context["cl"].filter_specs]
    assert "団体" not in titles
    assert listed(client, body=AKI) == numbers(ours)

    with scoped(Scope(organization_ids=frozenset({AKI}))):
        Membership.objects.create(
            organization_id=AKI, user=clerk, role="clerk", valid_from="2020-04-01"
        )
    assert listed(client) == numbers(ours)
    assert listed(client, body=AKI) == numbers(theirs)


def test_a_body_where_one_only_publishes_shows_no_cases(client, clerk):
    ours = factories.application(MUROTO)
    factories.application(AKI)
    with scoped(Scope(organization_ids=frozenset({AKI}))):
        Membership.objects.create(
            organization_id=AKI, user=clerk, role="publisher", valid_from="2020-04-01"
        )

    assert listed(client, body=AKI) == numbers(ours)


# Search


@pytest.mark.parametrize("term", ["髙知", "高知", "髙知太郎", "髙知　太郎", "太郎"])
def test_a_name_is_found_by_two_characters_in_any_of_its_forms(client, clerk, term):
    case = factories.application(MUROTO)

    assert listed(client, q=term) == numbers(case)


def test_a_search_looks_among_closed_cases_too(client, clerk, offering):
    done = factories.application(MUROTO, offering=offering, **closed())

    assert listed(client, q="高知") == numbers(done)
    assert listed(client, q="高知", state="open") == []


def test_a_number_is_found_whole_in_part_and_in_full_width(client, clerk):
    case = factories.application(MUROTO)
    wide = case.number.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))

    assert listed(client, q=case.number) == numbers(case)
    assert listed(client, q=wide) == numbers(case)
    assert listed(client, q=case.number[10:17]) == numbers(case)


def test_a_number_is_found_in_whichever_of_one_s_bodies_it_is(client):
    client.force_login(factories.staff("support", organization=PREFECTURE))
    case = factories.application(AKI)
    factories.application(MUROTO)

    assert listed(client, q=case.number, body=MUROTO) == numbers(case)


@pytest.mark.parametrize("term", ["高", "%", "__", "'; DROP TABLE", "\ud7ff" * 500])
def test_an_odd_search_finds_nothing_and_breaks_nothing(client, clerk, term):
    factories.application(MUROTO)

    assert listed(client, q=term) == []


# Pages


def test_every_case_is_on_one_page_forwards_and_backwards(
    client, clerk, offering, monkeypatch
):
    monkeypatch.setattr(ApplicationAdmin, "list_per_page", 2)
    today = timezone.localdate()
    cases = [
        factories.application(MUROTO, offering=offering, due_on=today + timedelta(n))
        for n in (1, 1, 2, 3)
    ]
    cases.append(
        factories.application(
            MUROTO, offering=offering, state=State.RETURNED, due_on=None
        )
    )

    def walk(way, query):
        """Yield the numbers of each page on the way, from the page of `query` on."""
        while True:
            changelist = client.get(reverse(LIST) + query).context["cl"]
            yield numbers(*changelist.result_list)
            query = getattr(changelist, way)
            if not query:
                return

    forwards = list(walk("next_url", ""))
    assert list(chain(*forwards)) == numbers(*cases)

    last = client.get(reverse(LIST)).context["cl"]
    while last.next_url:
        last = client.get(reverse(LIST) + last.next_url).context["cl"]
    backwards = list(walk("previous_url", last.previous_url))
    assert [*reversed(backwards), forwards[-1]] == forwards


@pytest.mark.parametrize("cursor", ["2", "x", "eyJhIjoxfQ:1x:y", ""])
def test_a_made_up_position_is_the_first_page(client, clerk, cursor):
    case = factories.application(MUROTO)

    assert listed(client, p=cursor) == numbers(case)


def test_the_list_neither_counts_nor_skips(
    client, clerk, django_assert_max_num_queries
):
    for _ in range(3):
        factories.application(MUROTO)

    with django_assert_max_num_queries(20) as queries:
        listed(client)

    said = [query["sql"] for query in queries.captured_queries]
    assert not [sql for sql in said if "COUNT(" in sql or "OFFSET" in sql]


# Several at once


def act(client, action, *cases, **more):
    return client.post(
        reverse(LIST),
        {
            "action": action,
            "_selected_action": [str(c.pk) for c in cases],
            "index": "0",
            **more,
        },
        follow=True,
    )


def stored(case):
    with scoped(Scope(organization_ids=frozenset({case.organization_id}))):
        return Application.objects.get(pk=case.pk)


def test_several_are_accepted_each_by_itself(client, clerk, offering):
    one, two = (factories.application(MUROTO, offering=offering) for _ in range(2))
    other = factories.application(MUROTO, offering=offering)

    response = act(client, "accept", one, two)

    assert [str(message) for message in response.context["messages"]] == [
        "2件を受け付けました。"
    ]
    assert [stored(c).state for c in (one, two)] == ["accepted", "accepted"]
    assert stored(other).state == "filed"


def test_what_failed_is_named_and_what_worked_is_counted(client, clerk, offering):
    waiting = factories.application(MUROTO, offering=offering)
    accepted = factories.application(MUROTO, offering=offering, state=State.ACCEPTED)

    response = act(client, "complete", waiting, accepted)

    told = [
        (message.level_tag, str(message)) for message in response.context["messages"]
    ]
    assert told == [
        (
            "warning",
            f"{waiting.number}：「受付待ち」の申請に「完了する」の操作はできません。",
        ),
        ("success", "1件を完了しました。"),
    ]
    assert stored(waiting).state == "filed"
    assert stored(accepted).state == "completed"


def test_several_are_taken_into_one_s_own_hands(client, clerk, offering):
    cases = [factories.application(MUROTO, offering=offering) for _ in range(2)]

    act(client, "take", *cases)

    assert [stored(case).assignee for case in cases] == [clerk, clerk]


def test_another_body_s_case_is_not_acted_upon(client, clerk):
    theirs = factories.application(AKI)

    act(client, "accept", theirs)
    act(client, "accept", theirs, select_across="1")

    assert stored(theirs).state == "filed"


def test_only_ticked_cases_are_acted_upon_whatever_the_browser_says(
    client, clerk, offering
):
    ticked = factories.application(MUROTO, offering=offering)
    other = factories.application(MUROTO, offering=offering)

    act(client, "accept", ticked, select_across="1")

    assert [stored(ticked).state, stored(other).state] == ["accepted", "filed"]


def test_support_is_offered_no_action_and_refused_one(client):
    client.force_login(factories.staff("support", organization=PREFECTURE))
    case = factories.application(MUROTO)

    page = client.get(reverse(LIST), {"body": MUROTO}).content.decode()
    act(client, "accept", case)

    assert case.number in page
    assert "受け付ける" not in page
    assert stored(case).state == "filed"


def test_an_approver_cannot_accept_several(client):
    client.force_login(factories.staff("approver", organization=MUROTO))
    case = factories.application(MUROTO)

    page = act(client, "accept", case).content.decode()

    assert "役割が割り当てられていません" in page
    assert stored(case).state == "filed"


# Time


@pytest.mark.parametrize(
    ("due", "left", "urgency"),
    [
        ("2026-12-08", 10, Urgency.CALM),
        ("2026-11-26", 2, Urgency.SOON),
        ("2026-11-27", 3, Urgency.CALM),
        ("2026-11-24", 0, Urgency.SOON),
        ("2026-11-23", -1, Urgency.OVERDUE),
    ],
)
def test_a_case_turns_amber_at_80_percent_and_red_beyond(due, left, urgency):
    today = date(2026, 11, 24)

    found = time_left(date.fromisoformat(due), today, 10, "open")

    assert (found.days, found.urgency) == (left, urgency)


def test_a_case_of_no_days_is_amber_on_its_day():
    today = date(2026, 11, 24)

    assert time_left(today, today, 0, "open").urgency == Urgency.SOON


# The first page


def test_the_first_page_counts_what_waits_in_each_body(client, clerk, offering):
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.application(MUROTO, offering=offering, assignee=clerk)
    factories.application(MUROTO, offering=offering, due_on=yesterday)
    factories.application(MUROTO, offering=offering, state=State.RETURNED, due_on=None)
    factories.application(MUROTO, offering=offering, **closed(assignee=clerk))
    factories.application(AKI)

    [body] = client.get(reverse("admin:index")).context["workload"]

    assert body.organization_name == "室戸市"
    assert (body.waiting, body.mine, body.overdue, body.returned) == (2, 1, 1, 1)


def test_the_first_page_costs_the_same_for_one_body_and_for_all(
    django_assert_num_queries,
):
    support = factories.staff("support", organization=PREFECTURE)
    factories.application(MUROTO)

    with scoped(scope_for(support)), django_assert_num_queries(1):
        found = workload_of(support)

    assert len(found) == 35
    assert sum(body.waiting for body in found) == 1
