"""Two final POSTs at the same moment, over real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.urls import reverse

from applications.models import Application
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

OF_MUROTO = Scope(organization_ids=frozenset({MUROTO}))
AT_ONCE = 4


def test_however_many_final_posts_come_at_once_one_application_is_filed():
    draft = factories.draft(MUROTO)
    url = reverse("applications:check", args=[draft.pk])
    form = factories.browser_with(draft).get(url).context["form"]
    sent = {"reviewed": form["reviewed"].value()}
    together = Barrier(AT_ONCE)

    def send(_):
        browser = factories.browser_with(draft)
        together.wait(timeout=10)
        try:
            return browser.post(url, sent)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))

    assert {answer.status_code for answer in answers} == {303}
    assert {answer.url for answer in answers} == {
        reverse("applications:complete", args=[draft.pk])
    }
    with scoped(OF_MUROTO):
        assert Application.objects.count() == 1
        assert Entry.objects.filter(name="applications.filed").count() == 1
    connection.close()
