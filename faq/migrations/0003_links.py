"""What entries point to, and whether it is still there."""

import django.db.models.deletion
import foundation.identifiers
from django.db import migrations, models

from foundation.tenancy.operations import BindToBody, Protect
from foundation.tenancy.policies import BODY


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0002_protect"),
        ("organizations", "0002_protect"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
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
                ("url", models.URLField(max_length=300, verbose_name="場所")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("found", "開けます"),
                            ("gone", "ページがありません"),
                            ("unreachable", "つながりません"),
                            ("refused", "公開の場所ではありません"),
                        ],
                        max_length=12,
                        verbose_name="結果",
                    ),
                ),
                (
                    "told",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="詳しい結果"
                    ),
                ),
                ("checked_at", models.DateTimeField(verbose_name="確認日時")),
                (
                    "failed_since",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="切れた日時"
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
                    "revision",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="faq.revision",
                        verbose_name="版",
                    ),
                ),
            ],
            options={
                "verbose_name": "リンクの確認",
                "verbose_name_plural": "リンクの確認",
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "found"), _negated=True),
                        fields=["organization", "status"],
                        name="faq_linkcheck_failed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("revision"),
                        models.F("url"),
                        name="faq_linkcheck_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("failed_since__isnull", True), ("status", "found")
                            ),
                            models.Q(
                                models.Q(("status", "found"), _negated=True),
                                ("failed_since__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="faq_linkcheck_failed_since_tells",
                    ),
                ],
            },
        ),
        Protect(
            "LinkCheck",
            policy=BODY,
            app="SELECT",
            worker="SELECT, INSERT, UPDATE, DELETE",
        ),
        BindToBody("LinkCheck", column="revision_id", to="faq_revision"),
    ]
