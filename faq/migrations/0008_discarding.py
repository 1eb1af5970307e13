"""Drafts are thrown away with the checks of their links; refiled entries tell when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("faq", "0007_retention"),)
    operations = (
        migrations.RunSQL(
            "GRANT DELETE ON faq_linkcheck TO portal_app",
            "REVOKE DELETE ON faq_linkcheck FROM portal_app",
        ),
        migrations.AddField(
            "Entry",
            "refiled_at",
            models.DateTimeField("分類を変えた日時", blank=True, null=True),
        ),
    )
