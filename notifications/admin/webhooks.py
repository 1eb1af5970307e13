"""Where other programs hear of events: added, tried, stopped by administrators."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from foundation.desk.admin import ScopedAdmin
from foundation.desk.roles import bodies_where
from foundation.desk.steps import NothingToFillIn, Step
from journal.events import labels
from notifications.actions.webhooks import (
    add_webhook,
    change_webhook,
    rekey_webhook,
    set_active,
    try_webhook,
)
from notifications.admin.deliveries import READERS, administers, moment, tag
from notifications.models import Webhook
from notifications.queries import secret_of
from organizations.models import Role
from organizations.queries import organization_names

USUAL = ["faq.question_handed_over"]


class WebhookForm(forms.Form):
    """Where to, and what of."""

    organization = forms.TypedChoiceField(label="団体", coerce=int)
    label = forms.CharField(
        label="名前",
        max_length=100,
        help_text="何のプログラムが受け取るのか、あとで分かる名前にしてください。",
        error_messages={"required": "名前を入力してください。"},
    )
    url = forms.CharField(
        label="送り先のアドレス",
        max_length=500,
        help_text="https:// で始まる、インターネット上のアドレスです。",
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": "送り先のアドレスを入力してください。"},
    )
    events = forms.MultipleChoiceField(
        label="知らせる出来事",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "知らせる出来事を1つ以上選んでください。"},
    )

    def __init__(self, request: HttpRequest, row: Webhook | None) -> None:
        names = ("label", "url", "events")
        initial = {name: getattr(row, name) for name in names} if row else {}
        super().__init__(
            request.POST if request.method == "POST" else None,
            initial=initial or {"events": USUAL},
        )
        events: Any = self.fields["events"]
        events.choices = list(labels().items())
        mine = sorted(bodies_where(request.user, frozenset({Role.ADMINISTRATOR})))
        self.body = row.organization_id if row else mine[0]
        if row or len(mine) == 1:
            del self.fields["organization"]
        else:
            bodies: Any = self.fields["organization"]
            bodies.choices = [(code, organization_names()[code]) for code in mine]

    def given(self) -> dict[str, Any]:
        """Return what was entered, without the body."""
        return {name: self.cleaned_data[name] for name in ("label", "url", "events")}


def _form(request: HttpRequest, row: Webhook | None) -> WebhookForm:
    return WebhookForm(request, row)


def _signed_in(request: HttpRequest) -> User:
    return cast("User", request.user)


def _shown(webhook: Webhook, request: HttpRequest) -> HttpResponse:
    """Show the secret, this once."""
    desk: Any = admin.site.get_model_admin(Webhook)
    context = {
        "title": "Webhookの鍵",
        "subtitle": str(webhook),
        "secret": secret_of(webhook),
        "back_url": reverse(f"admin:{desk.url_name('change')}", args=[webhook.pk]),
    }
    template = "admin/notifications/webhook/secret.html"
    answer: HttpResponse = desk.page(request, template, context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _add(request: HttpRequest, row: Any, form: WebhookForm) -> HttpResponse:
    del row
    body = form.cleaned_data.get("organization") or form.body
    webhook = add_webhook(body, **form.given(), by=_signed_in(request))
    return _shown(webhook, request)


def _change(request: HttpRequest, webhook: Webhook, form: WebhookForm) -> str:
    change_webhook(webhook, **form.given(), by=_signed_in(request))
    return "Webhookを変更しました。"


def _rekey(request: HttpRequest, webhook: Webhook, form: Any) -> HttpResponse:
    del form
    return _shown(rekey_webhook(webhook, by=_signed_in(request)), request)


def _try(request: HttpRequest, webhook: Webhook, form: Any) -> str:
    del form
    try_webhook(webhook, by=_signed_in(request))
    return (
        "テスト送信を始めました。数秒後に、下の「送信の記録」で結果を確かめられます。"
    )


def _stop(request: HttpRequest, webhook: Webhook, form: Any) -> str:
    del form
    set_active(webhook, is_active=False, by=_signed_in(request))
    return "送信を止めました。"


def _resume(request: HttpRequest, webhook: Webhook, form: Any) -> str:
    del form
    set_active(webhook, is_active=True, by=_signed_in(request))
    return "送信を再開しました。待っていたものから順に送ります。"


def _confirmation(request: HttpRequest, webhook: Webhook) -> forms.Form:
    del webhook
    return NothingToFillIn(request.POST if request.method == "POST" else None)


def _is_active(webhook: Webhook) -> bool:
    return webhook.is_active


@admin.register(Webhook)
class WebhookAdmin(ScopedAdmin[Webhook]):
    """Webhooks of the body."""

    read_by: ClassVar[frozenset[str]] = READERS
    list_display = ("label", "organization", "hears_of", "health")
    list_select_related = ("organization",)
    fields = (
        "organization",
        "label",
        "url",
        "hears_of",
        "health",
        "failing",
        "created_at",
        "created_by",
        "log",
    )
    readonly_fields = fields
    openings = (
        Step(
            name="add",
            label="Webhookを登録",
            act=_add,
            permitted=administers,
            form=_form,
            lead=(
                "選んだ出来事があるたびに、番号と日時だけを送ります"
                "（氏名や質問の文は送りません）。"
                "署名を確かめるための鍵は、次の画面に一度だけ出ます。"
            ),
            tone="primary",
        ),
    )
    steps = (
        Step(
            name="test",
            label="テスト送信",
            act=_try,
            permitted=administers,
            offered=_is_active,
            tone="primary",
        ),
        Step(
            name="resume",
            label="再開する",
            act=_resume,
            permitted=administers,
            offered=lambda webhook: not webhook.is_active,
            tone="primary",
        ),
        Step(
            name="change",
            label="変更する",
            act=_change,
            permitted=administers,
            form=_form,
        ),
        Step(
            name="rekey",
            label="鍵を作り直す",
            act=_rekey,
            permitted=administers,
            form=_confirmation,
            lead=(
                "いまの鍵は、すぐに使えなくなります。"
                "新しい鍵を、受け取るプログラムに設定してください。"
            ),
        ),
        Step(
            name="stop",
            label="止める",
            act=_stop,
            permitted=administers,
            offered=_is_active,
            lead="止めている間の出来事は送りません。送信待ちのものは、再開すると送ります。",
            tone="danger",
        ),
    )

    @admin.display(description="知らせる出来事")
    def hears_of(self, webhook: Webhook) -> str:
        called = labels()
        return "・".join(called.get(name, name) for name in webhook.events)

    @admin.display(description="状態")
    def health(self, webhook: Webhook) -> SafeString:
        if not webhook.is_active:
            return tag("停止中", "neutral")
        if webhook.failures:
            return tag(f"失敗が続いています（{webhook.failures}回）", "danger")
        return tag("送信中", "success")

    @admin.display(description="失敗しはじめた日時")
    def failing(self, webhook: Webhook) -> str:
        return moment(webhook.failing_since)

    @admin.display(description="送信の記録")
    def log(self, webhook: Webhook) -> SafeString:
        url = reverse("admin:notifications_delivery_changelist")
        text = '<a href="{}?webhook={}">このWebhookの送信の記録</a>'
        return format_html(text, url, webhook.pk)
