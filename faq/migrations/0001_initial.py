"""Desks, entries, what retrieval is made of, and what was asked."""

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import faq.models.desks
import foundation.identifiers
from django.conf import settings
from django.db import migrations, models


# Gaps are allowed, and nobody waits for a number.
SEQUENCES = """
CREATE SEQUENCE faq_reply_order;
CREATE SEQUENCE faq_ticket_number;
GRANT USAGE ON SEQUENCE faq_reply_order, faq_ticket_number TO portal_app;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("organizations", "0001_initial"),
        ("procedures", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            SEQUENCES, "DROP SEQUENCE faq_reply_order, faq_ticket_number;"
        ),
        migrations.CreateModel(
            name="Desk",
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
                ("code", models.SlugField(max_length=30, verbose_name="窓口コード")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                (
                    "audience",
                    models.CharField(
                        choices=[("resident", "住民・事業者"), ("staff", "職員")],
                        max_length=10,
                        verbose_name="対象",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="例：契約のトラブル、悪質商法",
                        max_length=100,
                        verbose_name="受け持つ相談",
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "月"),
                                (1, "火"),
                                (2, "水"),
                                (3, "木"),
                                (4, "金"),
                                (5, "土"),
                                (6, "日"),
                            ]
                        ),
                        default=faq.models.desks.working_days,
                        size=None,
                        verbose_name="開いている曜日",
                    ),
                ),
                (
                    "opens_at",
                    models.TimeField(
                        default=datetime.time(8, 30), verbose_name="開く時刻"
                    ),
                ),
                (
                    "closes_at",
                    models.TimeField(
                        default=datetime.time(17, 15), verbose_name="閉まる時刻"
                    ),
                ),
                (
                    "closed_on_holidays",
                    models.BooleanField(
                        default=True, verbose_name="祝日・年末年始は休み"
                    ),
                ),
                (
                    "reply_days",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="返事の目安（開庁日）"
                    ),
                ),
                (
                    "needs_review",
                    models.BooleanField(
                        default=True, verbose_name="公開前に別の職員が確認する"
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="廃止日時"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.department",
                        verbose_name="担当部署",
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
                "verbose_name": "相談窓口",
                "verbose_name_plural": "相談窓口",
                "ordering": ("organization", "code"),
            },
        ),
        migrations.CreateModel(
            name="Cluster",
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
                    "title",
                    models.CharField(max_length=500, verbose_name="代表的な質問"),
                ),
                ("size", models.PositiveIntegerField(default=1, verbose_name="質問数")),
                ("first_at", models.DateTimeField(verbose_name="最初の質問")),
                ("last_at", models.DateTimeField(verbose_name="最近の質問")),
                (
                    "nearest_id",
                    models.UUIDField(
                        blank=True, null=True, verbose_name="いちばん近い項目"
                    ),
                ),
                (
                    "nearest_cosine",
                    models.FloatField(blank=True, null=True, verbose_name="近さ"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "未対応"),
                            ("resolved", "対応済み"),
                            ("dismissed", "対象外"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状態",
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
                    "desk",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="faq.desk",
                        verbose_name="相談窓口",
                    ),
                ),
            ],
            options={
                "verbose_name": "未回答のまとまり",
                "verbose_name_plural": "未回答のまとまり",
                "ordering": ("-size", "-last_at"),
            },
        ),
        migrations.CreateModel(
            name="Entry",
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
                ("code", models.SlugField(max_length=60, verbose_name="項目コード")),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="作成日時"),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="公開日時"
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="公開終了日時"
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="faq.desk",
                        verbose_name="相談窓口",
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
                "verbose_name": "FAQ項目",
                "verbose_name_plural": "FAQ項目",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Alternative",
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
                ("text", models.CharField(max_length=500, verbose_name="言い換え")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("ja", "日本語"),
                            ("ja-easy", "やさしい日本語"),
                            ("ja-Hira", "ひらがな"),
                            ("en", "English"),
                        ],
                        default="ja",
                        max_length=10,
                        verbose_name="言語",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("staff", "職員が作成"),
                            ("confirmed", "実際の質問から職員が確認"),
                            ("translated", "機械翻訳"),
                        ],
                        default="staff",
                        max_length=12,
                        verbose_name="由来",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="登録日時"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alternatives",
                        to="faq.entry",
                        verbose_name="FAQ項目",
                    ),
                ),
            ],
            options={
                "verbose_name": "言い換え",
                "verbose_name_plural": "言い換え",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="IndexVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
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
                ("number", models.PositiveBigIntegerField(verbose_name="版")),
                (
                    "model",
                    models.CharField(blank=True, max_length=100, verbose_name="モデル"),
                ),
                ("entries", models.PositiveIntegerField(verbose_name="項目数")),
                ("rows", models.PositiveIntegerField(verbose_name="ベクトル数")),
                ("is_delta", models.BooleanField(default=False, verbose_name="差分")),
                ("seconds", models.FloatField(verbose_name="作成時間（秒）")),
                (
                    "built_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="作成日時"
                    ),
                ),
            ],
            options={
                "verbose_name": "索引の版",
                "verbose_name_plural": "索引の版",
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("audience"),
                        models.F("number"),
                        name="faq_indexversion_number_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                    "capability",
                    models.CharField(
                        max_length=64, verbose_name="会話の鍵のハッシュ値"
                    ),
                ),
                ("conversation", models.UUIDField(verbose_name="会話")),
                (
                    "audience",
                    models.CharField(
                        choices=[("resident", "住民・事業者"), ("staff", "職員")],
                        max_length=10,
                        verbose_name="対象",
                    ),
                ),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("page", "ページ"),
                            ("panel", "チャット"),
                            ("api", "API"),
                        ],
                        default="page",
                        max_length=6,
                        verbose_name="入口",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="質問")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("ja", "日本語"),
                            ("ja-easy", "やさしい日本語"),
                            ("ja-Hira", "ひらがな"),
                            ("en", "English"),
                        ],
                        max_length=10,
                        verbose_name="言語",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="日時"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("answer", "回答"),
                            ("candidates", "候補を表示"),
                            ("hand_over", "窓口へ引継ぎ"),
                        ],
                        max_length=10,
                        verbose_name="結果",
                    ),
                ),
                (
                    "confidence",
                    models.FloatField(blank=True, null=True, verbose_name="確信度"),
                ),
                ("found", models.JSONField(default=list, verbose_name="見つけた項目")),
                (
                    "answered_id",
                    models.UUIDField(blank=True, null=True, verbose_name="示した項目"),
                ),
                (
                    "chosen_id",
                    models.UUIDField(
                        blank=True, null=True, verbose_name="選ばれた項目"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("solved", "役に立った"),
                            ("unsolved", "解決しなかった"),
                        ],
                        max_length=10,
                        verbose_name="役に立ったか",
                    ),
                ),
                (
                    "judged_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="評価の日時"
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="faq.cluster",
                        verbose_name="まとまり",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="faq.desk",
                        verbose_name="相談窓口",
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                        verbose_name="質問した人",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="市町村",
                    ),
                ),
            ],
            options={
                "verbose_name": "質問の記録",
                "verbose_name_plural": "質問の記録",
                "ordering": ("-id",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Revision",
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
                ("number", models.PositiveIntegerField(verbose_name="版")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "下書き"),
                            ("in_review", "確認待ち"),
                            ("published", "公開中"),
                            ("superseded", "過去の版"),
                            ("declined", "差戻し"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("category", models.CharField(max_length=50, verbose_name="分類")),
                ("question", models.CharField(max_length=200, verbose_name="質問")),
                ("answer", models.TextField(max_length=4000, verbose_name="回答")),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        blank=True,
                        default=list,
                        help_text="質問や回答に出てこない言い方を、カンマで区切って書きます。",
                        size=None,
                        verbose_name="言い換え・関連語",
                    ),
                ),
                (
                    "question_easy",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        verbose_name="質問（やさしい日本語）",
                    ),
                ),
                (
                    "answer_easy",
                    models.TextField(
                        blank=True,
                        max_length=4000,
                        verbose_name="回答（やさしい日本語）",
                    ),
                ),
                (
                    "question_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="質問（英語）"
                    ),
                ),
                (
                    "answer_en",
                    models.TextField(
                        blank=True, max_length=6000, verbose_name="回答（英語）"
                    ),
                ),
                (
                    "machine_translated",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ja", "日本語"),
                                ("ja-easy", "やさしい日本語"),
                                ("ja-Hira", "ひらがな"),
                                ("en", "English"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="参考訳（機械翻訳）の言語",
                    ),
                ),
                (
                    "dataset_title",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="オープンデータの名前"
                    ),
                ),
                (
                    "dataset_url",
                    models.URLField(
                        blank=True, max_length=300, verbose_name="オープンデータの場所"
                    ),
                ),
                (
                    "contacts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("188", "消費者ホットライン 188（いやや）"),
                                ("110", "警察（事件・事故）110"),
                                ("119", "火事・救急 119"),
                                ("189", "児童相談所虐待対応ダイヤル 189（いちはやく）"),
                                ("#9110", "警察相談専用電話 #9110"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        help_text="期限や危険にかかわる質問では、回答のそばにいつも示します。",
                        size=None,
                        verbose_name="必ず示す公的な連絡先",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="根拠")),
                (
                    "source_url",
                    models.URLField(
                        blank=True, max_length=300, verbose_name="根拠の場所"
                    ),
                ),
                ("checked_on", models.DateField(verbose_name="内容を確かめた日")),
                (
                    "review_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="次に見直す日"
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(blank=True, null=True, verbose_name="有効開始日"),
                ),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="有効終了日"),
                ),
                (
                    "is_sample",
                    models.BooleanField(default=False, verbose_name="サンプル"),
                ),
                (
                    "remark",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="差戻しの理由"
                    ),
                ),
                (
                    "written_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="作成日時"
                    ),
                ),
                (
                    "reviewed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="確認日時"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="faq.entry",
                        verbose_name="FAQ項目",
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
                    "procedure",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.procedure",
                        verbose_name="手続",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="確認者",
                    ),
                ),
            ],
            options={
                "verbose_name": "版",
                "verbose_name_plural": "版",
                "ordering": ("-number",),
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="live",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="faq.revision",
                verbose_name="公開中の版",
            ),
        ),
        migrations.CreateModel(
            name="TestSet",
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
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                (
                    "frozen_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="固定した日時"
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
                "verbose_name": "テスト問題集",
                "verbose_name_plural": "テスト問題集",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="TestQuestion",
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
                ("text", models.CharField(max_length=500, verbose_name="質問")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("ja", "日本語"),
                            ("ja-easy", "やさしい日本語"),
                            ("ja-Hira", "ひらがな"),
                            ("en", "English"),
                        ],
                        default="ja",
                        max_length=10,
                        verbose_name="言語",
                    ),
                ),
                (
                    "expectation",
                    models.CharField(
                        choices=[
                            ("in", "答えがある"),
                            ("near", "分野は合うが、答えがない"),
                            ("far", "分野がちがう"),
                        ],
                        default="in",
                        max_length=5,
                        verbose_name="種類",
                    ),
                ),
                (
                    "entry_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="正しい項目のコード",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="faq.desk",
                        verbose_name="相談窓口",
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
                    "test_set",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="faq.testset",
                        verbose_name="テスト問題集",
                    ),
                ),
            ],
            options={
                "verbose_name": "テスト問題",
                "verbose_name_plural": "テスト問題",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
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
                    "index_number",
                    models.PositiveBigIntegerField(verbose_name="索引の版"),
                ),
                ("thresholds", models.JSONField(default=dict, verbose_name="しきい値")),
                ("figures", models.JSONField(default=dict, verbose_name="結果")),
                (
                    "measured_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="測った日時"
                    ),
                ),
                (
                    "measured_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="測った人",
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
                    "test_set",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evaluations",
                        to="faq.testset",
                        verbose_name="テスト問題集",
                    ),
                ),
            ],
            options={
                "verbose_name": "評価の記録",
                "verbose_name_plural": "評価の記録",
                "ordering": ("-measured_at",),
            },
        ),
        migrations.CreateModel(
            name="Ticket",
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
                    "capability",
                    models.CharField(
                        max_length=64, verbose_name="会話の鍵のハッシュ値"
                    ),
                ),
                ("number", models.CharField(max_length=24, verbose_name="受付番号")),
                (
                    "audience",
                    models.CharField(
                        choices=[("resident", "住民・事業者"), ("staff", "職員")],
                        max_length=10,
                        verbose_name="対象",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("ja", "日本語"),
                            ("ja-easy", "やさしい日本語"),
                            ("ja-Hira", "ひらがな"),
                            ("en", "English"),
                        ],
                        max_length=10,
                        verbose_name="言語",
                    ),
                ),
                (
                    "transcript",
                    models.JSONField(default=list, verbose_name="会話の記録"),
                ),
                (
                    "contact_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="返事の宛先"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "返事待ち"),
                            ("answered", "返事済み"),
                            ("closed", "終了"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="受付日時"
                    ),
                ),
                (
                    "last_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="最終更新"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="返事の目安")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="担当者",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="faq.desk",
                        verbose_name="相談窓口",
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                        verbose_name="質問した人",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="faq.question",
                        verbose_name="もとの質問",
                    ),
                ),
            ],
            options={
                "verbose_name": "引継ぎの相談",
                "verbose_name_plural": "引継ぎの相談",
                "ordering": ("-id",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reply",
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
                    "capability",
                    models.CharField(
                        max_length=64, verbose_name="会話の鍵のハッシュ値"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("asker", "相談者"), ("desk", "窓口")],
                        max_length=6,
                        verbose_name="差出人",
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="本文")),
                (
                    "written_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="日時"
                    ),
                ),
                (
                    "position",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("faq_reply_order"), function="nextval"
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                        verbose_name="質問した人",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="書いた職員",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="faq.ticket",
                        verbose_name="相談",
                    ),
                ),
            ],
            options={
                "verbose_name": "やり取り",
                "verbose_name_plural": "やり取り",
                "ordering": ("position",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Vector",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("model", models.CharField(max_length=100, verbose_name="モデル")),
                ("digest", models.CharField(max_length=64, verbose_name="文のSHA-256")),
                ("data", models.BinaryField(verbose_name="値")),
            ],
            options={
                "verbose_name": "ベクトル",
                "verbose_name_plural": "ベクトル",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("model"), models.F("digest"), name="faq_vector_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Calibration",
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
                    "activated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="有効にした日時"
                    ),
                ),
                (
                    "effect",
                    models.JSONField(default=dict, verbose_name="テストでの効果"),
                ),
                (
                    "activated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="有効にした人",
                    ),
                ),
            ],
            options={
                "verbose_name": "しきい値",
                "verbose_name_plural": "しきい値",
                "ordering": ("-activated_at",),
                "get_latest_by": "activated_at",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_from__gte", models.F("offer_from"))
                        ),
                        name="faq_calibration_answers_only_what_it_would_offer",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("code"),
                name="faq_desk_code_once_a_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                name="faq_desk_closes_after_it_opens",
            ),
        ),
        migrations.AddIndex(
            model_name="cluster",
            index=models.Index(
                fields=["organization", "state", "-size"], name="faq_cluster_by_size"
            ),
        ),
        migrations.AddConstraint(
            model_name="alternative",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("entry"),
                models.F("text"),
                name="faq_alternative_once",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                fields=["organization", "-id"], name="faq_question_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                fields=["organization", "desk", "asked_at"], name="faq_question_of_desk"
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["conversation"], name="faq_question_in_order"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                fields=["capability"], name="faq_question_by_capability"
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["asked_at"], name="faq_question_by_day"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("capability__regex", "^[0-9a-f]{64}$")),
                name="faq_question_capability_is_a_hash",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                fields=["organization", "state", "-id"], name="faq_revision_by_state"
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                fields=["entry", "-number"], name="faq_revision_of_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("entry"),
                models.F("number"),
                name="faq_revision_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("entry"),
                condition=models.Q(("state", "published")),
                name="faq_revision_one_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("entry"),
                condition=models.Q(("state__in", ("draft", "in_review", "declined"))),
                name="faq_revision_one_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="faq_revision_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("reviewer__isnull", True),
                    ("author__isnull", True),
                    models.Q(("reviewer", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="faq_revision_reviewed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["organization", "-id"], name="faq_entry_newest"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["desk"], name="faq_entry_of_desk"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("code"),
                name="faq_entry_code_once_a_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_at__isnull", True),
                    ("live__isnull", False),
                    _connector="OR",
                ),
                name="faq_entry_published_with_its_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="testset",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("name"),
                name="faq_testset_name_once_a_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="testquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry_codes__len__gt", 0), ("expectation", "in")),
                    models.Q(
                        models.Q(("expectation", "in"), _negated=True),
                        ("entry_codes__len", 0),
                    ),
                    _connector="OR",
                ),
                name="faq_testquestion_in_scope_has_an_answer",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                models.F("organization"),
                models.F("due_on"),
                models.F("id"),
                condition=models.Q(("state", "waiting")),
                name="faq_ticket_to_do",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["organization", "-id"], name="faq_ticket_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["capability"], name="faq_ticket_by_capability"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["person", "-id"], name="faq_ticket_of_person"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("capability__regex", "^[0-9a-f]{64}$")),
                name="faq_ticket_capability_is_a_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("number"),
                name="faq_ticket_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("question"),
                name="faq_ticket_once_a_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("capability__regex", "^[0-9a-f]{64}$")),
                name="faq_reply_capability_is_a_hash",
            ),
        ),
    ]
