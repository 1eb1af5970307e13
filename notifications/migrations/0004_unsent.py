from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("notifications", "0003_in_order"),)
    operations = (
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["state"],
                condition=~models.Q(state="sent"),
                name="message_unsent",
            ),
        ),
    )
