"""Other programs hear what happened: signed, in order, and nobody else's machines."""

import base64
import hashlib
import hmac
import json
import socket
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import accept_application
from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from journal.actions import deliver_due
from journal.models import Entry
from notifications.actions.delivering import (
    GIVEN_UP_AFTER,
    LAST_ATTEMPT,
    deliver_webhooks,
    purge_deliveries,
)
from notifications.actions.webhooks import (
    add_webhook,
    change_webhook,
    rekey_webhook,
    repeat_delivery,
    set_active,
    try_webhook,
)
from notifications.channels import webhook as channel
from notifications.errors import NotAdministrator, WebhookNotPossible
from notifications.models import Delivery, DeliveryState, Webhook
from notifications.queries import secret_of
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO
from tests.factories.receivers import receiver

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
IN_MUROTO = Scope(organization_ids=frozenset({MUROTO}))
FILED, ACCEPTED = "applications.filed", "applications.accepted"


@pytest.fixture
def other(settings):
    """Let webhooks reach a program on this machine."""
    settings.SAMPLE = True
    with receiver() as server:
        yield server


@pytest.fixture
def keeper():
    return factories.staff("administrator", organization=MUROTO)


def hook(keeper, other, *events, url=""):
    with scoped(IN_MUROTO):
        return add_webhook(
            MUROTO,
            label="業務システム",
            url=url or other.url,
            events=events or [FILED],
            by=keeper,
        )


def tell():
    deliver_due()
    return deliver_webhooks()


def let_time_pass():
    """Make every delivery due, as if waits and leases had ended."""
    now = timezone.now()
    Delivery.objects.using("worker").update(due_at=now)
    Webhook.objects.using("worker").update(rests_until=now)


def deliveries():
    return list(Delivery.objects.using("worker").order_by("position"))


def stored():
    return Webhook.objects.using("worker").get()


def test_an_event_arrives_with_ids_alone_and_a_signature_that_proves_it(other, keeper):
    webhook = hook(keeper, other)
    application = factories.application(MUROTO)

    assert tell() == 1

    [(headers, body)] = other.taken
    told = json.loads(body)
    assert other.paths == ["/hook?of=portal"]
    assert told["type"] == FILED
    assert told["id"] == headers["Webhook-Id"] == str(deliveries()[0].pk)
    assert told["data"]["application_id"] == str(application.pk)
    assert timezone.datetime.fromisoformat(told["timestamp"]).tzinfo
    for secret in ("髙知", "太郎", "applicant@example.jp", "浮津"):
        assert secret not in body.decode()
    key = base64.b64decode(secret_of(webhook).removeprefix("whsec_"))
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    assert headers["Webhook-Signature"] == f"v1={digest.decode()}"
    assert deliveries()[0].state == DeliveryState.DELIVERED
    assert tell() == 0


def test_only_events_asked_for_and_only_of_one_s_own_body_are_told(other, keeper):
    hook(keeper, other, ACCEPTED)
    factories.application(MUROTO)
    factories.application(AKI)
    clerk = factories.staff("clerk", organization=AKI)
    with scoped(Scope(organization_ids=frozenset({AKI}))):
        accept_application(factories.application(AKI), by=clerk)

    assert tell() == 0
    assert other.taken == []


def test_the_same_entry_delivered_twice_is_queued_once(other, keeper):
    hook(keeper, other)
    factories.application(MUROTO)
    deliver_due()
    twin = deliveries()[0]
    twin.pk = new_id()
    with scoped(IN_MUROTO):
        Delivery.objects.bulk_create([twin], ignore_conflicts=True)

    assert deliver_webhooks() == 1


def test_events_of_one_subject_arrive_in_order_while_others_go_ahead(other, keeper):
    hook(keeper, other, FILED, ACCEPTED)
    first, second = factories.application(MUROTO), factories.application(MUROTO)
    clerk = factories.staff("clerk", organization=MUROTO)
    with scoped(IN_MUROTO):
        accept_application(first, by=clerk)
    deliver_due()
    held = deliveries()[0]
    later = timezone.now() + timedelta(minutes=1)
    Delivery.objects.using("worker").filter(pk=held.pk).update(due_at=later)

    assert deliver_webhooks() == 1
    let_time_pass()
    deliver_webhooks()

    told = [json.loads(body) for _, body in other.taken]
    ids = [(one["type"], one["data"]["application_id"]) for one in told]
    assert ids == [
        (FILED, str(second.pk)),
        (FILED, str(first.pk)),
        (ACCEPTED, str(first.pk)),
    ]


def test_what_leaves_in_one_batch_is_one_attempt(other, keeper):
    hook(keeper, other)
    for _ in range(5):
        factories.application(MUROTO)
    other.status = 500

    assert tell() == 0

    assert len(other.taken) == 5
    assert stored().failures == 1


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500])
def test_anything_but_yes_is_tried_again_later_and_no_redirect_followed(
    other, keeper, status
):
    hook(keeper, other)
    factories.application(MUROTO)
    other.status, other.location = status, other.url

    assert tell() == 0
    assert len(other.taken) == 1
    [delivery] = deliveries()
    assert (delivery.state, delivery.failure) == (DeliveryState.QUEUED, str(status))
    assert stored().failures == 1
    assert deliver_webhooks() == 0
    assert len(other.taken) == 1

    other.status = 200
    let_time_pass()
    assert deliver_webhooks() == 1
    assert stored().failures == 0
    ids = {headers["Webhook-Id"] for headers, _ in other.taken}
    assert ids == {str(delivery.pk)}


def test_a_program_that_does_not_answer_is_left_after_the_time_limit(
    other, keeper, monkeypatch
):
    monkeypatch.setattr(channel, "TIMEOUT_SECONDS", 0.2)
    hook(keeper, other)
    factories.application(MUROTO)
    other.may_answer.clear()

    assert tell() == 0
    assert deliveries()[0].failure in {
        "TimeoutError",
        "RemoteDisconnected",
        "ConnectionResetError",
    }


def test_after_days_of_failures_an_address_is_stopped_and_the_journal_says_so(
    other, keeper, caplog
):
    hook(keeper, other)
    factories.application(MUROTO)
    other.status = 500
    tell()
    Webhook.objects.using("worker").update(
        failing_since=timezone.now() - GIVEN_UP_AFTER
    )
    let_time_pass()
    deliver_webhooks()

    assert not stored().is_active
    with scoped(IN_MUROTO):
        assert Entry.objects.filter(name="notifications.webhook_stopped").exists()
    let_time_pass()
    deliver_webhooks()
    assert len(other.taken) == 2

    other.status = 200
    with scoped(IN_MUROTO):
        set_active(stored(), is_active=True, by=keeper)
    let_time_pass()
    assert deliver_webhooks() == 1


def test_one_delivery_that_is_always_refused_is_given_up_and_can_be_sent_again(
    other, keeper
):
    hook(keeper, other)
    factories.application(MUROTO)
    deliver_due()
    Delivery.objects.using("worker").update(attempts=LAST_ATTEMPT - 1)
    other.status = 422
    deliver_webhooks()
    [delivery] = deliveries()
    assert delivery.state == DeliveryState.FAILED

    other.status = 200
    with scoped(IN_MUROTO):
        repeat_delivery(delivery, by=keeper)
    assert deliver_webhooks() == 1
    assert other.taken[0][0]["Webhook-Id"] == other.taken[1][0]["Webhook-Id"]


def test_a_worker_that_never_came_back_is_replaced_when_its_lease_ends(other, keeper):
    hook(keeper, other)
    factories.application(MUROTO)
    deliver_due()
    Delivery.objects.using("worker").update(
        state=DeliveryState.SENDING, due_at=timezone.now() + timedelta(minutes=2)
    )

    assert deliver_webhooks() == 0
    let_time_pass()
    assert deliver_webhooks() == 1


def test_a_name_that_leads_into_the_house_is_not_connected_to(
    other, keeper, settings, monkeypatch
):
    hook(keeper, other, url=other.url.replace("http:", "https:"))
    factories.application(MUROTO)
    settings.SAMPLE = False

    tell()

    assert other.taken == []
    assert deliveries()[0].failure == "AddressNotPublic"


def test_a_name_with_one_public_and_one_inner_address_is_refused(monkeypatch, settings):
    rows = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("8.8.8.8", "127.0.0.1")
    ]
    monkeypatch.setattr(channel.socket, "getaddrinfo", lambda *_, **__: rows)

    with pytest.raises(channel.AddressNotPublic):
        channel.post("https://two.example/", b"", {})


def test_what_was_looked_at_is_what_is_connected_to(monkeypatch):
    """A name that changes its address between the two is of no use to anybody."""
    asked, connected = [], []
    row = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))
    monkeypatch.setattr(
        channel.socket, "getaddrinfo", lambda *a, **_: asked.append(a) or [row]
    )

    def connect(target, _):
        connected.append(target)
        raise ConnectionRefusedError

    monkeypatch.setattr(channel.socket, "create_connection", connect)
    with pytest.raises(ConnectionRefusedError):
        channel.post("https://moving.example/", b"", {})

    assert len(asked) == 1
    assert connected == [("8.8.8.8", 443)]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.jp/",
        "ftp://example.jp/",
        "https://",
        "https://user:pass@example.jp/",  # pragma: allowlist secret
        "https://example.jp/#part",
        "https://example.jp:99999/",
        "javascript:alert(1)",
        "例え",
    ],
)
def test_an_address_that_can_be_none_is_refused_at_once(keeper, url):
    with scoped(IN_MUROTO), pytest.raises(WebhookNotPossible):
        add_webhook(MUROTO, label="x", url=url, events=[FILED], by=keeper)


def test_only_administrators_of_the_body_have_webhooks(keeper):
    clerk = factories.staff("clerk", organization=MUROTO)
    url = "https://example.jp/"
    with scoped(IN_MUROTO):
        for body, user in ((MUROTO, clerk), (AKI, keeper)):
            with pytest.raises(NotAdministrator):
                add_webhook(body, label="x", url=url, events=[FILED], by=user)


def test_a_new_key_replaces_the_old_one_and_an_earlier_installation_s_still_proves(
    other, keeper, settings
):
    webhook = hook(keeper, other)
    old = secret_of(webhook)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another-key-of-the-installation",
    )
    factories.application(MUROTO)
    tell()

    [(headers, body)] = other.taken
    key = base64.b64decode(old.removeprefix("whsec_"))
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert f"v1={digest}" in headers["Webhook-Signature"].split(" ")
    with scoped(IN_MUROTO):
        assert secret_of(rekey_webhook(webhook, by=keeper)) not in {
            old,
            secret_of(webhook),
        }


def test_what_was_settled_long_ago_is_forgotten(other, keeper):
    hook(keeper, other)
    factories.application(MUROTO)
    tell()
    Delivery.objects.using("worker").update(due_at=timezone.now() - timedelta(days=91))

    assert purge_deliveries() == 1


# On the desk


def page(name, *args):
    return reverse(f"admin:notifications_webhook_{name}", args=args)


def test_an_administrator_adds_tries_and_stops_a_webhook(client, other, keeper):
    client.force_login(keeper)

    shown = client.post(
        page("opening", "add"),
        {"label": "業務システム", "url": other.url, "events": [FILED]},
    )
    webhook = stored()
    assert secret_of(webhook) in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    row = client.get(page("change", webhook.pk)).content.decode()
    assert secret_of(webhook) not in row

    assert client.post(page("step", webhook.pk, "test")).status_code == 303
    assert deliver_webhooks() == 1
    assert json.loads(other.taken[0][1])["type"] == "notifications.webhook_tested"
    log = reverse("admin:notifications_delivery_changelist")
    assert "届いた" in client.get(log, {"webhook": webhook.pk}).content.decode()

    [delivery] = deliveries()
    again = reverse("admin:notifications_delivery_step", args=[delivery.pk, "resend"])
    assert client.post(again).status_code == 303
    assert deliver_webhooks() == 1

    client.post(page("step", webhook.pk, "stop"))
    assert not stored().is_active


def test_a_wrong_address_is_said_in_japanese_and_what_was_typed_stays(client, keeper):
    client.force_login(keeper)

    shown = client.post(
        page("opening", "add"),
        {"label": "業務", "url": "http://10.0.0.1/", "events": [FILED]},
    )

    assert shown.status_code == 422
    assert "https:// で始まる" in shown.content.decode()
    assert "http://10.0.0.1/" in shown.content.decode()


def test_clerks_see_no_webhooks_and_support_changes_none(client, other, keeper):
    webhook = hook(keeper, other)
    client.force_login(factories.staff("clerk", organization=MUROTO))
    assert client.get(page("changelist")).status_code == 403
    client.force_login(factories.staff("support", organization=factories.PREFECTURE))
    assert client.get(page("change", webhook.pk)).status_code == 200
    for step in ("test", "change", "rekey", "stop"):
        assert client.post(page("step", webhook.pk, step)).status_code == 403
    with scoped(IN_MUROTO):
        change_webhook(
            webhook, label="別名", url=other.url, events=[ACCEPTED], by=keeper
        )
        assert try_webhook(webhook, by=keeper).state == DeliveryState.QUEUED
