"""Let an offering say who decides, where that is not the head of the body."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("procedures", "0004_remedies"),)
    operations = (
        migrations.AddField(
            "offering",
            "deciding_authority",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=100,
                verbose_name="処分庁",
            ),
        ),
    )
