"""Append only, and every new entry stands in both queues."""

from django.db import migrations

from foundation.tenancy.operations import GrantWorker, Protect
from foundation.tenancy.policies import Policy

APPEND_ONLY = Policy(
    "append only",
    reads="organization_id = ANY (current_setting('app.organization_ids')::int[])",
    writes="true",
)

# The queues belong to the worker alone; the owner's rights put the row there.
QUEUE = """
CREATE FUNCTION journal_queue_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO journal_undelivered (entry_id, subject_id, due_at)
        VALUES (NEW.id, NEW.subject_id, NEW.recorded_at);
    INSERT INTO journal_unsealed (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER queue AFTER INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_queue_entry();
"""
FORBID = """
CREATE FUNCTION journal_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is forbidden: the journal is append only',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_forbid();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_forbid();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_forbid();
"""


class Migration(migrations.Migration):
    dependencies = (("journal", "0001_initial"),)
    operations = (
        Protect(
            "Entry",
            policy=APPEND_ONLY,
            app="SELECT, INSERT",
            worker="SELECT",
        ),
        GrantWorker("Seal", rights="SELECT, INSERT", app="SELECT"),
        GrantWorker("Undelivered", rights="SELECT, UPDATE, DELETE", app=""),
        GrantWorker("Unsealed", rights="SELECT, UPDATE, DELETE", app=""),
        migrations.RunSQL(
            QUEUE,
            "DROP TRIGGER queue ON journal_entry; DROP FUNCTION journal_queue_entry();",
        ),
        migrations.RunSQL(
            FORBID,
            "DROP TRIGGER append_only ON journal_entry;"
            "DROP TRIGGER append_only_truncate ON journal_entry;"
            "DROP TRIGGER append_only ON journal_seal;"
            "DROP TRIGGER append_only_truncate ON journal_seal;"
            "DROP FUNCTION journal_forbid();",
        ),
    )
