"""A person is seen by itself only."""

from django.db import migrations

from foundation.tenancy.operations import Protect
from foundation.tenancy.policies import PERSON


class Migration(migrations.Migration):
    dependencies = (("accounts", "0001_initial"),)
    operations = (
        Protect(
            "Person",
            policy=PERSON,
            app="SELECT, INSERT, UPDATE",
            keyed_by_body=False,
        ),
    )
