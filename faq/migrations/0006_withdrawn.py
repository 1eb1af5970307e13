"""Residents may learn that an entry was theirs to read once, and is gone (410)."""

from django.db import migrations

_BODYS = "organization_id = ANY (current_setting('app.organization_ids')::int[])"
_ONCE = "audience = 'resident' AND published_at IS NOT NULL"
_CHANGE = "ALTER POLICY app_reads ON faq_entry USING"


class Migration(migrations.Migration):
    dependencies = (("faq", "0005_learned"),)
    operations = (
        migrations.RunSQL(
            f"{_CHANGE} (({_ONCE}) OR {_BODYS})",
            f"{_CHANGE} (({_ONCE} AND withdrawn_at IS NULL) OR {_BODYS})",
        ),
    )
