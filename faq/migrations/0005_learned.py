"""Which entry was made of a cluster or a ticket: of each, one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("faq", "0004_measuring")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="learned_id",
            field=models.UUIDField(
                blank=True, null=True, verbose_name="ここから作った項目"
            ),
        )
        for model in ("cluster", "ticket")
    ]
