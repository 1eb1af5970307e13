"""Let a correction say that staff ended it, not the applicant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("applications", "0006_papers_stay"),)
    operations = (
        migrations.AddField(
            "correction",
            "called_off",
            models.BooleanField(
                db_default=False, default=False, verbose_name="補正を待たずに再開"
            ),
        ),
    )
