"""Let an offering say who reviews a refusal, where the general rule does not hold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0003_withdrawn"),
    ]

    operations = [
        migrations.AddField(
            model_name="offering",
            name="represented_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=100,
                verbose_name="訴訟で団体を代表する者",
            ),
        ),
        migrations.AddField(
            model_name="offering",
            name="review_authority",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=100,
                verbose_name="審査庁",
            ),
        ),
        migrations.AddField(
            model_name="offering",
            name="review_first",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="審査請求前置"
            ),
        ),
    ]
