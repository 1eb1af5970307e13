"""What is published anyone reads; only its body writes it."""

from django.db import migrations

from foundation.tenancy.operations import BindToBody, Protect
from foundation.tenancy.policies import PUBLIC_WHEN_PUBLISHED


class Migration(migrations.Migration):
    dependencies = (
        ("procedures", "0001_initial"),
        ("organizations", "0002_protect"),
    )
    operations = (
        # Municipalities offer the prefecture's procedures: the key is the id alone.
        Protect("Procedure", policy=PUBLIC_WHEN_PUBLISHED, keyed_by_body=False),
        Protect("Offering", policy=PUBLIC_WHEN_PUBLISHED),
        BindToBody("Offering", column="department_id", to="organizations_department"),
    )
