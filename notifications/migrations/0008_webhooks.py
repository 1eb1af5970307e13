"""Tell other programs what happened."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import foundation.identifiers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0007_questions"),
        ("organizations", "0002_protect"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE notifications_delivery_order;"
            "GRANT USAGE ON SEQUENCE notifications_delivery_order TO portal_app;",
            "DROP SEQUENCE notifications_delivery_order;",
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=foundation.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="番号",
                    ),
                ),
                ("label", models.CharField(max_length=100, verbose_name="名前")),
                ("url", models.URLField(max_length=500, verbose_name="送り先")),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        size=None,
                        verbose_name="出来事",
                    ),
                ),
                (
                    "generation",
                    models.PositiveIntegerField(default=1, verbose_name="鍵の世代"),
                ),
                (
                    "is_active",
                    models.BooleanField(default=True, verbose_name="送信する"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="登録日時"
                    ),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(default=0, verbose_name="続いた失敗"),
                ),
                (
                    "failing_since",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="失敗しはじめた日時"
                    ),
                ),
                (
                    "rests_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="次に試す日時"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登録者",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="団体",
                    ),
                ),
            ],
            options={
                "verbose_name": "Webhook",
                "verbose_name_plural": "Webhook",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=foundation.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="番号",
                    ),
                ),
                ("entry_id", models.UUIDField(verbose_name="ジャーナル")),
                ("event", models.CharField(max_length=100, verbose_name="出来事")),
                ("subject_id", models.UUIDField(verbose_name="対象")),
                ("payload", models.JSONField(default=dict, verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "送信待ち"),
                            ("sending", "送信中"),
                            ("delivered", "届いた"),
                            ("failed", "届かなかった"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="試行回数"
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="送信予定"
                    ),
                ),
                (
                    "delivered_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="届いた日時"
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="届かなかった理由"
                    ),
                ),
                (
                    "position",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("notifications_delivery_order"),
                            function="nextval",
                        ),
                        editable=False,
                        verbose_name="順番",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="団体",
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notifications.webhook",
                        verbose_name="Webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "Webhookの送信",
                "verbose_name_plural": "Webhookの送信",
                "ordering": ("-id",),
            },
        ),
        migrations.AddIndex(
            model_name="webhook",
            index=models.Index(fields=["organization", "-id"], name="webhook_newest"),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("events__len__gt", 0)),
                name="notifications_webhook_hears_of_something",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending"])),
                fields=["position"],
                name="delivery_to_send",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending"])),
                fields=["webhook", "subject_id", "position"],
                name="delivery_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["organization", "-id"], name="delivery_newest"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("webhook"),
                models.OrderBy(models.F("id"), descending=True),
                name="delivery_of_webhook",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("webhook"),
                models.F("entry_id"),
                name="notifications_delivery_told_once",
            ),
        ),
    ]
