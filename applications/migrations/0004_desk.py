"""Let the desk list and search a million cases by index alone."""

import datetime

from django.db import migrations, models
from django.db.models.functions import Coalesce

# All pairs of neighbouring characters of a name: Japanese names are searched by two
# characters, which no trigram index can. Below row-level security the index serves only
# where kochi_portal/bootstrap_database.sql has marked `@>` as leakproof.
PAIRS = """
CREATE FUNCTION applications_bigrams(text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(
        SELECT DISTINCT substr($1, n, 2) FROM generate_series(1, length($1) - 1) AS n
    );
ALTER TABLE applications_application ADD COLUMN applicant_grams text[]
    GENERATED ALWAYS AS (applications_bigrams(applicant_key)) STORED;
CREATE INDEX application_by_name ON applications_application
    USING gin (organization_id, applicant_grams);
"""
NO_PAIRS = """
DROP INDEX application_by_name;
ALTER TABLE applications_application DROP COLUMN applicant_grams;
DROP FUNCTION applications_bigrams(text);
"""


class Migration(migrations.Migration):
    dependencies = (("applications", "0003_submission"),)
    operations = (
        migrations.AddIndex(
            "application",
            models.Index(
                models.F("organization"),
                Coalesce("due_on", models.Value(datetime.date(9999, 12, 31))),
                models.F("id"),
                condition=models.Q(
                    state__in=frozenset({"accepted", "filed", "returned"})
                ),
                name="application_to_do",
            ),
        ),
        migrations.AddIndex(
            "application",
            models.Index(
                fields=["organization", "-filed_at", "-id"],
                name="application_by_filing",
            ),
        ),
        migrations.RunSQL(PAIRS, NO_PAIRS),
    )
