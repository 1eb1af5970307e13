"""The web, which may not read the queues, may ask how long the first one is."""

from django.db import migrations

# The owner's rights read the rows; only two figures over all bodies come out.
BACKLOG = """
CREATE FUNCTION journal_backlog(OUT entries bigint, OUT oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT
        (SELECT count(*) FROM journal_undelivered),
        (SELECT entry.recorded_at
            FROM (SELECT entry_id FROM journal_undelivered
                ORDER BY position LIMIT 1) AS first
            JOIN journal_entry AS entry ON entry.id = first.entry_id)
$$;
REVOKE ALL ON FUNCTION journal_backlog() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_backlog() TO portal_app;
"""


class Migration(migrations.Migration):
    dependencies = (("journal", "0002_protect"),)
    operations = (migrations.RunSQL(BACKLOG, "DROP FUNCTION journal_backlog();"),)
