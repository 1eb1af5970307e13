"""Who may see a filing, which keys stay within a body, what never changes."""

from django.db import migrations

from foundation.tenancy.operations import BindToBody, Protect
from foundation.tenancy.policies import BODY, BODY_PERSON_OR_CAPABILITY, PUBLIC

OF_APPLICATION = ("ApplicationVersion", "Correction", "Document", "Note")

# One sequence for all bodies: taking a number locks nobody out, and gaps are allowed.
SEQUENCE = """
CREATE SEQUENCE applications_number;
GRANT USAGE ON SEQUENCE applications_number TO portal_app;
"""
IMMUTABLE = """
CREATE FUNCTION applications_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is forbidden: what was filed or published stays',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE ON applications_formrevision
    FOR EACH ROW EXECUTE FUNCTION applications_forbid();
CREATE TRIGGER immutable BEFORE UPDATE ON applications_applicationversion
    FOR EACH ROW EXECUTE FUNCTION applications_forbid();
"""


class Migration(migrations.Migration):
    dependencies = (
        ("applications", "0001_initial"),
        ("procedures", "0002_protect"),
    )
    operations = (
        Protect("Form", policy=PUBLIC, keyed_by_body=False),
        Protect(
            "FormRevision",
            policy=PUBLIC,
            app="SELECT, INSERT",
            keyed_by_body=False,
        ),
        Protect("Application", policy=BODY_PERSON_OR_CAPABILITY),
        Protect(
            "ApplicationVersion",
            policy=BODY_PERSON_OR_CAPABILITY,
            app="SELECT, INSERT",
        ),
        Protect("Correction", policy=BODY_PERSON_OR_CAPABILITY),
        Protect("Draft", policy=BODY_PERSON_OR_CAPABILITY, worker="SELECT, DELETE"),
        Protect("Document", policy=BODY_PERSON_OR_CAPABILITY, worker="SELECT, UPDATE"),
        Protect("Note", policy=BODY, app="SELECT, INSERT"),
        *(
            BindToBody(model, column="application_id", to="applications_application")
            for model in OF_APPLICATION
        ),
        *(
            BindToBody(model, column="offering_id", to="procedures_offering")
            for model in ("Application", "Draft")
        ),
        BindToBody(
            "Application", column="department_id", to="organizations_department"
        ),
        BindToBody("Draft", column="correction_id", to="applications_correction"),
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE applications_number;"),
        migrations.RunSQL(
            IMMUTABLE,
            "DROP TRIGGER immutable ON applications_formrevision;"
            "DROP TRIGGER immutable ON applications_applicationversion;"
            "DROP FUNCTION applications_forbid();",
        ),
    )
