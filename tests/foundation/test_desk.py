"""What every list of the desk shows."""

import re
from functools import partial
from urllib.parse import unquote, urlencode

import pytest
from django.contrib.admin import ModelAdmin, site
from django.test.html import parse_html
from django.urls import reverse

from applications.models import Application
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db


def test_the_box_to_tick_is_django_s():
    case = factories.application()
    desk = site.get_model_admin(Application)

    ours, django_s = (
        parse_html(box(case))
        for box in (desk.action_checkbox, partial(ModelAdmin.action_checkbox, desk))
    )
    assert ours == django_s


def test_the_words_searched_for_stay_out_of_the_addresses_of_cases(client):
    clerk = factories.staff("clerk", organization=MUROTO)
    client.force_login(clerk)
    case = factories.application(MUROTO)
    lists = reverse("admin:applications_application_changelist")
    name = "髙知花子"

    listed = client.get(lists, {"q": case.number, "state": case.state})
    [row] = re.findall(
        rf'href="([^"]*{case.pk}/change/[^"]*)"', listed.content.decode()
    )
    packed = urlencode({"_changelist_filters": urlencode({"q": name, "state": "x"})})
    page = client.get(f"{lists}{case.pk}/change/?{packed}")

    assert case.number not in unquote(unquote(row))
    assert f"state={case.state}" in unquote(unquote(row))
    for address in re.findall(r'(?:href|action)="([^"]*)"', page.content.decode()):
        assert name not in unquote(unquote(unquote(address)))
    assert any("state" in step["url"] for step in page.context["step_links"])
