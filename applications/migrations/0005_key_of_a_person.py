"""Let an `Idempotency-Key` name one filing of its person, to whichever body."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("applications", "0004_desk"),)
    operations = (
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                models.F("person"),
                models.F("key"),
                name="applications_submission_key_once_a_person",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="submission", name="applications_submission_key_once"
        ),
    )
