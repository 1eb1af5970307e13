"""Bodies are read by all; departments and members are changed by their body."""

from django.db import migrations

from foundation.tenancy.operations import BindToBody, GrantWorker, Protect
from foundation.tenancy.policies import BODY_PERSON_OR_CAPABILITY, PUBLIC


class Migration(migrations.Migration):
    dependencies = (("organizations", "0001_initial"),)
    operations = (
        GrantWorker("Organization", rights="SELECT", app="SELECT"),
        Protect("Department", policy=PUBLIC, worker="SELECT"),
        BindToBody("Department", column="successor_id", to="organizations_department"),
        Protect("Membership", policy=PUBLIC),
        BindToBody("Membership", column="department_id", to="organizations_department"),
        Protect(
            "ApiToken",
            policy=BODY_PERSON_OR_CAPABILITY,
            app="SELECT, INSERT, UPDATE",
            keyed_by_body=False,
        ),
    )
