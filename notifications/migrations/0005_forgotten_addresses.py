from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("notifications", "0004_unsent"),)
    operations = (
        migrations.AlterField(
            "message",
            "address",
            models.EmailField(blank=True, max_length=254, verbose_name="宛先"),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["sent", "failed"])
                & ~models.Q(address=""),
                name="message_to_forget",
            ),
        ),
    )
