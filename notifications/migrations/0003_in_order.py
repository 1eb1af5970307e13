"""Messages of one subject in the order of saying, and why one could not be sent."""

from django.db import migrations, models
from django.db.models import Func, Value

TEMPLATES = [
    ("received", "受付のお知らせ"),
    ("returned", "補正のお願い"),
    ("corrected", "補正を受け取ったお知らせ"),
    ("decided", "結果が出たお知らせ"),
    ("withdrawn", "取下げを受け付けたお知らせ"),
]
WAITING = models.Q(state__in=["queued", "sending"])


class Migration(migrations.Migration):
    dependencies = (("notifications", "0002_protect"),)
    operations = (
        migrations.RunSQL(
            "CREATE SEQUENCE notifications_message_order;"
            "GRANT USAGE ON SEQUENCE notifications_message_order TO portal_app;",
            "DROP SEQUENCE notifications_message_order;",
        ),
        migrations.AddField(
            "message",
            "position",
            models.BigIntegerField(
                db_default=Func(
                    Value("notifications_message_order"), function="nextval"
                ),
                editable=False,
                verbose_name="順番",
            ),
        ),
        migrations.AddField(
            "message",
            "failure",
            models.CharField(
                blank=True, max_length=100, verbose_name="送れなかった理由"
            ),
        ),
        migrations.AlterField(
            "message",
            "template",
            models.CharField(choices=TEMPLATES, max_length=50, verbose_name="文面"),
        ),
        migrations.RemoveIndex("message", "message_to_send"),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["position"], condition=WAITING, name="message_to_send"
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["subject_id", "position"],
                condition=WAITING,
                name="message_in_order",
            ),
        ),
    )
