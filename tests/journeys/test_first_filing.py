"""A resident's first filing, from the front door to its end.

水道使用開始届 without an account: filed, told by mail, returned, corrected, completed.
"""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from applications.actions import (
    accept_application,
    decide_application,
    return_application,
)
from applications.models import Application
from foundation.japanese import add_open_days, display_date
from foundation.tenancy.scope import Scope, scoped
from journal.actions import deliver_due, seal_committed
from journal.models import Entry
from journal.queries import verify
from notifications.actions import send_due_messages
from organizations.queries import scope_for
from tests import factories
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

OF_MUROTO = Scope(organization_ids=frozenset({MUROTO}))
FAMILY = "\N{CJK COMPATIBILITY IDEOGRAPH-FA11}"


class Reader:
    """A browser without JavaScript whose user reads each page and presses one thing."""

    def __init__(self):
        self.client = Client()
        self.pages = 0

    def open(self, address):
        self._arrive(self.client.get(address, follow=True))

    def press(self, **answers):
        """Send the page's form with what it holds and what was typed."""
        form = self.response.context.get("form")
        held = {}
        if form is not None and "reviewed" in form.fields:
            held["reviewed"] = form["reviewed"].value()
        typed = {name.replace("__", "-"): value for name, value in answers.items()}
        self._arrive(self.client.post(self.address, held | typed, follow=True))

    def follow(self, label):
        """Follow the first link whose text holds the label."""
        links = re.findall(
            r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', self.text, re.DOTALL
        )
        self.open(next(href for href, text in links if label in text))

    def _arrive(self, response):
        self.response, self.text = response, response.content.decode()
        if response.redirect_chain:
            self.address = response.redirect_chain[-1][0]
        else:
            self.address = response.request["PATH_INFO"]
        self.pages += 1
        assert response.status_code == 200, self.text


def latest_mail():
    deliver_due()
    send_due_messages()
    return mail.outbox[-1]


def file_it(reader):
    """From the front door to the confirmation."""
    reader.open("/")
    reader.follow("水道使用開始・中止届")
    reader.press()
    reader.press(
        kind="start",
        **{"place-postal_code": "781-7101", "place-rest": "1234番地"},
    )
    day = add_open_days(timezone.localdate(), 5)
    reader.press(
        **{
            "start_on-era": "西暦",
            "start_on-year": str(day.year),
            "start_on-month": str(day.month),
            "start_on-day": str(day.day),
        },
        use="home",
        payment="slip",
    )
    reader.press(
        **{"user_name-family": FAMILY, "user_name-given": "太郎"},
        user_kana="こうち たろう",
        phone="０９０－１２３４－５６７８",
    )
    reader.press(email="taro@example.jp", attendance="no", entry_consent="on")
    assert "内容を確かめてください" in reader.text
    reader.press()


def test_a_first_filing_travels_its_whole_way():
    factories.water_supply(MUROTO)
    reader = Reader()

    # The resident files it.
    file_it(reader)
    assert reader.pages <= 9
    assert "提出が終わりました" in reader.text
    with scoped(OF_MUROTO):
        filed = Application.objects.get()
    assert filed.number in reader.text
    assert filed.applicant_name == f"{FAMILY}\u3000太郎"

    # The notice comes by mail, with the number and without secrets or answers.
    received = latest_mail()
    assert received.to == ["taro@example.jp"]
    assert filed.number in received.body
    code = reader.response.context["inquiry_code"]
    for secret in (code, code.replace("-", ""), FAMILY, "090", "1234番地"):
        assert secret not in received.body + received.subject

    # Staff take it up and ask for a correction.
    clerk = factories.staff("clerk", "examiner", organization=MUROTO)
    due_on = timezone.localdate() + timedelta(days=14)
    with scoped(scope_for(clerk)):
        accept_application(filed, by=clerk)
        return_application(
            filed,
            field_keys=["phone"],
            message="電話がつながりませんでした。番号をお確かめください。",
            due_on=due_on,
            by=clerk,
        )
    assert "補正" in latest_mail().subject

    # On another device, the two numbers open it; only the telephone can be changed.
    elsewhere = Reader()
    elsewhere.open("/inquiry/")
    elsewhere.press(number=filed.number, inquiry_code=code)
    assert "電話がつながりませんでした。" in elsewhere.text
    assert display_date(due_on) in elsewhere.text
    elsewhere.address = f"/applications/{filed.pk}/correct/"
    elsewhere.press()
    assert 'name="user_kana"' not in elsewhere.text
    elsewhere.press(phone="088-823-1111")
    elsewhere.press()
    assert "直した内容が届きました" in elsewhere.text

    # Staff complete it, and the resident reads so.
    with scoped(scope_for(clerk)):
        accept_application(filed, by=clerk)
        decide_application(filed, "complete", by=clerk)
    latest_mail()
    reader.open(f"/applications/{filed.pk}/")
    assert "手続が終わりました" in reader.text
    assert "088-823-1111" in reader.text
    reader.follow("結果のお知らせ")
    assert filed.number in reader.text

    # Each step stands in the journal, in order, and the chain holds.
    with scoped(OF_MUROTO):
        steps = Entry.objects.filter(subject_id=filed.pk).order_by("id")
        told = [
            name.removeprefix("applications.") for (name,) in steps.values_list("name")
        ]
    assert told == [
        "filed",
        "accepted",
        "returned",
        "corrected",
        "accepted",
        "decided",
        "document_downloaded",
    ]
    seal_committed()
    verify()
    assert len(mail.outbox) == 4
