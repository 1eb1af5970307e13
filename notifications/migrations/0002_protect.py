"""Messages are queued by the body's tasks and sent by the worker."""

from django.db import migrations

from foundation.tenancy.operations import Protect
from foundation.tenancy.policies import BODY


class Migration(migrations.Migration):
    dependencies = (("notifications", "0001_initial"),)
    operations = (Protect("Message", policy=BODY, worker="SELECT, UPDATE"),)
