"""What every list of the desk shows."""

from functools import partial

import pytest
from django.contrib.admin import ModelAdmin, site
from django.test.html import parse_html

from applications.models import Application
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_box_to_tick_is_django_s():
    case = factories.application()
    desk = site.get_model_admin(Application)

    ours, django_s = (
        parse_html(box(case))
        for box in (desk.action_checkbox, partial(ModelAdmin.action_checkbox, desk))
    )
    assert ours == django_s
