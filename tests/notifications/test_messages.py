from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.identity import NOBODY
from applications.actions import (
    accept_application,
    correct_application,
    decide_application,
    file_application,
    resume_application,
    return_application,
    start_correction,
    withdraw_application,
)
from applications.queries import inquiry_code_of
from foundation.japanese import display_date
from foundation.numbering import in_groups
from foundation.tenancy.scope import Scope, opened_by, scoped
from journal.actions import deliver_due
from notifications.actions import queue_message, ring
from notifications.models import Message, MessageState, Template
from notifications.queries import letter_of
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
IN_MUROTO = Scope(organization_ids=frozenset({MUROTO}))


def told():
    """Return what is to be said, in order, once the journal was delivered."""
    deliver_due()
    return list(Message.objects.using("worker").order_by("position"))


def a_case_with_everything():
    """Return an application that was filed, returned, corrected and completed."""
    clerk = factories.staff("clerk", organization=MUROTO)
    application = factories.application(MUROTO)
    with scoped(IN_MUROTO):
        return_application(
            application,
            field_keys=["place"],
            message="部屋番号を入力してください。",
            due_on=date(2026, 12, 7),
            by=clerk,
        )
        draft = start_correction(application)
        draft.raw = {**draft.raw, "place": "室戸市浮津2番地"}
        draft.save(update_fields=["raw"])
        correct_application(draft, by=None, identity=NOBODY)
        accept_application(application, by=clerk)
        decide_application(application, "complete", by=clerk)
    return application


def test_each_step_that_concerns_the_applicant_is_told_once_and_in_order():
    a_case_with_everything()

    assert [message.template for message in told()] == [
        Template.RECEIVED,
        Template.RETURNED,
        Template.CORRECTED,
        Template.DECIDED,
    ]


def test_a_withdrawal_is_confirmed():
    application = factories.application(MUROTO)
    with scoped(IN_MUROTO):
        withdraw_application(
            application, reason="引っ越しをやめたため", by=None, identity=NOBODY
        )

    assert told()[-1].template == Template.WITHDRAWN


def test_who_was_asked_to_correct_is_told_when_it_is_no_longer_waited_for():
    clerk = factories.staff("clerk", organization=MUROTO)
    application = factories.application(MUROTO)
    with scoped(IN_MUROTO):
        return_application(
            application,
            field_keys=["place"],
            message="部屋番号を入力してください。",
            due_on=timezone.localdate() + timedelta(days=14),
            by=clerk,
        )
        resumed = resume_application(application, by=clerk)

    *_, message = told()
    letter = letter_of(message)
    assert message.template == Template.RESUMED
    assert letter.subject.startswith("【補正の受付を終えました】")
    assert "補正をしていただく必要は、なくなりました。" in letter.body
    assert f"めやす　　{display_date(resumed.due_on)}までに" in letter.body


def test_whom_a_decision_reaches_by_post_too_is_told_so():
    permit = factories.offering(MUROTO, of=factories.procedure(kind="permit"))
    clerk = factories.staff("clerk", "approver", organization=MUROTO)
    cases = [factories.application(MUROTO, offering=permit), factories.application()]
    with scoped(IN_MUROTO):
        for application, event in zip(cases, ("approve", "complete"), strict=True):
            accept_application(application, by=clerk)
            decide_application(application, event, by=clerk)

    letters = [letter_of(m).body for m in told() if m.template == Template.DECIDED]
    assert ["書面でも郵送します。" in body for body in letters] == [True, False]


def test_a_filing_without_an_address_queues_nothing():
    factories.application(raw=factories.filed_answers(email=""))

    assert told() == []


def test_the_same_entry_delivered_twice_is_said_once():
    draft = factories.draft()
    with scoped(Scope()), opened_by(inquiry_code_of(draft)):
        file_application(draft, by=None, identity=NOBODY)
    [message] = told()
    again = Message(
        key=message.key,
        template=Template.RECEIVED,
        organization_id=message.organization_id,
        subject_id=message.subject_id,
        address=message.address,
    )
    with scoped(IN_MUROTO):
        queue_message(again)

    assert len(told()) == 1


def test_two_bodies_may_use_the_same_key():
    for code in (factories.AKI, MUROTO):
        with scoped(Scope(organization_ids=frozenset({code}))):
            queue_message(
                Message(
                    key="news",
                    template=Template.RECEIVED,
                    organization_id=code,
                    subject_id=factories.application(code).pk,
                    address="a@example.jp",
                )
            )

    assert sum(message.key == "news" for message in told()) == 2


def test_a_message_is_rung_for_after_the_commit_only():
    rung = []
    ring.append(lambda: rung.append(transaction.get_connection().in_atomic_block))
    try:
        factories.application()
        deliver_due()
    finally:
        ring.pop()

    assert rung == [False]


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (Template.RECEIVED, "許可や決定のお知らせではありません"),
        (Template.RETURNED, "補正の期限　令和8年12月7日（2026年）"),
        (Template.CORRECTED, "補正していただいた内容が、室戸市に届きました"),
        (Template.DECIDED, "ログインしたマイページか、下の照会ページ"),
    ],
    ids=["received", "returned", "corrected", "decided"],
)
def test_a_message_says_what_happened_and_what_comes_next(template, says):
    application = a_case_with_everything()
    [message] = [m for m in told() if m.template == template]
    letter = letter_of(message)

    assert application.number in letter.subject
    assert says in letter.body
    for part in (
        application.number,
        "水道使用開始・中止届",
        "室戸市 住民課",
        "電話　0887-00-0000",
        "このあとの流れ",
        "/inquiry/",
    ):
        assert part in letter.body
    assert letter.body.count("秒") == 1  # when it arrived, to the second
    assert "&" not in letter.body + letter.subject


def test_no_message_holds_answers_names_or_the_secret_number():
    application = a_case_with_everything()
    code = inquiry_code_of(application)

    for message in told():
        letter = letter_of(message)
        for text in (letter.subject, letter.body, str(message.context)):
            for secret in (code, in_groups(code), "髙知", "太郎", "浮津", "部屋番号"):
                assert secret not in text
            assert "完了しました" not in text  # the result is behind the sign-in


def test_a_message_names_each_thing_as_typed_and_not_as_markup():
    offering = factories.offering(
        MUROTO, of=factories.procedure(title="<b>髙﨑</b> & 届")
    )
    factories.application(MUROTO, offering=offering)
    [message] = told()

    assert "<b>髙﨑</b> & 届" in letter_of(message).subject


def test_the_database_keeps_a_key_from_being_said_twice():
    factories.application()
    [message] = told()
    twin = Message(
        key=message.key,
        template=message.template,
        organization_id=MUROTO,
        subject_id=message.subject_id,
        address=message.address,
        state=MessageState.QUEUED,
    )

    with pytest.raises(IntegrityError), scoped(IN_MUROTO):
        twin.save(force_insert=True)
