"""Tell of questions that went to people, and of their answers."""

from django.db import migrations, models

TEMPLATES = [
    ("received", "受付のお知らせ"),
    ("returned", "補正のお願い"),
    ("resumed", "補正の受付を終えたお知らせ"),
    ("corrected", "補正を受け取ったお知らせ"),
    ("decided", "結果が出たお知らせ"),
    ("withdrawn", "取下げを受け付けたお知らせ"),
    ("ticket_waiting", "相談が届いたお知らせ（窓口あて）"),
    ("ticket_answered", "相談に返事をしたお知らせ"),
]


class Migration(migrations.Migration):
    dependencies = (("notifications", "0006_resumed"),)
    operations = (
        migrations.AlterField(
            "message",
            "template",
            models.CharField(choices=TEMPLATES, max_length=50, verbose_name="文面"),
        ),
    )
