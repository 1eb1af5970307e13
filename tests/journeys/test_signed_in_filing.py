"""犬の登録 by a newcomer: sign up, file, find it under マイページ."""

import json
import re

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import User
from applications.models import Application, Draft
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db

START = f"/procedures/dog-registration/{MUROTO}/"
ADDRESS = "hanako@example.jp"
OF_MUROTO = Scope(organization_ids=frozenset({MUROTO}))


@pytest.fixture
def document():
    """Return the dog's form; on the day for which its examples were written."""
    folder = settings.BASE_DIR / "applications" / "documents"
    written = json.loads((folder / "dog_registration.json").read_text("utf-8"))
    with time_machine.travel(f"{written['examples']['today']}T10:00:00+09:00"):
        procedure = factories.procedure(
            code="dog-registration", title="犬の登録・変更・死亡届", required_level=1
        )
        factories.form(procedure, written)
        factories.offering(MUROTO, of=procedure)
        yield written


def link(page, label):
    links = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>\s*([^<]*)', page.content.decode())
    return next(href for href, text in links if label in text)


def sign_up(client):
    """Sign up from the start page with a code by mail; return where that leads."""
    page = client.get(link(client.get(START), "はじめての方"))
    back = page.context["redirect_field_value"]
    asked = client.post("/accounts/signup/", {"email": ADDRESS, "next": back})
    code = re.search(
        r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.M
    )
    return client.post(asked.url, {"code": code[1]}, follow=True)


def test_a_newcomer_signs_up_on_the_way_and_owns_what_they_file(document):
    client = Client()

    page = sign_up(client)
    assert page.redirect_chain[-1][0] == START
    page = client.post(START, follow=True)
    draft = page.context["draft"]
    home = f"/applications/{draft.pk}/"
    assert draft.person_id == User.objects.get(email=ADDRESS).person_id
    assert home in client.get("/my/").content.decode()

    with scoped(OF_MUROTO):
        answers = document["examples"]["valid"][0]
        Draft.objects.filter(pk=draft.pk).update(raw=answers)
    form = client.get(f"{home}check/").context["form"]
    sent = client.post(
        f"{home}check/", {"reviewed": form["reviewed"].value()}, follow=True
    )
    with scoped(OF_MUROTO):
        filed = Application.objects.get()
    number = filed.number
    assert filed.contact_email == ADDRESS  # the form itself asks for none
    assert number in sent.content.decode()
    assert number in client.get("/my/").content.decode()

    client.post("/accounts/logout/")
    assert client.get(home).status_code == 404
    assert client.get("/my/").status_code == 302
