"""Measurements are asked for in a row, and done by a worker for all bodies."""

import django.db.models.deletion
import django.utils.timezone
import foundation.identifiers
from django.conf import settings
from django.db import migrations, models

from foundation.tenancy.operations import GrantWorker


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0003_links"),
        ("organizations", "0003_faq_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
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
                (
                    "audience",
                    models.CharField(
                        choices=[("resident", "住民・事業者"), ("staff", "職員")],
                        max_length=10,
                        verbose_name="対象",
                    ),
                ),
                ("answer_from", models.FloatField(verbose_name="回答する確信度")),
                ("offer_from", models.FloatField(verbose_name="候補を示す確信度")),
                (
                    "lead_from",
                    models.FloatField(default=0, verbose_name="次の候補との差"),
                ),
                (
                    "effect",
                    models.JSONField(default=dict, verbose_name="テストでの効果"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "測定中"),
                            ("done", "測定済み"),
                            ("failed", "測れませんでした"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="頼んだ日時"
                    ),
                ),
                (
                    "begun_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="始めた日時"
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="試した回数"
                    ),
                ),
                (
                    "measured_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="測った日時"
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="測れなかった理由"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="測った条件"
                    ),
                ),
            ],
            options={
                "verbose_name": "しきい値の案",
                "verbose_name_plural": "しきい値の案",
                "ordering": ("-asked_at",),
            },
        ),
        migrations.AlterModelOptions(
            name="evaluation",
            options={
                "ordering": ("-asked_at",),
                "verbose_name": "評価の記録",
                "verbose_name_plural": "評価の記録",
            },
        ),
        migrations.AddField(
            model_name="evaluation",
            name="asked_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="頼んだ日時"
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="attempts",
            field=models.PositiveSmallIntegerField(
                default=0, verbose_name="試した回数"
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="begun_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="始めた日時"
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="failure",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="測れなかった理由"
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "測定中"),
                    ("done", "測定済み"),
                    ("failed", "測れませんでした"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="状態",
            ),
        ),
        migrations.AlterField(
            model_name="evaluation",
            name="index_number",
            field=models.PositiveBigIntegerField(default=0, verbose_name="索引の版"),
        ),
        migrations.AlterField(
            model_name="evaluation",
            name="measured_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="測った日時"
            ),
        ),
        migrations.RunSQL(
            "UPDATE faq_evaluation SET asked_at = measured_at, state = 'done'",
            # Before, there were none but those that were measured.
            "DELETE FROM faq_evaluation WHERE measured_at IS NULL",
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("measured_at__isnull", False), ("state", "done")),
                    models.Q(
                        models.Q(("state", "done"), _negated=True),
                        ("measured_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="faq_evaluation_done_once_measured",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("organization", "test_set"),
                name="faq_evaluation_one_waits",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="calibration",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposal",
                to="faq.calibration",
                verbose_name="有効にしたしきい値",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提案した人",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_from__gte", models.F("offer_from"))),
                name="faq_proposal_answers_only_what_it_would_offer",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("measured_at__isnull", False), ("state", "done")),
                    models.Q(
                        models.Q(("state", "done"), _negated=True),
                        ("measured_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="faq_proposal_done_once_measured",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("calibration__isnull", True), ("state", "done"), _connector="OR"
                ),
                name="faq_proposal_holds_once_measured",
            ),
        ),
        GrantWorker("Proposal", rights="SELECT, UPDATE", app="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(
            "CREATE POLICY worker ON faq_evaluation"
            " TO portal_worker USING (true) WITH CHECK (true);"
            " GRANT SELECT, INSERT, UPDATE ON faq_evaluation TO portal_worker",
            "REVOKE ALL ON faq_evaluation FROM portal_worker;"
            " DROP POLICY worker ON faq_evaluation",
        ),
    ]
