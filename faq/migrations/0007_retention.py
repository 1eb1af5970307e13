"""The worker removes tickets that ended long ago, with what was written in them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("faq", "0006_withdrawn"),)
    operations = (
        migrations.RunSQL(
            "GRANT DELETE ON faq_ticket TO portal_worker;"
            " CREATE POLICY worker ON faq_reply"
            " TO portal_worker USING (true) WITH CHECK (true);"
            " GRANT SELECT, DELETE ON faq_reply TO portal_worker",
            "REVOKE ALL ON faq_reply FROM portal_worker;"
            " DROP POLICY worker ON faq_reply;"
            " REVOKE DELETE ON faq_ticket FROM portal_worker",
        ),
    )
