"""Keep papers as they were made, and cases where they are."""

from django.db import migrations

# What a paper says and when its applicant first saw it have legal effect; its PDF is
# made once. Nobody needs to change them, so that nobody can: neither staff by the
# application's role, nor the worker that adds the PDF.
PAPERS = """
CREATE FUNCTION applications_keep_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.organization_id, NEW.id, NEW.application_id,
        NEW.kind, NEW.content, NEW.created_at)
        IS DISTINCT FROM
       (OLD.organization_id, OLD.id, OLD.application_id,
        OLD.kind, OLD.content, OLD.created_at)
    OR OLD.sha256 <> ''
        AND (NEW.file, NEW.sha256) IS DISTINCT FROM (OLD.file, OLD.sha256)
    OR OLD.first_downloaded_at IS NOT NULL
        AND NEW.first_downloaded_at IS DISTINCT FROM OLD.first_downloaded_at
    THEN
        RAISE EXCEPTION '% of % is forbidden: a paper stays as it was made',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER immutable BEFORE UPDATE ON applications_document
    FOR EACH ROW EXECUTE FUNCTION applications_keep_paper();
"""
NO_PAPERS = """
DROP TRIGGER immutable ON applications_document;
DROP FUNCTION applications_keep_paper();
"""
# No page and no task removes a case or a part of it. Versions never could be.
CASES = "applications_application, applications_correction, applications_document"


class Migration(migrations.Migration):
    dependencies = (("applications", "0005_key_of_a_person"),)
    operations = (
        migrations.RunSQL(PAPERS, NO_PAPERS),
        migrations.RunSQL(
            f"REVOKE DELETE ON {CASES} FROM portal_app",
            f"GRANT DELETE ON {CASES} TO portal_app",
        ),
    )
