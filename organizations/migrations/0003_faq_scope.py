"""A body's programs may ask what its desks have written for staff."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("organizations", "0002_protect"),)
    operations = (
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("applications:read", "申請の閲覧"),
                        ("applications:write", "申請の提出"),
                        ("cases:read", "受け付けた申請の閲覧"),
                        ("cases:write", "受け付けた申請の処理"),
                        ("faq:read", "職員向けFAQの利用"),
                    ],
                    max_length=40,
                ),
                size=None,
                verbose_name="権限の範囲",
            ),
        ),
    )
