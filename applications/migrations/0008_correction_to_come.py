"""Find the corrections that are late without reading those that came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("applications", "0007_called_off"),)
    operations = (
        migrations.AddIndex(
            "correction",
            models.Index(
                fields=["organization", "due_on"],
                condition=models.Q(resolved_at__isnull=True),
                name="correction_to_come",
            ),
        ),
    )
