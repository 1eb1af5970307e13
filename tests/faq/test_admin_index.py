"""The first page of the desk says what waits in the FAQ, and leads there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from faq.models import TicketState
from tests import factories
from tests.factories import AKI, MUROTO
from tests.factories.asked import cluster, ticket
from tests.factories.faq import desk, entry

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")


def page_of(*roles, organization=MUROTO):
    staff = factories.staff(*roles, organization=organization)
    browser = factories.browser_of(staff)
    return browser, " ".join(browser.get(INDEX).content.decode().split())


def figure(count, label):
    return f'<span class="desk-figure">{count}</span>{label}'


def some_work():
    office = desk(MUROTO)
    yesterday = timezone.localdate() - timedelta(days=1)
    ticket(office)
    ticket(office, due_on=yesterday)
    ticket(office, state=TicketState.ANSWERED, due_on=yesterday)
    cluster(office)
    cluster(office, state="dismissed")
    cluster(office, size=0)
    entry(office, "古い項目", review_on=timezone.localdate())


def test_it_counts_what_waits_and_each_figure_opens_its_list():
    some_work()

    browser, shown = page_of("clerk")

    for label, count, page, query in (
        ("返事待ちの相談", 2, "ticket", {}),
        ("返事の目安を過ぎた相談", 1, "ticket", {"state": "overdue"}),
        ("答えられなかった質問", 1, "cluster", {}),
        ("見直し期限", 1, "entry", {"days": "review"}),
    ):
        assert figure(count, label) in shown
        address = reverse(f"admin:faq_{page}_changelist")
        listed = browser.get(address, {"body": MUROTO, **query})
        assert listed.status_code == 200
        assert len(listed.context["cl"].result_list) == count


def test_nothing_of_another_body_is_counted():
    some_work()
    desk(AKI)

    _, shown = page_of("clerk", organization=AKI)

    assert "室戸市 FAQ" not in shown
    assert figure(0, "返事待ちの相談") in shown


def test_a_body_without_a_desk_sees_no_empty_figures():
    _, shown = page_of("clerk")

    assert "室戸市 FAQ" not in shown
