"""The front door leads to what there is, and to nothing else."""

import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_home_leads_to_published_procedures_and_to_no_others(client):
    dog = factories.procedure(title="犬の登録", code="dog")
    factories.offering(factories.MUROTO, of=dog)
    secret = factories.procedure(title="まだ秘密の手続", published_at=None)
    factories.offering(factories.MUROTO, of=secret)

    page = client.get("/").content.decode()

    assert '<a href="/procedures/dog/">犬の登録</a>' in page
    assert "1か所で受付" in page
    assert "まだ秘密の手続" not in page


def test_home_leads_to_all_bodies(client):
    page = client.get("/").content.decode()

    codes = re.findall(r'href="/organizations/(\d{6})/"', page)
    assert len(set(codes)) == 35
    assert 'href="/organizations/392022/">室戸市</a>' in page


def test_home_searches_the_catalogue(client):
    page = client.get("/").content.decode()

    form = re.search(r"<form.*?</form>", page, re.DOTALL)[0]
    assert 'action="/procedures/"' in form
    assert 'method="get"' in form
    assert 'name="q"' in form
